import { describe, expect, it, onTestFinished } from 'vitest'
import { type AnswerOf, endpoints, keepAll, type RetentionPolicy } from '../../../lib/contract'
import { systemClock } from '../../../lib/core/clock'
import { provideServing } from '../../../lib/query/serving'
import { openOperatorWriter } from '../../../lib/store'
import { noChannels } from '../../support/fakeOperator'
import { bytes, change, type TestRecord, testRecord } from '../store/recordFixture'
import { ask } from './routes'

const hourMs = 3_600_000
const asJson = { 'content-type': 'application/json' }
const beatKey = '/registry/leases/kube-node-lease/a'

/** Two days of heartbeats, an hour apart, behind one configured key; the last just now. */
async function served(retention?: RetentionPolicy): Promise<TestRecord> {
  const record = await testRecord()
  const nowMs = Date.now()
  await record.append([change({ revision: 2n, key: bytes('/app/config'), atMs: nowMs - 50 * hourMs })])
  for (let nth = 0; nth < 48; nth++) {
    const beat = {
      key: bytes(beatKey),
      significance: 'heartbeat' as const,
      version: BigInt(nth) + 1n,
      createRevision: 3n,
    }
    await record.append([
      change({
        revision: BigInt(nth) + 3n,
        ...beat,
        op: nth === 0 ? 'create' : 'update',
        atMs: nowMs - (48 - nth) * hourMs,
      }),
    ])
  }
  const operator = await openOperatorWriter({ databaseUrl: record.databaseUrl, clock: systemClock })
  const clusters = [{ name: 'prod', endpoints: ['https://10.0.0.1:2379'], retention }]
  const withdraw = provideServing({
    notify: noChannels,
    operator,
    reader: record.reader,
    version: '1.0.0',
    startedAtMs: nowMs,
    settings: { databaseUrl: 'file:/var/lib/etcdscope.db', clusters, insecure: false },
  })
  onTestFinished(async () => {
    withdraw()
    await operator.close()
  })
  return record
}

async function answerOf<N extends 'retention' | 'setRetention' | 'previewRetention' | 'about'>(
  name: N,
  body?: unknown,
) {
  const response = await ask(name, {}, body === undefined ? {} : { body, headers: asJson })
  expect(response.status).toBe(200)
  const answer: unknown = await response.json()
  expect(endpoints[name].answer.parse(answer)).toEqual(answer)
  return answer as AnswerOf<N>
}

const oneDay: RetentionPolicy = { ...keepAll, heartbeatsMs: 24 * hourMs }

async function thin(record: TestRecord): Promise<void> {
  const cutoffs = { heartbeats: Date.now() - 24 * hourMs, events: null, status: null, configuration: null }
  const { ownership, cluster, writer } = record
  const done = await writer.retain(cluster, {
    ownership: () => ownership,
    cutoffs,
    nowMs: Date.now,
    pause: async () => {},
    signal: new AbortController().signal,
  })
  expect(done.problem).toBeNull()
}

