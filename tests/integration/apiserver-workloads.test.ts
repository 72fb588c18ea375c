import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiLimits } from '../../lib/apiserver'
import { recordSession } from '../../lib/collector/recorder'
import { type KeyspacePage, resync } from '../../lib/collector/resync'
import { type AnswerOf, endpoints } from '../../lib/contract'
import { systemClock } from '../../lib/core/clock'
import type { KeyEvent, WatchItem } from '../../lib/etcd'
import { createDescriber } from '../../lib/kubernetes'
import { workload } from '../../lib/query/workloads/detail'
import { workloads } from '../../lib/query/workloads/list'
import type { ClusterRef, Ownership, RecordWriter } from '../../lib/store'
import { createDeriver } from '../../lib/workloads/deriver'
import { type ApiRecording, createApiRecording } from '../support/apiRecording'
import { type FakeApiserver, startApiserver } from '../support/apiserver'
import type { ApiserverModel } from '../support/apiserverModel'
import { testClusterName } from '../support/collectorHarness'
import { everythingTold, prefixOfPath, recordedModel } from '../support/recordedApiserver'
import { liveKeysAt, type RecordedEvent, readRecordedHistory } from '../support/recordedHistory'
import { readRecordedStreams } from '../support/recordedStreams'
import { recordedCluster } from '../support/recordReading'
import { until } from '../support/until'

/**
 * One cluster through both sources: its apiserver, and its etcd, of which only the kinds are taken that the recorded
 * streams hold. Both begin with the state at one revision behind a gap, read at the same time, since neither source
 * told what was before; from there on the screens must say the same. Nobody saw the changes live, so their times are
 * bounds out of the objects told so far: with the Pods late these differ by seconds, and durations with them. All else
 * is equal to the letter, revisions included.
 */

const first = 300n
/** Through its deadline, the undo, the failed node, the crashing release, the end. */
const moments = ['301', '800', '1500', '2443', '2600', '3116', '3229', '4400', '5800', '8936', '9400', '9690', '11000']
const etcdName = 'through-etcd'

let server: FakeApiserver
let recording: ApiRecording
let model: ApiserverModel
let etcd: ClusterRef
let ownership: Ownership

const signal = new AbortController().signal

async function derive(cluster: ClusterRef, owner: Ownership): Promise<void> {
  const log = (message: string) => console.log(message)
  const { writer } = recording
  await createDeriver({ cluster, writer, ownership: () => owner, clock: systemClock, signal, log }).catchUp()
}

async function own(writer: RecordWriter, cluster: ClusterRef): Promise<Ownership> {
  const acquired = await writer.acquire(cluster, 'test', 3_600_000, systemClock.nowMs())
  if (acquired === null) throw new Error('the lease was refused')
  return acquired
}

const eventOf = ({ op, ...event }: RecordedEvent): KeyEvent => ({ ...event, type: op })

/** As etcd's range at the first revision and its watch from there tell it. */
async function recordThroughEtcd(readMs: number): Promise<void> {
  const { writer } = recording
  etcd = await writer.ensureCluster(etcdName, 'etcd', false)
  ownership = await own(writer, etcd)
  const prefixes = [...model.kinds.keys()].map(prefixOfPath)
  const history = readRecordedHistory().filter(({ key, modRevision }) => {
    const text = key.toString()
    return modRevision <= model.head && prefixes.some((prefix) => text.startsWith(prefix))
  })
  const context = {
    writer,
    describer: createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 7) }),
    cluster: etcd,
    nowMs: () => readMs,
  }
  async function* pages(): AsyncGenerator<KeyspacePage> {
    const live = [...liveKeysAt(history, first).values()].sort((a, b) => Buffer.compare(a.key, b.key))
    yield { kvs: live.map(eventOf), nextKey: null }
  }
  await resync(pages(), first, await writer.cursor(etcd), 'before this record began', { ...context, ownership })
  async function* items(): AsyncGenerator<WatchItem> {
    const events = history.filter(({ modRevision }) => modRevision > first).map(eventOf)
    yield { kind: 'events', events, through: model.head, receivedAtMs: Date.now(), catchingUp: true }
  }
  await recordSession(items, signal, await writer.cursor(etcd), {
    ...context,
    ownership: () => ownership,
    onDurable: () => undefined,
    onConnection: () => undefined,
  })
}

