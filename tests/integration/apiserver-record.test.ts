import { isDeepStrictEqual } from 'node:util'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiLimits, apiLimits } from '../../lib/apiserver'
import { recordSession } from '../../lib/collector/recorder'
import { systemClock } from '../../lib/core/clock'
import type { WatchItem } from '../../lib/etcd'
import { createDescriber, presentValue } from '../../lib/kubernetes'
import type { ChangeRow, ClusterRow } from '../../lib/store'
import { type ApiRecording, createApiRecording } from '../support/apiRecording'
import { type FakeApiserver, startApiserver } from '../support/apiserver'
import type { ApiserverModel, ServedChange } from '../support/apiserverModel'
import { testClusterName } from '../support/collectorHarness'
import { everythingTold, prefixOfPath, recordedModel } from '../support/recordedApiserver'
import { type RecordedEvent, readRecordedHistory } from '../support/recordedHistory'
import { readRecordedStreams } from '../support/recordedStreams'
import { allChanges, recordedCluster } from '../support/recordReading'
import { seededRandom } from '../support/seededRandom'
import { until } from '../support/until'

/** The apiserver source against the recorded watch streams of a real cluster, over HTTP. */

const keyOf = ({ path, tail }: ServedChange) => prefixOfPath(path) + tail

let streams: ReadonlyMap<string, readonly string[]>
let history: readonly RecordedEvent[]
const cleanups: (() => Promise<void>)[] = []

beforeAll(() => {
  streams = readRecordedStreams()
  history = readRecordedHistory()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function begin(
  model: ApiserverModel,
  through: bigint,
  limits: Partial<ApiLimits> = {},
): Promise<{ server: FakeApiserver; recording: ApiRecording }> {
  const server = await startApiserver(model, { through })
  cleanups.push(() => server.stop())
  const recording = await createApiRecording(server.url, { limits })
  cleanups.push(() => recording.dispose())
  recording.start()
  await until('every watch to be open', () => server.openWatches.length === model.kinds.size)
  return { server, recording }
}

const inGap = (cluster: ClusterRow, revision: bigint) =>
  cluster.gaps.some((gap) => gap.fromRevision <= revision && revision <= gap.toRevision)

const opOf = { ADDED: 'create', MODIFIED: 'update', DELETED: 'delete' } as const

/** Every version that was served is in the record exactly once, or inside a declared gap; nothing else is. */
async function expectEqualsModel(recording: ApiRecording, model: ApiserverModel): Promise<ClusterRow> {
  const cluster = await recordedCluster(recording.reader, testClusterName)
  const rows = await allChanges(recording.reader, cluster, 1)
  const stored = new Map(rows.map((row) => [`${row.revision} ${Buffer.from(row.key)}`, row]))
  expect(stored.size).toBe(rows.length)
  const served = new Map(model.changes.map((change) => [`${change.revision} ${keyOf(change)}`, change]))
  const missing = [...served].filter(([id, change]) => !stored.has(id) && !inGap(cluster, change.revision))
  expect(missing.map(([id]) => id)).toEqual([])
  for (const [id, row] of stored) {
    const change = served.get(id)
    // What vanished unseen is told as a delete at the end of its gap.
    if (change === undefined) expect([row.op, inGap(cluster, row.revision)], id).toEqual(['delete', true])
    else if (!inGap(cluster, row.revision)) expect(row.op, id).toBe(opOf[change.type])
  }
  await expectSameState(recording, cluster, model)
  expect((await recording.reader.verify(cluster)).firstBad).toBeNull()
  return cluster
}

async function expectSameState({ reader }: ApiRecording, cluster: ClusterRow, model: ApiserverModel): Promise<void> {
  for (const path of model.kinds.keys()) {
    const state = model.stateAt(path, model.head)
    const prefix = prefixOfPath(path)
    const range = { from: Buffer.from(prefix), to: Buffer.from(`${prefix.slice(0, -1)}0`) }
    const keys = await reader.keysAt(cluster, 1, model.head, range, { limit: 10_000, afterKey: null })
    expect(keys.map(({ key, modRevision }) => [Buffer.from(key).toString(), modRevision])).toEqual(
      state.map((change) => [keyOf(change), change.revision]),
    )
    for (const change of state.slice(0, 20)) {
      const value = await reader.valueAt(cluster, 1, Buffer.from(keyOf(change)), model.head)
      expect(presentValue(Buffer.alloc(0), value?.value ?? new Uint8Array(), change.revision).object).toEqual(
        JSON.parse(change.text),
      )
    }
  }
}

describe('the recorded streams, as they came', () => {
  it('are in the record version for version, and the same as the etcd source has them', async () => {
    const model = recordedModel(streams)
    // As the product holds, so that a busy machine is no silence of the streams that are behind.
    const { server, recording } = await begin(model, 300n, { holdMs: apiLimits.holdMs, frontiersEveryMs: 500 })
    await recording.recorded(300n)
    await everythingTold(server, recording, 300n)
    // Told after a restart, as to a collector that was away: the objects' own times are days old.
    await recording.stop()
    await until('the watches to be closed', () => server.openWatches.length === 0)
    server.tellThrough(model.head)
    recording.start()
    await everythingTold(server, recording, model.head)
    const cluster = await expectEqualsModel(recording, model)
    expect(cluster.gaps.map(({ fromRevision, toRevision }) => [fromRevision, toRevision])).toEqual([[1n, 300n]])
    expect(cluster.source).toBe('apiserver')
    await expectEqualsEtcdSource(recording, cluster, model)
  })
})

/** The same history as etcd's watch tells it, recorded beside and compared row by row. */
async function expectEqualsEtcdSource(recording: ApiRecording, cluster: ClusterRow, model: ApiserverModel) {
  const { writer, reader } = recording
  const other = await writer.ensureCluster('through-etcd', 'etcd', false)
  const ownership = await writer.acquire(other, 'test', 3_600_000, systemClock.nowMs())
  if (ownership === null) throw new Error('the fresh lease was refused')
  const prefixes = [...model.kinds.keys()].map(prefixOfPath)
  const events = history
    .filter((event) => prefixes.some((prefix) => event.key.toString().startsWith(prefix)))
    .map(({ op, ...event }) => ({ ...event, type: op }))
  async function* items(): AsyncGenerator<WatchItem> {
    yield { kind: 'events', events, through: model.head, receivedAtMs: Date.now(), catchingUp: true }
  }
  await recordSession(items, new AbortController().signal, await writer.cursor(other), {
    writer,
    describer: createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 7) }),
    cluster: other,
    ownership: () => ownership,
    nowMs: () => Date.now(),
    onDurable: () => undefined,
    onConnection: () => undefined,
  })
  const throughEtcd = await recordedCluster(reader, 'through-etcd')
  const after = (rows: readonly ChangeRow[]) => rows.filter(({ revision }) => revision > 300n && revision <= 12_000n)
  const own = after(await allChanges(reader, cluster, 1))
  const theirs = after(await allChanges(reader, throughEtcd, 1))
  const byPlace = new Map(theirs.map((row) => [placeOf(row), told(row)]))
  expect(own.map(placeOf)).toEqual([...byPlace.keys()])
  expect(own.map(told).filter((row) => !isDeepStrictEqual(row, byPlace.get(placeOf(row))))).toEqual([])
  for (const [i, row] of own.entries()) {
    if (row.op === 'delete' || i % 9 !== 0) continue
    const values = await Promise.all(
      [cluster, throughEtcd].map(async (of) => (await reader.valueAt(of, 1, row.key, row.revision))?.value ?? null),
    )
    const [a, b] = values.map((value) => presentValue(row.key, value ?? new Uint8Array(), row.revision).object)
    expect(a).toEqual(b)
  }
}

