import { describe, expect, it } from 'vitest'
import { type RetentionOptions, superviseRetention } from '../../../lib/collector/retention'
import { clusterDefaults } from '../../../lib/config/clusterDefaults'
import type { ClusterSettings } from '../../../lib/config/settings'
import { keepAll, type RetentionPolicy } from '../../../lib/contract'
import { openOperatorWriter } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { bytes, change, type TestRecord, testRecord } from '../store/recordFixture'

const hourMs = 3_600_000
const startMs = 1_800_000_000_000
const policy = (given: Partial<RetentionPolicy>): RetentionPolicy => ({ ...keepAll, ...given })

/** 200 heartbeats of one key and 20 edits of another over 100 hours, the newest just now. */
async function hundredHours(): Promise<TestRecord> {
  const record = await testRecord()
  for (let hour = 0; hour < 100; hour++) {
    const revision = BigInt(hour * 3) + 2n
    const atMs = startMs - (100 - hour) * hourMs
    const beat = { key: bytes('/registry/leases/a'), significance: 'heartbeat' as const, atMs, op: 'update' as const }
    const version = BigInt(hour * 2)
    await record.append([
      change({ revision, ...beat, version: version + 1n, createRevision: 2n }),
      change({ revision: revision + 1n, ...beat, version: version + 2n, createRevision: 2n }),
      ...(hour % 5 === 0 ? [edit(revision + 2n, hour / 5, atMs)] : []),
    ])
  }
  return record
}

/** Of bytes that do not compress: each edit takes its size in the database. */
function edit(revision: bigint, nth: number, atMs: number) {
  const random = seededRandom(nth + 1)
  const value = Uint8Array.from({ length: 40_000 }, () => Math.floor(random() * 256))
  const life = { key: bytes('/app/config'), op: 'update' as const, version: BigInt(nth) + 1n, createRevision: 4n }
  return change({ revision, ...life, atMs, value })
}

const settings = (given: Partial<ClusterSettings> = {}): ClusterSettings => ({
  ...clusterDefaults,
  name: 'prod',
  endpoints: ['http://127.0.0.1:1'],
  tls: null,
  auth: null,
  metricsUrls: [],
  demo: false,
  ...given,
})

/** Lets the supervisor look until its first long wait, at a time that stands still. */
async function lookOnce(record: TestRecord, given: Partial<RetentionOptions> = {}): Promise<string[]> {
  const abort = new AbortController()
  const lines: string[] = []
  const clock = {
    nowMs: () => startMs,
    sleep: async (ms: number) => {
      if (ms >= 5_000) abort.abort()
    },
  }
  await superviseRetention({
    clusters: [settings()],
    writer: record.writer,
    owner: 'test',
    clock,
    log: (line) => void lines.push(line),
    signal: abort.signal,
    ...given,
  })
  return lines
}

async function setOnScreen(record: TestRecord, onScreen: RetentionPolicy): Promise<void> {
  const operator = await openOperatorWriter({
    databaseUrl: record.databaseUrl,
    clock: { nowMs: () => 1, sleep: async () => {} },
  })
  await operator.setRetentionPolicy(record.cluster, onScreen, 1)
  await operator.close()
}

const counts = async ({ reader, cluster }: TestRecord) => {
  const cost = await reader.retentionCost(cluster, {
    heartbeats: null,
    events: null,
    status: null,
    configuration: null,
  })
  return { heartbeats: cost.heartbeats.changes, configuration: cost.configuration.changes }
}

describe('retention in the collector', () => {
  it('removes nothing while nobody has said what may go', async () => {
    const record = await hundredHours()
    expect(await lookOnce(record)).toEqual([])
    expect(await counts(record)).toEqual({ heartbeats: 200, configuration: 20 })
    expect(await record.reader.retentionState(record.cluster)).toBeNull()
  })

  it('does what the screen says, and writes down what it did', async () => {
    const record = await hundredHours()
    await setOnScreen(record, policy({ heartbeatsMs: 24 * hourMs }))
    await lookOnce(record)
    const left = await counts(record)
    // Of the 77 hours up to then all but the last change, which was in force.
    expect(left).toEqual({ heartbeats: 200 - (2 * 77 - 1), configuration: 20 })
    expect(await record.reader.retentionState(record.cluster)).toMatchObject({
      removedChanges: 200 - left.heartbeats,
      problem: null,
      endedAt: new Date(startMs).toISOString(),
    })
    expect((await record.reader.verify(record.cluster)).firstBad).toBeNull()
  })

  it("goes by the file's policy where there is one, whatever the screen says", async () => {
    const record = await hundredHours()
    await setOnScreen(record, policy({ configurationMs: hourMs }))
    await lookOnce(record, { clusters: [settings({ retention: policy({ heartbeatsMs: 48 * hourMs }) })] })
    const left = await counts(record)
    expect(left.configuration).toBe(20)
    expect(left.heartbeats).toBeLessThan(110)
  })

  it('takes the least important first until the size fits, and says when it cannot', async () => {
    const record = await hundredHours()
    const { usedBytes } = await record.reader.usage()
    const limit = Math.round(usedBytes * 0.7)
    await lookOnce(record, { clusters: [settings({ retention: policy({ maxDatabaseBytes: limit }) })] })
    const left = await counts(record)
    // Heartbeats alone do not make up for it: but they went first, and of the configuration only the oldest.
    expect(left.heartbeats).toBeLessThan(6)
    expect(left.configuration).toBeGreaterThan(5)
    expect(left.configuration).toBeLessThan(20)
    expect((await record.reader.usage()).usedBytes).toBeLessThanOrEqual(limit)
    expect((await record.reader.verify(record.cluster)).firstBad).toBeNull()

    await lookOnce(record, { clusters: [settings({ retention: policy({ maxDatabaseBytes: 50_000 }) })] })
    expect(await record.reader.retentionState(record.cluster)).toMatchObject({
      problem: expect.stringMatching(/may use 1 MiB/),
    })
    const newest = await record.reader.valueAt(record.cluster, 1, bytes('/app/config'), 10_000n)
    expect(newest?.value?.byteLength).toBe(40_000)
  })

  it('stands by while another collector has the cluster', async () => {
    const record = await hundredHours()
    await setOnScreen(record, policy({ heartbeatsMs: hourMs }))
    await record.writer.acquire(record.cluster, 'other', 1, startMs + 10 ** 12)
    await record.writer.release(record.cluster, record.ownership)
    await record.writer.acquire(record.cluster, 'another', 10 ** 9, startMs)
    await lookOnce(record)
    expect(await counts(record)).toEqual({ heartbeats: 200, configuration: 20 })
  })
})
