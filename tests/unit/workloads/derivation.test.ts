import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { statusOf } from '../../../lib/kubernetes/status/statusOf'
import { insightsAt } from '../../../lib/query/workloads/insightItems'
import type { ChangeInput, TrackedRow, WorkloadStepRow } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { openWorkloadRecord, type WorkloadRecord } from '../../support/workloadRecord'
import { change, deployment, type Made, node, pod, replicaSet, running, timeOf, waiting } from './madeObjects'

/** What is derived of histories that tests make up. */

let record: WorkloadRecord | null = null
afterEach(async () => {
  await record?.close()
  record = null
})

async function derived(changes: readonly ChangeInput[]): Promise<WorkloadRecord> {
  record = await openWorkloadRecord()
  await record.append(changes)
  await record.derive()
  return record
}

async function tracked({ reader, cluster }: WorkloadRecord, at: number, name = 'web'): Promise<TrackedRow | undefined> {
  return (await reader.trackedAt(cluster, 1, BigInt(at), 'workload')).find((row) => row.name === name)
}

async function stepsOf({ reader, cluster }: WorkloadRecord, keyId: number): Promise<WorkloadStepRow[]> {
  return reader.workloadSteps(cluster, 1, keyId, { from: 0n, to: 1_000_000n, limit: 100_000 })
}

async function remarksAt(of: WorkloadRecord, revision: number, atMs = timeOf(revision), name = 'web') {
  const row = await tracked(of, revision, name)
  return insightsAt(row?.step.insights ?? [], atMs).map(({ kind, count, detail }) => [kind, count, detail])
}

const webSet = replicaSet('web-1', 'web')
const up = deployment('web', { generation: 1, replicas: 2, ready: 2 })

describe('series', () => {
  interface Live {
    made: Made
    revision: number
  }

  it('equal a plain model, whatever was written in which order', async () => {
    const random = seededRandom(77)
    const pick = (n: number) => Math.floor(random() * n)
    const names = ['a', 'b', 'c', 'd']
    const live = new Map<string, Live>()
    const model = new Map<string, object[]>()
    const changes: ChangeInput[] = []
    for (let revision = 1; revision <= 1_500; revision++) {
      const name = names[pick(names.length)] ?? ''
      const before = live.get(name)
      const steps = model.get(name) ?? []
      model.set(name, steps)
      if (before !== undefined && pick(12) === 0) {
        live.delete(name)
        changes.push(change(revision, 'deployments', null, name))
        steps.push({ revision: BigInt(revision), status: 'gone' })
        continue
      }
      const last = before?.made.metadata.generation ?? 0
      const made = deployment(name, {
        generation: last + pick(2),
        observed: last,
        replicas: pick(3),
        ready: pick(3),
        deadline: pick(15) === 0,
      })
      made.metadata.uid = `uid-${name}-${before === undefined ? revision : before.made.metadata.uid.split('-')[2]}`
      live.set(name, { made, revision })
      const op = before === undefined ? ('create' as const) : ('update' as const)
      changes.push(change(revision, 'deployments', made, name, { op }))
      const { status, reason } = statusOf(made, timeOf(revision))
      const {
        spec,
        status: own,
        metadata,
      } = made as unknown as {
        spec: { replicas: number }
        status: { observedGeneration: number; readyReplicas: number; replicas: number }
        metadata: { generation: number }
      }
      const step = {
        status,
        reason,
        generation: metadata.generation,
        observedGeneration: own.observedGeneration,
        desired: spec.replicas,
        current: own.replicas,
        updated: own.replicas,
        ready: own.readyReplicas,
        available: own.readyReplicas,
      }
      const { revision: _, ...held } = { revision: 0, ...steps.at(-1) }
      if (JSON.stringify(held) !== JSON.stringify(step)) steps.push({ revision: BigInt(revision), ...step })
    }
    const of = await derived(changes)
    for (const name of names) {
      const found = await of.reader.findTracked(of.cluster, 1, {
        kind: 'Deployment',
        group: 'apps',
        namespace: 'shop',
        name,
      })
      const stored = await stepsOf(of, found?.keyId ?? -1)
      const told = stored.map(({ keyId: _k, atMs: _a, sinceMs: _s, insights: _i, ...step }) =>
        step.status === 'gone' ? { revision: step.revision, status: step.status } : step,
      )
      expect(told).toEqual(model.get(name))
      expect(stored.length).toBeGreaterThan(100)
      // Since when: back over steps of the same status.
      for (const [at, step] of stored.entries()) {
        let first = at
        while (first > 0 && stored[first - 1]?.status === step.status) first--
        expect(step.sinceMs).toBe(stored[first]?.atMs)
      }
    }
  })

  it('of all objects of one transaction are one step each', async () => {
    const of = await derived([
      change(1, 'deployments', up, 'web', { op: 'create' }),
      change(2, 'deployments', deployment('web', { generation: 2, observed: 1, replicas: 3, ready: 2 }), 'web'),
      change(2, 'deployments', deployment('api', { generation: 1, replicas: 1, ready: 1 }), 'api', {
        op: 'create',
        ordinal: 1,
      }),
    ])
    expect((await tracked(of, 2))?.step.desired).toBe(3)
    expect((await tracked(of, 1, 'api'))?.step).toBeUndefined()
    expect((await tracked(of, 2, 'api'))?.step.desired).toBe(1)
  })
})

