import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type EndpointName, endpoints } from '../../../lib/contract'
import { provideServing } from '../../../lib/query/serving'
import type { ClusterRef, Ownership, RecordWriter } from '../../../lib/store'
import { fakeOperator, noChannels } from '../../support/fakeOperator'
import { openTemporaryStore, scenario, startMs } from './recordedStore'
import { ask } from './routes'

/** The whole way from a real database to the JSON, each answer held against its own schema. */

let writer: RecordWriter
let prod: ClusterRef
let owner: Ownership
const undo: (() => Promise<void> | void)[] = []

beforeAll(async () => {
  const store = await openTemporaryStore()
  writer = store.writer
  prod = await writer.ensureCluster('prod', 'etcd', false)
  const ownership = await writer.acquire(prod, 'test', 600_000, Date.now())
  if (!ownership) throw new Error('the lease of a new cluster was refused')
  owner = ownership
  await writer.nameEpoch(prod, owner, 'cafe')
  await writer.append({ cluster: prod, epoch: 1, ownership: owner, changes: scenario, through: 12n })
  await writer.observeMembers(prod, [{ memberId: 'a1', name: 'm1', state: 'leader', term: 3n }], startMs, 10_000)
  await writer.observeMembers(
    prod,
    [{ memberId: 'a1', name: 'm1', state: 'leader', term: 3n }],
    startMs + 5_000,
    10_000,
  )
  await writer.recordLeaderChange(prod, {
    atMs: startMs,
    term: 3n,
    fromMemberId: null,
    fromName: null,
    toMemberId: 'a1',
    toName: 'm1',
    leaderlessMs: 0,
    planned: false,
    elections: 1,
    revision: 1n,
  })
  await writer.writeSamples(prod, Date.now() - 30_000, [
    {
      metric: 'etcd_mvcc_db_total_size_in_bytes',
      labels: { member: 'm1', member_id: 'a1' },
      kind: 'gauge',
      value: 1e6,
      spanMs: 0,
    },
    {
      metric: 'etcd_mvcc_put_total',
      labels: { member: 'm1', member_id: 'a1' },
      kind: 'counter',
      value: 50,
      spanMs: 5_000,
    },
  ])
  await writer.writeSnapshot(prod, { state: 'live', atMs: Date.now(), document: snapshot() })
  const withdraw = provideServing({
    notify: noChannels,
    operator: fakeOperator(),
    reader: store.reader,
    version: '1.0.0',
    startedAtMs: Date.now(),
    settings: {
      databaseUrl: 'file:record.db',
      clusters: [{ name: 'prod', endpoints: ['http://10.0.0.1:2379'] }],
      insecure: false,
    },
  })
  undo.push(withdraw, store.close)
})
afterAll(async () => {
  for (const step of undo) await step()
})

/** The answer, checked against the endpoint's schema, with nothing in it that the schema does not know. */
async function answerOf(name: EndpointName, query: Record<string, string> = {}): Promise<Record<string, unknown>> {
  const response = await ask(name, query)
  const body = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const schema: z.ZodType | null = endpoints[name].answer
  if (!schema) throw new Error(`${name} has no JSON answer`)
  const parsed = schema.parse(body)
  expect(parsed).toEqual(body)
  return z.record(z.string(), z.unknown()).parse(body)
}
const itemsOf = async (name: EndpointName, query: Record<string, string> = {}) =>
  z.array(z.record(z.string(), z.unknown())).parse((await answerOf(name, query)).items)

const webKey = '/registry/pods/shop/web-1'

describe('every JSON route answers in the form of its schema', () => {
  it.each<[EndpointName, Record<string, string>]>([
    ['openapi', {}],
    ['health', {}],
    ['clusters', {}],
    ['cluster', {}],
    ['members', {}],
    ['memberStates', {}],
    ['leaderChanges', {}],
    ['metrics', {}],
    ['series', { metric: 'up' }],
    ['series', { metric: 'etcd_mvcc_db_total_size_in_bytes' }],
    ['series', { metric: 'etcd_mvcc_put_total', from: '-5m', step: '10s' }],
    ['activity', {}],
    ['activity', { by: 'key', metric: 'bytes', top: '2' }],
    ['activity', { by: 'op', from: '-30d' }],
    ['ledger', {}],
    ['ledger', { by: 'key' }],
    ['changes', {}],
    ['keys', {}],
    ['keys', { prefix: '/registry/', delimiter: '/' }],
    ['value', { key: 'app/empty' }],
    ['value', { keyBase64: '//4B' }],
    ['history', { key: 'app/name' }],
    ['diff', { key: 'app/flags', from: '2' }],
    ['blame', { key: 'app/flags' }],
    ['blame', { keyBase64: '//4B' }],
    ['blame', { key: '/registry/secrets/shop/db' }],
    ['podConfig', {}],
    ['compare', { from: '2' }],
    ['compare', { from: '12', to: '1', prefix: 'app/', limit: '2' }],
    ['verify', {}],
  ])('%s %j', async (name, query) => {
    await answerOf(name, query)
  })
})

