import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AnswerOf } from '../../../lib/contract'
import { endpoints } from '../../../lib/contract'
import { decodeValue } from '../../../lib/kubernetes/decodedObjects'
import { statusOf } from '../../../lib/kubernetes/status/statusOf'
import { workload } from '../../../lib/query/workloads/detail'
import { workloads } from '../../../lib/query/workloads/list'
import { workloadSummary } from '../../../lib/query/workloads/summary'
import type { ChangeInput, RolloutRow } from '../../../lib/store'
import { readRecordedTimeline } from '../../support/recordedHistory'
import { openWorkloadRecord, recordedChanges, type WorkloadRecord } from '../../support/workloadRecord'

/**
 * The recorded cluster told by its record alone: what the driver did (timeline.json) is found with its start, its end
 * and what became of it, and a plain model over each object's versions says the same.
 */

let record: WorkloadRecord
let changes: ChangeInput[]
beforeAll(async () => {
  record = await openWorkloadRecord()
  changes = recordedChanges()
  await record.append(changes)
  await record.derive()
}, 60_000)
afterAll(() => record.close())

const resources: Readonly<Record<string, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  ReplicaSet: 'replicasets',
}
const scope = () => ({ reader: record.reader, nowMs: Date.now(), version: 'test' })

async function rolloutsOf(kind: string, namespace: string, name: string): Promise<RolloutRow[]> {
  const found = await record.reader.findTracked(record.cluster, 1, { kind, group: null, namespace, name })
  if (found === null) throw new Error(`no ${kind} ${namespace}/${name}`)
  const rows = await record.reader.rollouts(record.cluster, 1, [found.keyId], 1_000_000n)
  return rows.filter(({ cause }) => cause !== 'baseline' && cause !== 'run')
}

async function detailOf(kind: string, namespace: string, name: string, query: Record<string, string> = {}) {
  const input = { cluster: 'prod', kind, namespace, name, ...endpoints.workload.query.parse(query) }
  return endpoints.workload.answer.parse(await workload(scope(), input))
}

async function listAt(query: Record<string, string>): Promise<AnswerOf<'workloads'>> {
  const input = { cluster: 'prod', ...endpoints.workloads.query.parse(query) }
  return endpoints.workloads.answer.parse(await workloads(scope(), input))
}