beforeAll(async () => {
  model = recordedModel(readRecordedStreams())
  server = await startApiserver(model, { through: first })
  recording = await createApiRecording(server.url, { limits: { holdMs: apiLimits.holdMs, frontiersEveryMs: 200 } })
  recording.start()
  await recording.recorded(first)
  await everythingTold(server, recording, first)
  await recording.stop()
  const owner = await own(recording.writer, recording.cluster)
  // Told to a collector that was away; the Pods of the broken release come only after everything about them.
  server.stall('/api/v1/pods', true)
  server.tellThrough(3_300n)
  recording.start()
  await recording.recorded(3_200n)
  await derive(recording.cluster, owner)
  await recording.stop()
  await until('the watches to be closed', () => server.openWatches.length === 0)
  server.stall('/api/v1/pods', false)
  server.tellThrough(model.head)
  recording.start()
  await everythingTold(server, recording, model.head)
  await recording.stop()
  await derive(recording.cluster, owner)
  const [gap] = (await recordedCluster(recording.reader, testClusterName)).gaps
  await recordThroughEtcd(gap?.atMs ?? 0)
  await derive(etcd, ownership)
}, 60_000)

afterAll(async () => {
  await recording.dispose()
  await server.stop()
})

const nowMs = Date.now()
const scope = () => ({ reader: recording.reader, nowMs, version: 'test' })

async function listAt(cluster: string, at: string): Promise<AnswerOf<'workloads'>> {
  const input = { cluster, ...endpoints.workloads.query.parse({ at, limit: '1000' }) }
  return endpoints.workloads.answer.parse(await workloads(scope(), input))
}

async function detailOf(cluster: string, item: { kind: string; namespace: string | null; name: string }) {
  const { kind, namespace, name } = item
  const input = {
    cluster,
    kind,
    namespace: namespace ?? '-',
    name,
    ...endpoints.workload.query.parse({}),
  }
  return endpoints.workload.answer.parse(await workload(scope(), input))
}

const time = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/
const durations = new Set(['usualConvergeMs', 'usualMs', 'convergedMs', 'ratio', 'p50Ms', 'p90Ms', 'p99Ms'])
const boundsDifferMs = 5_000

/** The same, but for what times and durations are; those are there in both or in neither, and times are close. */
function expectSame(a: object, b: object, of: string): void {
  const [own, theirs]: [number[], number[]] = [[], []]
  const timeless = (answer: object, times: number[]) =>
    JSON.parse(JSON.stringify(answer), (name, value: unknown) => {
      if (typeof value === 'number' && durations.has(name)) return 'a duration'
      if (typeof value !== 'string' || !time.test(value)) return value
      times.push(Date.parse(value))
      return 'a time'
    })
  expect(timeless(a, own), of).toEqual(timeless(b, theirs))
  const apart = own.map((ms, at) => Math.abs(ms - (theirs[at] ?? Number.NaN)))
  expect(apart.filter((ms) => !(ms <= boundsDifferMs))).toEqual([])
}

describe('the apiserver source shows the same workloads as the etcd source', () => {
  it('in the list at every moment', async () => {
    let listed = 0
    for (const at of [...moments, String(model.head)]) {
      const [a, b] = [await listAt(testClusterName, at), await listAt(etcdName, at)]
      listed += b.items.length
      expectSame(a, b, at)
    }
    expect(listed).toBeGreaterThan(100)
  })

  it('in the timeline, rollouts and Pods of each, those that are gone included', async () => {
    const seen = new Map<string, AnswerOf<'workloads'>['items'][number]>()
    for (const at of moments) for (const item of (await listAt(etcdName, at)).items) seen.set(item.key, item)
    const outcomes = new Set<string>()
    for (const item of seen.values()) {
      const [a, b] = [await detailOf(testClusterName, item), await detailOf(etcdName, item)]
      for (const { outcome } of b.rollouts) outcomes.add(outcome)
      expectSame(a, b, item.key)
    }
    expect([...outcomes]).toEqual(expect.arrayContaining(['converged', 'failed', 'rolled-back', 'superseded']))
  })
})