describe('a gap of the record', () => {
  it('breaks every series: nothing is said within it, and behind it everything begins anew', async () => {
    const of = await derived([
      change(1, 'deployments', up, 'web', { op: 'create' }),
      change(2, 'deployments', deployment('gone', { generation: 1, replicas: 1, ready: 1 }), 'gone', { op: 'create' }),
      change(
        3,
        'deployments',
        deployment('web', { generation: 2, observed: 1, replicas: 2, ready: 2, image: 'app:2' }),
        'web',
      ),
    ])
    const { writer, cluster, ownership } = of
    const converged = deployment('web', { generation: 2, replicas: 2, ready: 2, image: 'app:2' })
    await writer.appendResync({
      cluster,
      epoch: 1,
      ownership,
      changes: [
        change(15, 'deployments', converged, 'web', { origin: 'resync' }),
        change(20, 'deployments', null, 'gone', { origin: 'resync' }),
      ],
    })
    const gap = { fromRevision: 4n, toRevision: 20n, reason: 'compacted', atMs: timeOf(20) }
    await writer.finishResync(cluster, 1, ownership, { through: 20n, gap })
    await of.append([
      change(21, 'deployments', deployment('web', { generation: 3, observed: 2, replicas: 1, ready: 2 }), 'web'),
    ])
    await of.derive()

    const web = await tracked(of, 21)
    const steps = await stepsOf(of, web?.keyId ?? -1)
    expect(steps.map(({ revision, status }) => [Number(revision), status])).toEqual([
      [1, 'Current'],
      [3, 'InProgress'],
      [4, 'unrecorded'],
      [20, 'Current'],
      [21, 'InProgress'],
    ])
    expect(steps[3]?.sinceMs).toBe(timeOf(20))
    expect(await tracked(of, 10)).toBeUndefined()
    expect(await tracked(of, 21, 'gone')).toBeUndefined()

    const rollouts = await of.reader.rollouts(cluster, 1, [web?.keyId ?? -1], 100n)
    // That it converged is known; how long it took is not.
    expect(
      rollouts.map(({ outcome, endedRevision, convergedMs }) => [outcome, Number(endedRevision ?? 0), convergedMs]),
    ).toEqual([
      ['converged', 1, 0],
      ['converged', 20, null],
      ['in-progress', 0, null],
    ])
  })

  it('before the record begins leaves the templates known: going back to one is a rollback', async () => {
    record = await openWorkloadRecord()
    const { writer, cluster, ownership } = record
    await writer.appendResync({
      cluster,
      epoch: 1,
      ownership,
      changes: [change(5, 'deployments', up, 'web', { origin: 'resync' })],
    })
    const gap = { fromRevision: 1n, toRevision: 9n, reason: 'compacted before', atMs: timeOf(9) }
    await writer.finishResync(cluster, 1, ownership, { through: 9n, gap })
    await record.append([
      change(
        10,
        'deployments',
        deployment('web', { generation: 2, observed: 1, replicas: 2, ready: 2, image: 'app:2' }),
        'web',
      ),
      change(
        11,
        'deployments',
        deployment('web', { generation: 3, observed: 1, replicas: 2, ready: 2, image: 'app:1' }),
        'web',
      ),
    ])
    await record.derive()
    const web = await tracked(record, 11)
    const rollouts = (await record.reader.rollouts(cluster, 1, [web?.keyId ?? -1], 100n)).filter(
      ({ cause }) => cause !== 'baseline',
    )
    expect(rollouts.map(({ cause, outcome }) => [cause, outcome])).toEqual([
      ['template', 'rolled-back'],
      ['rollback', 'in-progress'],
    ])
  })
})