describe('the cluster', () => {
  it('joins the record with what the collector says now', async () => {
    expect(await answerOf('cluster')).toMatchObject({
      name: 'prod',
      clusterId: 'cafe',
      state: 'live',
      storedRevision: '12',
      revision: '12',
      leader: { memberId: 'a1', name: 'm1' },
      quorum: { voters: 2, healthy: 1, needed: 2, tolerates: 0 },
      coverage: [{ epoch: 1, fromRevision: '1', toRevision: '12' }],
      gaps: [],
      dbSizeBytes: 2_000_000,
      quotaBytes: 8_000_000,
      quota: { reclaimableBytes: 500_000 },
    })
  })
  it('with a silent collector is stopped, says since when, and knows no leader', async () => {
    await writer.writeSnapshot(prod, { state: 'live', atMs: Date.now() - 60_000, document: snapshot() })
    const answer = await answerOf('cluster')
    expect(answer).toMatchObject({ state: 'stopped', leader: null, lagMs: null })
    expect(answer.error).toContain('No collector has reported for 60 s')
    expect(await answerOf('health')).toMatchObject({ status: 'degraded', collectors: [{ state: 'stopped' }] })
    expect((await itemsOf('members')).every((member) => member.healthy === false)).toBe(true)
    await writer.writeSnapshot(prod, { state: 'live', atMs: Date.now(), document: { made: 'by another version' } })
    expect((await answerOf('cluster')).error).toContain('cannot be read (at state)')
    await writer.writeSnapshot(prod, { state: 'live', atMs: Date.now(), document: snapshot() })
    expect(await answerOf('health')).toMatchObject({ status: 'ok', collectors: [{ lagRevisions: '0' }] })
  })
})

describe('changes', () => {
  it('pages through everything exactly once, in both orders', async () => {
    for (const order of ['asc', 'desc']) {
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: Record<string, unknown> = await answerOf('changes', {
          limit: '5',
          order,
          ...(cursor === null ? {} : { cursor }),
        })
        seen.push(
          ...z
            .array(z.looseObject({ revision: z.string(), ordinal: z.number() }))
            .parse(page.items)
            .map((c) => `${c.revision}.${c.ordinal}`),
        )
        cursor = z.string().nullable().parse(page.nextCursor)
      } while (cursor !== null)
      const expected = scenario.map((change) => `${change.revision}.${change.ordinal}`)
      expect(seen).toEqual(order === 'asc' ? expected : expected.toReversed())
    }
  })
  it.each<[Record<string, string>, number[]]>([
    [{ prefix: 'app/' }, [11, 11, 10, 9, 6, 2, 1]],
    [{ key: webKey }, [7, 3]],
    [{ keyBase64: '//4B' }, [5]],
    [{ resource: 'pods,leases' }, [12, 7, 3]],
    [{ namespace: 'shop', op: 'update' }, [8, 7]],
    [{ manager: 'kubelet' }, [7, 3]],
    [{ name: 'db' }, [8, 4]],
    [{ significance: 'heartbeat' }, [12]],
    [{ q: 'WEB-1' }, [7, 3]],
    [{ fromRevision: '10', toRevision: '11' }, [11, 11, 10]],
    [{ from: String(startMs + 9_000), to: String(startMs + 10_000) }, [10, 9]],
    [{ epoch: '2' }, []],
  ])('%j', async (query, revisions) => {
    const items = await itemsOf('changes', query)
    expect(items.map((item) => Number(item.revision))).toEqual(revisions)
  })
  it('gives a key that is not text as base64, a lease in full, a secret as redacted', async () => {
    expect((await itemsOf('changes', { keyBase64: '//4B' }))[0]).toMatchObject({ keyBase64: '//4B' })
    expect((await itemsOf('changes', { key: 'app/flags' }))[0]).toMatchObject({ leaseId: '7587848391234567' })
    expect((await itemsOf('changes', { name: 'db' }))[0]).toMatchObject({ redacted: true, valueBytes: 14_600 })
  })
})