describe('rollouts', () => {
  interface Plain {
    from: bigint
    outcome: string
    end: bigint | null
  }

  /** Version after version: a change of generation begins, the first of Current, Failed, the next, deletion ends. */
  function plainRollouts(key: string): Plain[] {
    const found: Plain[] = []
    let generation: unknown = null
    let open: Plain | null = null
    const end = (outcome: string, revision: bigint) => {
      if (open !== null) Object.assign(open, { outcome, end: revision })
      open = null
    }
    for (const change of changes) {
      if (Buffer.from(change.key).toString() !== key) continue
      const object = change.value === null ? null : decodeValue(change.value).object
      if (object === null) {
        end('deleted', change.revision)
        generation = null
        continue
      }
      const now = (object.metadata as { generation?: number }).generation
      if (now !== generation) {
        end('superseded', change.revision)
        open = { from: change.revision, outcome: 'in-progress', end: null }
        found.push(open)
      }
      generation = now
      const { status } = statusOf(object, change.atMs)
      if (status === 'Current') end('converged', change.revision)
      if (status === 'Failed') end('failed', change.revision)
    }
    return found
  }

  it('of every workload equal a plain model over its versions', async () => {
    const tracked = await Promise.all(
      [4_000n, 9_400n, 12_001n].map((at) => record.reader.trackedAt(record.cluster, 1, at, 'workload')),
    )
    const seen = new Map(tracked.flat().map((row) => [row.keyId, row]))
    let compared = 0
    for (const { kind, namespace, name, key } of seen.values()) {
      if (resources[kind] === undefined || namespace === null || name === null) continue
      const stored = await rolloutsOf(kind, namespace, name)
      const plain = plainRollouts(Buffer.from(key).toString())
      const told = stored.map(({ fromRevision, outcome, endedRevision }) => ({
        from: fromRevision,
        // The model knows no templates: going back to an earlier one is being superseded.
        outcome: outcome === 'rolled-back' ? 'superseded' : outcome,
        end: endedRevision,
      }))
      expect(told, `${kind} ${namespace}/${name}`).toEqual(plain)
      compared += plain.length
    }
    expect(compared).toBeGreaterThan(70)
  })

  it('each scale, new image, restart, pause and undo of the driver begins one, with its cause', async () => {
    const causes: Readonly<Record<string, string>> = {
      scale: 'scale',
      'set image': 'template',
      'set env': 'template',
      'rollout restart': 'template',
      'rollout undo': 'rollback',
      'rollout pause': 'other',
      'rollout resume': 'other',
    }
    const done = readRecordedTimeline().filter(({ action, kind }) => causes[action] && resources[kind])
    expect(done.length).toBeGreaterThan(30)
    for (const { action, kind, namespace, name, resourceVersionAfter, t } of done) {
      const begun = (await rolloutsOf(kind, namespace, name)).find(
        ({ fromRevision }) => String(fromRevision) === resourceVersionAfter,
      )
      expect(begun?.cause, `${action} ${kind} ${namespace}/${name} at ${t}`).toBe(causes[action])
    }
  })

  it('the image that does not exist failed at its deadline, and the undo converged', async () => {
    const { rollouts } = await detailOf('Deployment', 'shop-prod', 'api')
    const broken = rollouts.find(({ fromRevision }) => fromRevision === '2443')
    expect(broken).toMatchObject({
      outcome: 'failed',
      cause: 'template',
      manager: 'kubectl-set',
      startedAt: '2026-11-22T11:53:36.596Z',
      endedRevision: '3116',
      convergedMs: null,
      summary: expect.stringContaining('2.4.0-broken'),
    })
    expect(broken?.failures.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['ErrImagePull', 'ImagePullBackOff', 'ProgressDeadlineExceeded']),
    )
    const undo = rollouts.find(({ fromRevision }) => fromRevision === '3155')
    expect(undo).toMatchObject({ outcome: 'converged', cause: 'rollback', manager: 'kubectl', endedRevision: '3229' })
    expect(undo?.ratio).toBeCloseTo((undo?.convergedMs ?? 0) / (undo?.usualMs ?? 1), 6)
  })

  it('the release that crashed was rolled back before its deadline, and its Pods were replaced', async () => {
    const { rollouts } = await detailOf('Deployment', 'shop-prod', 'api')
    const [back, crashing] = ['9690', '8936'].map((from) => rollouts.find((one) => one.fromRevision === from))
    expect(crashing).toMatchObject({ outcome: 'rolled-back', manager: 'helm', endedRevision: '9690' })
    expect(crashing?.podsReplaced).toBeGreaterThan(0)
    expect(crashing?.failures.some(({ reason }) => reason === 'CrashLoopBackOff')).toBe(true)
    expect(back).toMatchObject({ outcome: 'converged', cause: 'rollback', manager: 'helm' })
  })

  it('a quota that refuses Pods is a failure on the way', async () => {
    const { rollouts } = await detailOf('Deployment', 'shop-staging', 'worker')
    const refused = rollouts.find(({ fromRevision }) => fromRevision === '10410')
    expect(refused?.cause).toBe('scale')
    expect(refused?.failures[0]).toMatchObject({ object: 'worker', reason: 'FailedCreate' })
  })
})

describe('the node that failed', () => {
  const node = 'ip-10-20-2-21.eu-west-1.compute.internal'

  it('is not ready from when the node controller said so until the kubelet was back', async () => {
    const lanes = await record.reader.statusSteps(record.cluster, 1, 'node', { from: 0n, to: 12_001n })
    const steps = lanes.find(({ name }) => name === node)?.steps ?? []
    const away = steps
      .filter(({ atMs }) => atMs > Date.parse('2026-11-22T11:56:00Z'))
      .map(({ status, reason }) => [status, reason])
    expect(away).toEqual([
      ['InProgress', 'NodeStatusUnknown'],
      ['Current', null],
    ])
  })

  it('shows at every workload that ran on it while it was away, and nowhere after', async () => {
    const during = await listAt({ at: '2026-11-22T11:57:00Z', insight: 'true' })
    const hit = during.items.filter(({ insights }) => insights.some(({ kind }) => kind === 'NodeNotReady'))
    expect(hit.length).toBeGreaterThan(2)
    for (const { insights } of hit) {
      expect(insights.find(({ kind }) => kind === 'NodeNotReady')?.message).toContain(node)
    }
    const after = await listAt({ at: '2026-11-22T12:00:00Z' })
    expect(after.items.flatMap(({ insights }) => insights).filter(({ kind }) => kind === 'NodeNotReady')).toEqual([])
  })
})