describe('what retention removed before it was read', () => {
  it('is like a gap: a derivation that begins anew begins at the horizon', async () => {
    record = await openWorkloadRecord()
    await record.append([
      change(1, 'deployments', up, 'web', { op: 'create' }),
      change(9, 'deployments', deployment('web', { generation: 2, observed: 1, replicas: 2, ready: 2 }), 'web'),
      change(12, 'deployments', deployment('web', { generation: 2, replicas: 2, ready: 2 }), 'web'),
    ])
    const db = new Database(record.databaseUrl.slice('file:'.length))
    db.prepare('INSERT INTO horizon (epoch_id, class, revision, at_ms) VALUES (1, 1, 10, ?)').run(timeOf(10))
    db.close()
    await record.derive()
    const web = await tracked(record, 12)
    const steps = await stepsOf(record, web?.keyId ?? -1)
    expect(steps.map(({ revision, status, sinceMs }) => [Number(revision), status, sinceMs])).toEqual([
      [10, 'InProgress', timeOf(10)],
      [12, 'Current', timeOf(12)],
    ])
  })
})

describe('rollouts', () => {
  const version = (generation: number, more: Partial<Parameters<typeof deployment>[1]> = {}) =>
    deployment('web', { generation, observed: generation - 1, replicas: 2, ready: 2, ...more })
  const done = (generation: number, more = {}) => version(generation, { observed: generation, ...more })

  it.each<[string, Made[], [string, string, number | null][]]>([
    [
      'a scale that converges',
      [done(1), version(2, { replicas: 3 }), done(2, { replicas: 3, ready: 3 })],
      [
        ['create', 'converged', 0],
        ['scale', 'converged', 1000],
      ],
    ],
    [
      'a pause is neither',
      [done(1), version(2, { paused: true }), done(2, { paused: true })],
      [
        ['create', 'converged', 0],
        ['other', 'converged', 1000],
      ],
    ],
    [
      'template and replicas together are a template',
      [done(1), version(2, { image: 'b', replicas: 5 })],
      [
        ['create', 'converged', 0],
        ['template', 'in-progress', null],
      ],
    ],
    [
      'a third template supersedes',
      [done(1), version(2, { image: 'b' }), version(3, { image: 'c' })],
      [
        ['create', 'converged', 0],
        ['template', 'superseded', null],
        ['template', 'in-progress', null],
      ],
    ],
    [
      'going back rolls back',
      [done(1), version(2, { image: 'b' }), version(3)],
      [
        ['create', 'converged', 0],
        ['template', 'rolled-back', null],
        ['rollback', 'in-progress', null],
      ],
    ],
    [
      'the deadline fails it, and what comes later does not mend it',
      [done(1), version(2, { image: 'b' }), done(2, { image: 'b', deadline: true }), done(2, { image: 'b' })],
      [
        ['create', 'converged', 0],
        ['template', 'failed', null],
      ],
    ],
    ['a write of status alone is none', [done(1), done(1, { ready: 1 }), done(1)], [['create', 'converged', 0]]],
  ])('%s', async (_, versions, expected) => {
    const of = await derived(
      versions.map((made, at) => change(at + 1, 'deployments', made, 'web', at === 0 ? { op: 'create' } : {})),
    )
    const web = await tracked(of, versions.length)
    const rows = await of.reader.rollouts(of.cluster, 1, [web?.keyId ?? -1], 100n)
    expect(rows.map(({ cause, outcome, convergedMs }) => [cause, outcome, convergedMs])).toEqual(expected)
  })

  it('a deletion ends it', async () => {
    const of = await derived([
      change(1, 'deployments', done(1), 'web', { op: 'create' }),
      change(2, 'deployments', version(2, { image: 'b' }), 'web'),
      change(3, 'deployments', null, 'web'),
    ])
    const found = await of.reader.findTracked(of.cluster, 1, {
      kind: 'Deployment',
      group: null,
      namespace: 'shop',
      name: 'web',
    })
    const rows = await of.reader.rollouts(of.cluster, 1, [found?.keyId ?? -1], 100n)
    expect(rows.at(-1)).toMatchObject({ outcome: 'deleted', endedRevision: 3n })
  })

  it('counts the Pods that it replaced, not those that it made', async () => {
    const of = await derived([
      change(1, 'deployments', done(1), 'web', { op: 'create' }),
      change(2, 'replicasets', webSet, 'web-1', { op: 'create' }),
      change(3, 'pods', pod('web-1-x', 'web-1', running(true, 3)), 'web-1-x', { op: 'create' }),
      change(4, 'deployments', version(2, { image: 'b' }), 'web'),
      change(5, 'pods', pod('web-1-y', 'web-1', running(true, 5)), 'web-1-y', { op: 'create' }),
      change(6, 'pods', null, 'web-1-x'),
      change(7, 'pods', null, 'web-1-y'),
      change(8, 'deployments', done(2, { image: 'b' }), 'web'),
    ])
    const web = await tracked(of, 8)
    const rows = await of.reader.rollouts(of.cluster, 1, [web?.keyId ?? -1], 100n)
    expect(rows.at(-1)).toMatchObject({ replacedAt: [6n], outcome: 'converged', convergedMs: 4000 })
  })
})