describe('keys', () => {
  it('are those of the moment', async () => {
    const names = async (query: Record<string, string>) => (await itemsOf('keys', query)).map((item) => item.key)
    expect(await names({ prefix: 'app/', at: '8' })).toEqual(['app/empty', 'app/flags', 'app/name'])
    expect(await names({ prefix: 'app/' })).toEqual(['app/empty', 'app/flags', 'app/x', 'app/y'])
    expect(await names({ prefix: 'app/', at: new Date(startMs + 2_500).toISOString() })).toEqual([
      'app/flags',
      'app/name',
    ])
  })
  it('page by page are all keys once, at one pinned moment', async () => {
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const page: Record<string, unknown> = await answerOf('keys', {
        limit: '2',
        ...(cursor === null ? {} : { cursor }),
      })
      seen.push(
        ...z
          .array(z.looseObject({}))
          .parse(page.items)
          .map((item) => item.key ?? item.keyBase64),
      )
      cursor = z.string().nullable().parse(page.nextCursor)
    } while (cursor !== null)
    expect(seen).toEqual([
      '/registry/leases/kube-system/l',
      webKey,
      '/registry/secrets/shop/db',
      'app/empty',
      'app/flags',
      'app/x',
      'app/y',
      '//4B',
    ])
  })
  it('with a delimiter are branches with counts, also page by page', async () => {
    const branches = [
      { prefix: '/registry/leases/', count: 1 },
      { prefix: '/registry/pods/', count: 1 },
      { prefix: '/registry/secrets/', count: 1 },
    ]
    expect(await itemsOf('keys', { prefix: '/registry/', delimiter: '/' })).toMatchObject(branches)
    const seen: unknown[] = []
    let cursor: string | null = null
    do {
      const page: Record<string, unknown> = await answerOf('keys', {
        prefix: '/registry/',
        delimiter: '/',
        limit: '1',
        ...(cursor === null ? {} : { cursor }),
      })
      seen.push(...z.array(z.unknown()).parse(page.items))
      cursor = z.string().nullable().parse(page.nextCursor)
    } while (cursor !== null)
    expect(seen).toMatchObject(branches)
  })
})

describe('value', () => {
  it.each<[string, Record<string, string>, object]>([
    ['text', { key: 'app/name', at: '8' }, { encoding: 'text', text: 'etcdscope', modRevision: '1', redacted: null }],
    ['JSON', { key: 'app/flags', at: '2' }, { encoding: 'json', object: { a: 1, list: [1, 2] } }],
    [
      'Kubernetes',
      { key: webKey, at: '6' },
      { encoding: 'kubernetes', object: { kind: 'Pod', metadata: { resourceVersion: '3' } } },
    ],
    ['binary', { keyBase64: '//4B' }, { encoding: 'binary', base64: 'AAEC/w==' }],
    [
      'a secret',
      { key: '/registry/secrets/shop/db' },
      { redacted: { valueBytes: 14_600, fingerprint: Buffer.from('fingerprint-two!').toString('hex') } },
    ],
  ])('of %s', async (_what, query, expected) => {
    expect(await answerOf('value', query)).toMatchObject(expected)
  })
})

describe('diff', () => {
  it('of a Kubernetes object names the field by path', async () => {
    const answer = await answerOf('diff', { key: webKey, from: '3', to: '7' })
    expect(answer).toMatchObject({ language: 'yaml', from: { revision: '3', exists: true }, to: { revision: '7' } })
    expect(answer.changes).toContainEqual({
      path: 'spec.containers[name=app].image',
      op: 'replace',
      before: 'app:1',
      after: 'app:2',
    })
    expect(answer.unified).toMatch(/^-.*app:1$/m)
  })
  it('of a secret says that it changed and not what', async () => {
    const answer = await answerOf('diff', { key: '/registry/secrets/shop/db', from: '4' })
    expect(answer).toMatchObject({ language: 'redacted' })
    expect(answer.before).toMatch(/^redacted, 14\.2 KiB, fingerprint [0-9a-f]{32}\n$/)
    expect(answer.changes).toHaveLength(1)
    const same = await answerOf('diff', { key: '/registry/secrets/shop/db', from: '4', to: '5' })
    expect(same).toMatchObject({ unified: '', changes: [] })
  })
  it('with a side that does not exist shows the other whole', async () => {
    const deleted = await answerOf('diff', { key: 'app/name', from: '1' })
    expect(deleted).toMatchObject({ to: { revision: '9', exists: false }, after: '' })
    const created = await answerOf('diff', { key: 'app/flags', from: '1', to: '2' })
    expect(created).toMatchObject({ from: { revision: null, exists: false }, before: '' })
  })
})