describe('the list at a moment', () => {
  it('says of each workload what kstatus says of its version then', async () => {
    for (const at of ['800', '2600', '5800', '9400', '12001']) {
      const { items, counts } = await listAt({ at, limit: '1000' })
      expect(counts.total).toBe(items.length)
      for (const item of items) {
        const stored = await record.reader.valueAt(record.cluster, 1, Buffer.from(item.key), BigInt(at))
        const object = stored?.value ? decodeValue(stored.value).object : null
        if (stored === null || object === null) throw new Error(`${item.key} is listed but not there`)
        const { status, reason, message } = statusOf(object, stored.atMs)
        expect([item.status, item.reason, item.message], item.key).toEqual([status, reason, message])
      }
    }
  })

  it('lists what the contract names: no Pod, Job or ReplicaSet that a workload owns', async () => {
    const { items } = await listAt({ at: '12001', limit: '1000' })
    expect(items.filter(({ kind, owner }) => ['Pod', 'Job', 'ReplicaSet'].includes(kind) && owner !== null)).toEqual([])
    expect(new Set(items.map(({ kind }) => kind))).toEqual(
      new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod', 'Database']),
    )
  })

  it('puts first what needs somebody, and pages through everything once', async () => {
    const whole = await listAt({ at: '12001', limit: '1000' })
    const bad = whole.items.findIndex(({ status }) => status === 'Current')
    expect(whole.items.slice(bad).every(({ status }) => status === 'Current')).toBe(true)
    const paged: string[] = []
    for (let cursor: string | null = null; ; ) {
      const page: AnswerOf<'workloads'> = await listAt({
        at: '12001',
        limit: '7',
        ...(cursor === null ? {} : { cursor }),
      })
      paged.push(...page.items.map(({ key }) => key))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(paged).toEqual(whole.items.map(({ key }) => key))
  })

  it.each<[Record<string, string>, (item: AnswerOf<'workloads'>['items'][number]) => boolean]>([
    [{ kind: 'deployment,cronjob' }, ({ kind }) => kind === 'Deployment' || kind === 'CronJob'],
    [{ namespace: 'shop-prod' }, ({ namespace }) => namespace === 'shop-prod'],
    [{ namespace: '-batch' }, ({ namespace }) => namespace !== 'batch'],
    [{ status: 'notCurrent' }, ({ status }) => status !== 'Current'],
    [{ status: 'Failed' }, ({ status }) => status === 'Failed'],
    [{ q: 'PROGRESSDEADLINE' }, ({ reason }) => reason === 'ProgressDeadlineExceeded'],
  ])('filters by %o', async (query, fits) => {
    const whole = await listAt({ at: '12001', limit: '1000' })
    const { items } = await listAt({ at: '12001', limit: '1000', ...query })
    expect(items.map(({ key }) => key)).toEqual(whole.items.filter(fits).map(({ key }) => key))
    expect(items.length).toBeGreaterThan(0)
  })

  it('refuses a status that does not exist, naming the parameter', async () => {
    await expect(listAt({ status: 'Happy' })).rejects.toMatchObject({ code: 'BAD_REQUEST', subject: 'status' })
  })
})

describe('one workload', () => {
  it('has as its steps what each of its versions says, and nothing between', async () => {
    const { timeline, key } = await detailOf('Deployment', 'shop-prod', 'web')
    const versions = changes.filter((change) => Buffer.from(change.key).toString() === key && change.value !== null)
    const plain: object[] = []
    for (const change of versions) {
      const object = decodeValue(change.value ?? new Uint8Array()).object ?? {}
      const { spec = {}, status: own = {} } = object as {
        spec?: Record<string, number>
        status?: Record<string, number>
      }
      const { status, reason } = statusOf(object, change.atMs)
      const step = {
        desired: spec.replicas ?? 1,
        current: own.replicas ?? 0,
        updated: own.updatedReplicas ?? 0,
        ready: own.readyReplicas ?? 0,
        available: own.availableReplicas ?? 0,
        status,
        reason,
        generation: String((object.metadata as { generation: number }).generation),
        observedGeneration: own.observedGeneration === undefined ? null : String(own.observedGeneration),
      }
      const { revision: _r, at: _a, ...last } = { revision: 0, at: 0, ...plain.at(-1) }
      if (JSON.stringify(last) !== JSON.stringify(step)) {
        plain.push({ revision: String(change.revision), at: new Date(change.atMs).toISOString(), ...step })
      }
    }
    expect(timeline).toEqual(plain)
  })

  it('keeps the lanes of Pods that are long gone, each with its ReplicaSet, its node and its phases', async () => {
    const { pods, podsTotal, ownership } = await detailOf('Deployment', 'shop-prod', 'web')
    const made = new Set(
      changes.flatMap(({ key, op }) => {
        const text = Buffer.from(key).toString()
        return op === 'create' && /^\/registry\/pods\/shop-prod\/web-[a-z0-9]+-[a-z0-9]+$/.test(text) ? [text] : []
      }),
    )
    const canaries = [...made].filter((key) => key.includes('/web-canary-'))
    expect(podsTotal).toBe(made.size - canaries.length)
    expect(pods.every(({ owner }) => owner?.kind === 'ReplicaSet')).toBe(true)
    expect(pods.filter(({ to }) => to !== null).length).toBeGreaterThan(50)
    expect(
      ownership.filter(({ relation, kind }) => relation === 'owned' && kind === 'ReplicaSet').length,
    ).toBeGreaterThan(3)
    for (const { stretches, from, to } of pods) {
      expect(stretches[0]?.from).toBe(from)
      expect(stretches.at(-1)?.to).toBe(to)
    }
  })

  it('tells its autoscaler, its Service, its configuration and the events about it', async () => {
    const api = await detailOf('Deployment', 'shop-prod', 'api')
    expect(api.autoscaler).toMatchObject({ name: 'api', min: 3, max: 20, blind: true })
    expect(api.services.map(({ name }) => name)).toEqual(['api'])
    const relations = new Set(api.ownership.map(({ relation, kind }) => `${relation} ${kind}`))
    for (const one of [
      'service Service',
      'endpoints EndpointSlice',
      'autoscaler HorizontalPodAutoscaler',
      'node Node',
    ]) {
      expect(relations).toContain(one)
    }
    const postgres = await detailOf('StatefulSet', 'data', 'postgres')
    expect(postgres.volumes.length).toBe(3)
    expect(postgres.volumes.every(({ status, pods }) => status === 'Current' && pods.length === 1)).toBe(true)
    expect(api.config.length).toBeGreaterThan(0)
    expect(
      api.events.some(({ reason, regarding }) => reason === 'ScalingReplicaSet' && regarding.kind === 'Deployment'),
    ).toBe(true)
    const database = await detailOf('StatefulSet', 'shop-prod', 'db-orders')
    expect(database.ownership[0]).toMatchObject({ relation: 'owner', kind: 'Database', name: 'orders' })
  })

  it('that is deleted is still told, with when it was', async () => {
    const canary = await detailOf('Deployment', 'shop-prod', 'web-canary')
    expect(canary.current).toBeNull()
    expect(canary.deletedAt).toMatch(/^2026-11-22T12:01:3/)
    expect(canary.timeline.at(-1)).toMatchObject({ desired: null, reason: 'Deleted' })
    expect(canary.rollouts.length).toBeGreaterThan(1)
  })

  it('that never was is not found', async () => {
    await expect(detailOf('Deployment', 'shop-prod', 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('says which change took the last ready endpoint away', async () => {
    const grafana = await detailOf('Deployment', 'monitoring', 'grafana')
    const emptied = grafana.services.flatMap((service) => service.emptied)
    expect(emptied.length).toBeGreaterThan(0)
    for (const { key, cause } of emptied) {
      expect(key).toMatch(/^\/registry\/endpointslices\/monitoring\/grafana-/)
      expect(cause?.key).toMatch(/^\/registry\/pods\/monitoring\/grafana-/)
    }
  })
})

describe('the summary', () => {
  it('counts at every point what the list counts then', async () => {
    const input = { cluster: 'prod', ...endpoints.workloadSummary.query.parse({ from: '2026-11-22T11:50:00Z' }) }
    const { cluster, groups } = endpoints.workloadSummary.answer.parse(await workloadSummary(scope(), input))
    for (const at of [2_600, 5_800, 9_400, 11_000]) {
      const atMs = changes.findLast(({ revision }) => revision <= BigInt(at))?.atMs ?? 0
      const { counts } = await listAt({ at: new Date(atMs).toISOString() })
      const heightOf = (points: readonly (readonly [number, number | null])[]) =>
        points.findLast(([t]) => t <= atMs)?.[1] ?? 0
      expect(heightOf(cluster.notCurrent)).toBe(counts.total - counts.Current)
      expect(groups.reduce((sum, group) => sum + heightOf(group.notCurrent), 0)).toBe(counts.total - counts.Current)
    }
    expect(cluster.outcomes['rolled-back']).toBe(1)
    expect(cluster.converge.count).toBe(cluster.outcomes.converged)
  })
})