describe('remarks', () => {
  const base = [
    change(1, 'nodes', node('node-1', true), 'node-1', { op: 'create' }),
    change(2, 'deployments', up, 'web', { op: 'create' }),
    change(3, 'replicasets', webSet, 'web-1', { op: 'create' }),
  ]

  it('name why Pods fail, at the workload that they work for, until they no longer do', async () => {
    const of = await derived([
      ...base,
      change(4, 'pods', pod('web-1-x', 'web-1', waiting('ErrImagePull')), 'web-1-x', { op: 'create' }),
      change(5, 'pods', pod('web-1-y', 'web-1', waiting('ImagePullBackOff')), 'web-1-y', { op: 'create' }),
      change(6, 'pods', pod('web-1-x', 'web-1', waiting('CrashLoopBackOff')), 'web-1-x'),
      change(7, 'pods', null, 'web-1-y'),
      change(8, 'pods', pod('web-1-x', 'web-1', running(true, 8)), 'web-1-x'),
    ])
    expect(await remarksAt(of, 3)).toEqual([])
    expect(await remarksAt(of, 4)).toEqual([['PodsImage', 1, 'ErrImagePull, app:2']])
    expect(await remarksAt(of, 5)).toEqual([['PodsImage', 2, 'ErrImagePull, app:2']])
    expect((await remarksAt(of, 6)).map(([kind, count]) => [kind, count])).toEqual([
      ['PodsImage', 1],
      ['PodsCrashing', 1],
    ])
    expect((await remarksAt(of, 7)).map(([kind]) => kind)).toEqual(['PodsCrashing'])
    expect(await remarksAt(of, 8)).toEqual([])
  })

  it('that time alone brings hold from their time on, not before, and need no change of the workload', async () => {
    const of = await derived([
      ...base,
      change(4, 'pods', pod('web-1-x', 'web-1', running(false, 4)), 'web-1-x', { op: 'create' }),
      // Something else, long after.
      change(100, 'deployments', deployment('api', { generation: 1, replicas: 1, ready: 1 }), 'api', { op: 'create' }),
    ])
    expect(await remarksAt(of, 4)).toEqual([])
    expect(await remarksAt(of, 4, timeOf(4 + 59))).toEqual([])
    expect(await remarksAt(of, 4, timeOf(4 + 60))).toEqual([['PodsNotReady', 1, 'NotReady, not ready: app']])
    expect(await remarksAt(of, 100)).toEqual([['PodsNotReady', 1, 'NotReady, not ready: app']])
  })

  it('are not written for what came right in time', async () => {
    const of = await derived([
      ...base,
      change(4, 'pods', pod('web-1-x', 'web-1', running(false, 4)), 'web-1-x', { op: 'create' }),
      change(40, 'pods', pod('web-1-x', 'web-1', running(true, 40)), 'web-1-x'),
      change(200, 'deployments', deployment('api', { generation: 1, replicas: 1, ready: 1 }), 'api', { op: 'create' }),
    ])
    for (const second of [4, 64, 150, 200]) expect(await remarksAt(of, 200, timeOf(second))).toEqual([])
  })

  it('a node that is lost stands for the Pods on it, and only for those', async () => {
    const of = await derived([
      ...base,
      change(4, 'pods', pod('web-1-x', 'web-1', running(true, 4)), 'web-1-x', { op: 'create' }),
      change(5, 'pods', pod('web-1-y', 'web-1', running(true, 5), 'node-2'), 'web-1-y', { op: 'create' }),
      change(6, 'nodes', node('node-1', false), 'node-1'),
      change(7, 'nodes', node('node-1', true), 'node-1'),
    ])
    expect(await remarksAt(of, 6)).toEqual([['NodeNotReady', 1, 'node-1']])
    expect(await remarksAt(of, 7)).toEqual([])
  })

  it('a workload that leaves Current again and again flaps, for half an hour after the third time', async () => {
    const turns = Array.from({ length: 6 }, (_, at) =>
      change(
        10 + at,
        'deployments',
        deployment('web', { generation: 1, replicas: 2, ready: at % 2 === 0 ? 1 : 2 }),
        'web',
      ),
    )
    const of = await derived([...base, ...turns])
    expect(await remarksAt(of, 13)).toEqual([])
    expect((await remarksAt(of, 14)).map(([kind]) => kind)).toEqual(['Flapping'])
    expect(await remarksAt(of, 15, timeOf(10) + 1_800_000)).toEqual([])
  })
})