describe('blame', () => {
  it('names the revision that last changed each line', async () => {
    const answer = await answerOf('blame', { key: webKey, at: '7' })
    expect(answer).toMatchObject({ language: 'yaml', revision: '7', truncated: false })
    const lines = z.array(z.looseObject({ text: z.string() })).parse(answer.lines)
    const line = (text: string) => lines.find((one) => one.text.includes(text))
    expect(line('image: app:2')).toMatchObject({ path: 'spec.containers[name=app].image', revision: '7' })
    expect(line('- name: app')).toMatchObject({ revision: '3', manager: 'kubelet', afterGap: false })
  })
})

describe('over time', () => {
  it('activity counts every recorded change', async () => {
    const answer = z
      .looseObject({
        series: z.array(
          z.object({
            labels: z.record(z.string(), z.string()),
            points: z.array(z.tuple([z.number(), z.number().nullable()])),
          }),
        ),
      })
      .parse(await answerOf('activity', { by: 'op' }))
    const total = answer.series.flatMap((one) => one.points).reduce((sum, [, value]) => sum + (value ?? 0), 0)
    expect(total).toBe(scenario.length)
  })
  it('the ledger shares out everything written', async () => {
    const items = await itemsOf('ledger')
    expect(items.reduce((sum, item) => sum + Number(item.share), 0)).toBeCloseTo(1, 6)
    expect(items[0]).toMatchObject({ label: 'secrets', changes: 2, bytes: 29_141 })
  })
})

describe('the exposition', () => {
  it('is well-formed: HELP, TYPE and samples together, each family once', async () => {
    const text = await (await ask('exposition')).text()
    const seen = new Set<string>()
    let current = ''
    for (const line of text.trimEnd().split('\n')) {
      const help = /^# HELP ([a-z_]+) \S/.exec(line)
      if (help) {
        current = help[1] ?? ''
        expect(seen.has(current)).toBe(false)
        seen.add(current)
      } else if (!/^# TYPE [a-z_]+ (gauge|counter)$/.test(line)) {
        expect(line).toMatch(/^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? -?[0-9.e+-]+$/)
        expect(line.replace(/[{ ].*/, '')).toBe(current)
      }
    }
    expect(text).toContain('etcdscope_leader_changes_total{cluster="prod",planned="false"} 1\n')
    expect(text).toContain('etcdscope_stored_revision{cluster="prod"} 12\n')
    expect(text).toContain('etcdscope_members_healthy{cluster="prod"} 1\n')
  })
})

describe('a write of the collector', () => {
  it('reaches an open stream', async () => {
    const body = (await ask('stream', { cluster: 'prod' })).body?.getReader()
    await body?.read()
    await writer.writeSnapshot(prod, { state: 'live', atMs: Date.now(), document: snapshot() })
    const chunk = await body?.read()
    expect(new TextDecoder().decode(chunk?.value)).toContain('"cluster":"prod"')
    await body?.cancel()
  })
})

function snapshot() {
  const time = new Date(startMs).toISOString()
  const member = (id: string, name: string, healthy: boolean) => ({
    id,
    name,
    clientUrls: ['http://127.0.0.1:2379'],
    peerUrls: [],
    isLeader: id === 'a1',
    isLearner: false,
    version: '3.5.30',
    healthy,
    latencyMs: 1,
    error: null,
    raftTerm: '3',
    raftIndex: '20',
    raftAppliedIndex: '20',
    revision: '12',
    dbSizeBytes: healthy ? 2_000_000 : null,
    dbSizeInUseBytes: healthy ? 1_500_000 : null,
    quotaBytes: healthy ? 8_000_000 : null,
    hash: null,
    seenAt: time,
    knownBugs: [],
  })
  return {
    state: 'live',
    since: time,
    error: null,
    version: '3.5.30',
    clusterId: 'cafe',
    leader: { memberId: 'a1', name: 'm1', since: time },
    raftTerm: '3',
    revision: '12',
    compactRevision: null,
    storedRevision: '12',
    lagMs: 0,
    eventsPerSecond: null,
    healthy: true,
    members: [member('a1', 'm1', true), member('b2', 'm2', false)],
    alarms: [],
    endpoint: 'http://127.0.0.1:2379',
  }
}