describe('retention over HTTP', () => {
  it('keeps everything by default, and says what each class costs', async () => {
    await served()
    const answer = await answerOf('retention')
    expect(answer).toMatchObject({ policy: keepAll, source: 'default', setAt: null, lastRun: null, horizons: [] })
    const changes = Object.fromEntries(answer.classes.map((each) => [each.class, each.changes]))
    expect(changes).toEqual({ heartbeats: 48, events: 0, status: 0, configuration: 1 })
    expect(answer.usedBytes).toBeLessThanOrEqual(answer.databaseBytes)
  })

  it('tells what a policy would free, to the change, and changes nothing by it', async () => {
    const record = await served()
    const preview = await answerOf('previewRetention', oneDay)
    expect(preview.changes).toBe(24)
    expect((await answerOf('retention')).source).toBe('default')
    await thin(record)
    const left = (await answerOf('retention')).classes[0]
    expect(left?.changes).toBe(48 - preview.changes)
  })

  it('takes a policy from the screen, and shows it with its time', async () => {
    await served()
    const answer = await answerOf('setRetention', oneDay)
    expect(answer).toMatchObject({ policy: oneDay, source: 'screen' })
    expect(answer.setAt).not.toBeNull()
    expect((await answerOf('retention')).policy).toEqual(oneDay)
  })

  it("does not let the screen change the file's", async () => {
    await served(oneDay)
    expect(await answerOf('retention')).toMatchObject({ policy: oneDay, source: 'file' })
    const response = await ask('setRetention', {}, { body: keepAll, headers: asJson })
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({ detail: expect.stringMatching(/configuration file/) })
  })

  it.each([
    ['an age below an hour', { ...keepAll, statusMs: 1000 }, 'statusMs'],
    ['a missing class', { heartbeatsMs: null }, 'eventsMs'],
    ['a size that holds nothing', { ...keepAll, maxDatabaseBytes: 4096 }, 'maxDatabaseBytes'],
    ['a class that there is not', { ...keepAll, logsMs: hourMs }, 'logsMs'],
  ])('refuses %s and names it', async (_, body, parameter) => {
    await served()
    const response = await ask('setRetention', {}, { body, headers: asJson })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ parameter })
    expect((await answerOf('retention')).source).toBe('default')
  })

  it('says where it is what, free of credentials', async () => {
    await served()
    const answer = await answerOf('about')
    expect(answer).toMatchObject({
      version: '1.0.0',
      store: { engine: 'sqlite', location: 'file:/var/lib/etcdscope.db' },
      clusters: [{ name: 'prod', endpoints: ['https://10.0.0.1:2379'], tls: true }],
    })
  })
})

describe('answers about a time that retention has thinned', () => {
  const statusOf = async (name: Parameters<typeof ask>[0], query: Record<string, string>) =>
    (await ask(name, query)).status
  const json = async (name: Parameters<typeof ask>[0], query: Record<string, string>) => (await ask(name, query)).json()

  it('give no older state of a key for the one that was removed, and name the removed', async () => {
    const record = await served()
    await thin(record)
    const response = await ask('value', { key: beatKey, at: '10' })
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({
      code: 'NOT_COVERED',
      detail: expect.stringMatching(/changes of this key from revision 3 to \d+ were removed by retention/),
    })
    for (const name of ['diff', 'blame', 'export'] as const) {
      const query = name === 'diff' ? { key: beatKey, from: '10', to: '40' } : { key: beatKey, at: '10' }
      expect(await statusOf(name, query)).toBe(409)
    }
    expect(await statusOf('value', { key: beatKey, at: '45' })).toBe(200)
  })

  it('still give the configuration of that time, by revision and by time', async () => {
    const record = await served()
    await thin(record)
    expect(await json('value', { key: '/app/config', at: '10' })).toMatchObject({ modRevision: '2' })
    expect(await json('value', { key: '/app/config', at: '-40h' })).toMatchObject({ modRevision: '2' })
    expect(await statusOf('value', { key: beatKey, at: '-40h' })).toBe(409)
  })

  it('say of a list that it may lack something, and of what', async () => {
    const record = await served()
    const before = await json('keys', { at: '10' })
    expect(before.thinned).toEqual([])
    await thin(record)
    const after = await json('keys', { at: '10' })
    expect(after.thinned).toMatchObject([{ class: 'heartbeats', epoch: 1 }])
    expect(after.items.map((item: { key: string }) => item.key)).toEqual(['/app/config'])
    expect((await json('keys', { at: '45' })).thinned).toEqual([])
    expect((await json('changes', {})).thinned).toHaveLength(1)
    expect((await json('compare', { from: '10', to: '45' })).thinned).toHaveLength(1)
    const exported = await (await ask('export', { at: '10' })).text()
    expect(exported).toMatch(/# not all kept at this moment, keys may be missing: heartbeats up to revision \d+/)
  })

  it('list in a history what was removed of it', async () => {
    const record = await served()
    await thin(record)
    const { items, removed } = await json('history', { key: beatKey })
    expect(removed).toMatchObject([{ fromRevision: '3', changes: 24 }])
    expect(items.at(-1).revision).toBe(removed[0].beforeRevision)
    const compared = await json('compare', { from: '10', to: '50' })
    expect(compared.items).toMatchObject([{ key: beatKey, op: 'unknown', significance: 'heartbeat' }])
  })
})