const placeOf = ({ revision, ordinal }: Pick<ChangeRow, 'revision' | 'ordinal'>) => `${revision}.${ordinal}`

function told({ revision, ordinal, op, key, resource, namespace, name, manager, significance, summary }: ChangeRow) {
  return {
    revision,
    ordinal,
    op,
    key: Buffer.from(key).toString(),
    resource,
    namespace,
    name,
    manager,
    significance,
    summary,
  }
}

describe('a hostile way to the apiserver', () => {
  it.each([1, 2, 3])('cuts, 410s, refusals, silence: nothing is lost or invented (seed %i)', async (seed) => {
    const random = seededRandom(seed)
    const model = recordedModel(streams)
    const paths = [...model.kinds.keys()]
    const pick = () => paths[Math.floor(random() * paths.length)] ?? ''
    const { server, recording } = await begin(model, 300n)
    const end = 4_000n
    const last = model.changes.findIndex(({ revision }) => revision > end)
    model.changes.splice(last)
    model.head = model.changes.at(-1)?.revision ?? 0n
    const deeds: (() => unknown)[] = [
      () => server.cut(),
      () => server.endWatches(),
      () => server.bookmark(),
      () => server.bookmark(),
      () => server.cutInLine(pick()),
      () => server.stall(pick(), true),
      () => paths.map((path) => server.stall(path, false)),
      () => server.refuse({ status: 500, times: 3, match: ({ watch }) => watch }),
      () => server.refuse({ status: 429, times: 2, headers: { 'retry-after': '0.05' }, match: ({ watch }) => watch }),
      () => {
        server.forget(server.told(), random() < 0.5 ? 'status' : 'event')
        server.cut()
      },
    ]
    while (server.told() < model.head) {
      const next = server.told() + BigInt(1 + Math.floor(random() * 120))
      server.tellThrough(next < model.head ? next : model.head)
      const deed = deeds[Math.floor(random() * deeds.length)]
      try {
        deed?.()
      } catch {
        // Nothing follows on that path: there is no line to cut.
      }
      if (random() < 0.4) await new Promise(setImmediate)
      if (random() < 0.2) await until('the watches to come back', () => server.openWatches.length > 0)
    }
    for (const path of paths) server.stall(path, false)
    await recording.recorded(model.head)
    // Late ones come when their stream is back; a bookmark then says that nothing is behind.
    await until('every watch to be open', () => server.openWatches.length === paths.length, 30_000)
    server.bookmark()
    const cursors = async () => recording.writer.resourceCursors(recording.cluster, 1)
    await until('every resource to be told', async () =>
      [...(await cursors()).values()].every((at) => at >= model.head),
    )
    await expectEqualsModel(recording, model)
  })

  it('a collector that is killed and started again misses nothing that came late', async () => {
    const model = recordedModel(streams)
    const { server, recording } = await begin(model, 300n)
    server.stall('/api/v1/pods', true)
    server.tellThrough(900n)
    // The others are stored past the silent stream, which then has everything to tell below the cursor.
    await recording.recorded(850n)
    await recording.stop()
    await until('the watches to be closed', () => server.openWatches.length === 0)
    server.stall('/api/v1/pods', false)
    server.tellThrough(1_200n)
    recording.start()
    await everythingTold(server, recording, 1_200n)
    model.changes.splice(model.changes.findIndex(({ revision }) => revision > 1_200n))
    model.head = 1_200n
    const cluster = await expectEqualsModel(recording, model)
    expect(cluster.gaps).toHaveLength(1)
  })
})