describe('ownership', () => {
  const at = async (of: WorkloadRecord, revision: number) =>
    (await of.reader.trackedAt(of.cluster, 1, BigInt(revision), 'workload'))
      .map(({ kind, name }) => `${kind} ${name}`)
      .sort()

  it('a Pod is listed while no workload owns it, and its lane moves with its owner', async () => {
    const of = await derived([
      change(1, 'deployments', up, 'web', { op: 'create' }),
      change(2, 'replicasets', webSet, 'web-1', { op: 'create' }),
      change(3, 'pods', pod('web-1-x', 'web-1', running(true, 3)), 'web-1-x', { op: 'create' }),
      change(4, 'pods', pod('web-1-x', null, running(true, 3)), 'web-1-x'),
      change(5, 'pods', pod('web-1-x', 'web-1', running(true, 3)), 'web-1-x'),
    ])
    expect(await at(of, 3)).toEqual(['Deployment web'])
    expect(await at(of, 4)).toEqual(['Deployment web', 'Pod web-1-x'])
    expect(await at(of, 5)).toEqual(['Deployment web'])
    const [set] = await of.reader.ownedBy(of.cluster, 1, [(await tracked(of, 5))?.keyId ?? -1], {
      from: 0n,
      to: 9n,
      limit: 10,
    })
    const lives = await of.reader.ownedBy(of.cluster, 1, [set?.keyId ?? -1], { from: 0n, to: 9n, limit: 10 })
    expect(lives.map(({ fromRevision, toRevision }) => [fromRevision, toRevision])).toEqual([
      [3n, 4n],
      [5n, null],
    ])
  })

  it('a Pod outlives its ReplicaSet and still belongs to it', async () => {
    const of = await derived([
      change(1, 'deployments', up, 'web', { op: 'create' }),
      change(2, 'replicasets', webSet, 'web-1', { op: 'create' }),
      change(3, 'pods', pod('web-1-x', 'web-1', running(true, 3)), 'web-1-x', { op: 'create' }),
      change(4, 'replicasets', null, 'web-1'),
      change(5, 'pods', null, 'web-1-x'),
    ])
    expect(await at(of, 4)).toEqual(['Deployment web'])
    const keyId = (await tracked(of, 5))?.keyId ?? -1
    const [set] = await of.reader.ownedBy(of.cluster, 1, [keyId], { from: 0n, to: 9n, limit: 10 })
    const [life] = await of.reader.ownedBy(of.cluster, 1, [set?.keyId ?? -1], { from: 0n, to: 9n, limit: 10 })
    expect([set?.toRevision, life?.toRevision]).toEqual([4n, 5n])
  })

  it('owners that own each other in a circle hold nothing up', async () => {
    const circle = (name: string, owner: string): Made => ({
      ...replicaSet(name, owner),
      metadata: {
        ...replicaSet(name, owner).metadata,
        ...{
          ownerReferences: [
            { apiVersion: 'apps/v1', kind: 'ReplicaSet', controller: true, uid: `uid-${owner}`, name: owner },
          ],
        },
      },
    })
    const of = await derived([
      change(1, 'replicasets', circle('a', 'b'), 'a', { op: 'create' }),
      change(2, 'replicasets', circle('b', 'a'), 'b', { op: 'create' }),
      change(3, 'pods', pod('x', 'a', waiting('ErrImagePull')), 'x', { op: 'create' }),
      change(4, 'replicasets', circle('a', 'a'), 'a'),
    ])
    expect(await at(of, 4)).toEqual([])
  })
})

describe('objects that are not as they should be', () => {
  const odd: [string, unknown][] = [
    ['a status without a spec', { status: { replicas: 2, readyReplicas: 2 } }],
    ['a spec of text', { spec: 'three' }],
    [
      'negative numbers',
      {
        metadata: { name: 'web', generation: -4 },
        spec: { replicas: -3 },
        status: { replicas: -1, observedGeneration: -4 },
      },
    ],
    [
      'huge numbers',
      {
        metadata: { name: 'web', generation: 9_007_199_254_740_991 },
        spec: { replicas: 9_007_199_254_740_991 },
        status: { replicas: 1e300 },
      },
    ],
    ['conditions of text', { spec: { replicas: 1 }, status: { conditions: 'all good' } }],
    ['owners that are no list', { metadata: { name: 'web', ownerReferences: 'me' } }],
    [
      'labels that are a list',
      { metadata: { name: 'web', labels: ['a'] }, spec: { template: { metadata: { labels: [1] } } } },
    ],
  ]
  it.each(odd)('a Deployment with %s is told with a status, and the next version is told again', async (_, parts) => {
    const made = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', uid: 'u' },
      ...(parts as object),
    } as Made
    const of = await derived([
      change(1, 'deployments', made, 'web', { op: 'create' }),
      change(2, 'deployments', { ...up, metadata: { ...up.metadata, uid: 'u' } }, 'web'),
    ])
    expect(['Current', 'InProgress', 'Failed', 'Unknown']).toContain((await tracked(of, 1))?.step.status)
    expect((await tracked(of, 2))?.step.status).toBe('Current')
  })

  it.each<[string, string, unknown]>([
    ['a Pod', 'pods', { status: { phase: 7, containerStatuses: [null, { state: 'x', restartCount: -2 }] } }],
    ['a Service', 'services', { spec: { selector: 'all', type: 9 } }],
    ['an EndpointSlice', 'endpointslices', { endpoints: [null, 3, { conditions: 'yes' }] }],
    ['an autoscaler', 'horizontalpodautoscalers', { spec: { scaleTargetRef: [] }, status: { conditions: {} } }],
    ['a CronJob', 'cronjobs', { spec: { schedule: '99 99 * *', timeZone: 'Mars/Olympus' }, status: { active: 4 } }],
    ['a Job', 'jobs', { spec: { suspend: 'no' }, status: { startTime: 5, completionTime: 'never' } }],
    ['a claim', 'persistentvolumeclaims', { status: { phase: {} } }],
    ['a Node', 'nodes', { status: { conditions: [{ type: 'Ready' }] } }],
    ['a custom resource', 'databases.db.acme.example', { spec: { replicas: 'many' }, status: { conditions: [7] } }],
  ])('%s of nonsense holds up nothing', async (_, resource, parts) => {
    const made = { apiVersion: 'v1', kind: 'Odd', metadata: { name: 'odd', uid: 'u' }, ...(parts as object) } as Made
    const of = await derived([
      change(1, resource, made, 'odd', { op: 'create', significance: 'spec' }),
      change(2, resource, null, 'odd'),
      change(3, 'deployments', up, 'web', { op: 'create' }),
    ])
    expect((await tracked(of, 3))?.step.status).toBe('Current')
    expect(await of.reader.derivedThrough(of.cluster, 1)).toBe(3n)
  })

  it('a version that cannot be read is Unknown with the reason, and keeps the figures before it', async () => {
    const of = await derived([
      change(1, 'deployments', up, 'web', { op: 'create' }),
      change(2, 'deployments', up, 'web', { value: Buffer.from([0x6b, 0x38, 0x73, 0x00, 0xff, 0xff]) }),
      change(3, 'deployments', up, 'web', { value: Buffer.from('k8s:enc:aescbc:v1:key:…') }),
    ])
    expect((await tracked(of, 2))?.step).toMatchObject({ status: 'Unknown', reason: 'Unreadable', desired: 2 })
    expect((await tracked(of, 3))?.step).toMatchObject({ status: 'Unknown', reason: 'Unreadable', desired: 2 })
  })
})
