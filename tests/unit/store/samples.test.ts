import { describe, expect, it } from 'vitest'
import type { SampleInput, SeriesPoints } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { type TestRecord, testRecord } from './recordFixture'

type Agg = Parameters<TestRecord['reader']['series']>[1]['agg']

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** A whole day, so that every bucket width starts here. */
const start = 1_700_006_400_000
const labels = { member: 'm1', member_id: '1' }
const bounds = [0.001, 0.01, 0.1, Number.POSITIVE_INFINITY]

const gauge = (value: number): SampleInput => ({ metric: 'db', labels, kind: 'gauge', value, spanMs: 0 })
const counter = (value: number, spanMs = 5000): SampleInput => ({
  metric: 'ops',
  labels,
  kind: 'counter',
  value,
  spanMs,
})
const histogram = (counts: number[], sum: number): SampleInput => ({
  metric: 'fsync',
  labels,
  kind: 'histogram',
  value: counts.reduce((a, b) => a + b, 0),
  spanMs: 5000,
  histogram: { bounds, counts, sum },
})

async function read(record: TestRecord, metric: string, agg: Agg, stepMs: number, fromMs = start, toMs = start + hour) {
  const series = await record.reader.series(record.cluster, { metric, agg, stepMs, fromMs, toMs })
  return series.flatMap((one: SeriesPoints) => one.points)
}

describe('series', () => {
  it.each<[Agg, number[]]>([
    ['avg', [3, 7]],
    ['min', [1, 7]],
    ['max', [5, 7]],
    ['last', [5, 7]],
    ['sum', [9, 7]],
  ])('of a gauge: %s', async (agg, expected) => {
    const record = await testRecord()
    for (const [at, value] of [
      [0, 1],
      [5000, 3],
      [9999, 5],
      [30_000, 7],
    ] as const) {
      await record.writer.writeSamples(record.cluster, start + at, [gauge(value)])
    }
    const points = await read(record, 'db', agg, 10_000)
    expect(points).toEqual([
      [start, expected[0]],
      [start + 30_000, expected[1]],
    ])
  })

  it('of a counter: increase over the time that it covers, nothing where nothing was measured', async () => {
    const record = await testRecord()
    await record.writer.writeSamples(record.cluster, start, [counter(0, 0)])
    await record.writer.writeSamples(record.cluster, start + 10_000, [counter(50, 5000)])
    await record.writer.writeSamples(record.cluster, start + 15_000, [counter(100, 10_000)])
    expect(await read(record, 'ops', 'rate', 10_000)).toEqual([[start + 10_000, 10]])
    expect(await read(record, 'ops', 'sum', 10_000)).toEqual([
      [start, 0],
      [start + 10_000, 150],
    ])
  })

  it('of a histogram: quantiles, rate and mean from the increases within each bucket of time', async () => {
    const record = await testRecord()
    await record.writer.writeSamples(record.cluster, start, [histogram([90, 10, 0, 0], 0.12)])
    await record.writer.writeSamples(record.cluster, start + 5000, [histogram([0, 90, 10, 0], 0.5)])
    await record.writer.writeSamples(record.cluster, start + 10_000, [histogram([0, 0, 0, 0], 0)])
    expect(await read(record, 'fsync', 'p50', 10_000)).toEqual([[start, expect.closeTo(0.0019, 10)]])
    expect(await read(record, 'fsync', 'p99', 10_000)).toEqual([[start, expect.closeTo(0.082, 10)]])
    expect(await read(record, 'fsync', 'rate', 10_000)).toEqual([
      [start, 20],
      [start + 10_000, 0],
    ])
    expect(await read(record, 'fsync', 'avg', 10_000)).toEqual([[start, 0.62 / 200]])
  })

  it('keeps members apart, joins a member whose buckets changed, and refuses what does not fit', async () => {
    const record = await testRecord()
    const other = { member: 'm2', member_id: '2' }
    await record.writer.writeSamples(record.cluster, start, [gauge(1), { ...gauge(2), labels: other }])
    await record.writer.writeSamples(record.cluster, start, [histogram([1, 0, 0, 0], 1)])
    const wider = { bounds: [1, Number.POSITIVE_INFINITY], counts: [4, 0], sum: 2 }
    await record.writer.writeSamples(record.cluster, start + minute, [{ ...histogram([], 0), histogram: wider }])
    const found = await record.reader.series(record.cluster, {
      metric: 'db',
      agg: 'max',
      stepMs: 1000,
      fromMs: start,
      toMs: start + 1,
    })
    expect(found).toEqual([
      { labels, points: [[start, 1]] },
      { labels: other, points: [[start, 2]] },
    ])
    expect(await read(record, 'fsync', 'p50', minute)).toEqual([
      [start, 0.0005],
      [start + minute, 0.5],
    ])
    await expect(read(record, 'db', 'p99', minute)).rejects.toMatchObject({ code: 'BAD_REQUEST', subject: 'agg' })
    expect(await record.reader.metricNames(record.cluster)).toEqual([
      { metric: 'db', kind: 'gauge' },
      { metric: 'fsync', kind: 'histogram' },
    ])
  })
})

describe('roll-ups', () => {
  const questions: [string, Agg[]][] = [
    ['db', ['min', 'max', 'avg', 'sum', 'last']],
    ['ops', ['rate', 'sum']],
    ['fsync', ['p50', 'p90', 'p99', 'rate', 'avg']],
  ]

  async function answers(record: TestRecord, stepMs: number, fromMs: number, toMs: number) {
    const all: Record<string, (readonly [number, number])[]> = {}
    for (const [metric, aggs] of questions) {
      for (const agg of aggs) all[`${metric} ${agg}`] = await read(record, metric, agg, stepMs, fromMs, toMs)
    }
    return all
  }

  const rounded = (all: Awaited<ReturnType<typeof answers>>) =>
    JSON.parse(JSON.stringify(all, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(10)) : value)))

  async function scrapedFor(durationMs: number): Promise<TestRecord> {
    const record = await testRecord()
    const random = seededRandom(11)
    for (let at = 0; at < durationMs; at += 20_000) {
      // A pause of several minutes: missing is missing.
      if (at > 17 * minute && at < 25 * minute) continue
      const counts = bounds.map(() => Math.floor(random() * 50))
      await record.writer.writeSamples(record.cluster, start + at, [
        gauge(random() * 100),
        counter(Math.floor(random() * 30), 20_000),
        histogram(counts, random()),
      ])
    }
    return record
  }

  it('give the answers that the raw samples gave, at every step, while they grow', async () => {
    const record = await scrapedFor(hour)
    const end = start + hour
    const steps = [30_000, minute, 5 * minute, 10 * minute, 20 * minute]
    const before = await Promise.all(steps.map((stepMs) => answers(record, stepMs, start, end)))
    for (const nowMs of [start + 12 * minute, start + 40 * minute, end + minute]) {
      const done = await record.writer.maintainSamples(nowMs)
      expect(done.rolledUp).toBeGreaterThan(0)
      expect(done.dropped).toBe(0)
      const after = await Promise.all(steps.map((stepMs) => answers(record, stepMs, start, end)))
      expect(rounded(after as never)).toEqual(rounded(before as never))
    }
    expect((await record.writer.maintainSamples(end + minute)).rolledUp).toBe(0)
  })

  it('stand in for raw samples that were dropped after a day, and are themselves dropped in their time', async () => {
    const record = await scrapedFor(hour)
    const end = start + hour
    const before = await answers(record, 10 * minute, start, end)
    const perMinute = await answers(record, minute, start, end)
    const nextDay = await record.writer.maintainSamples(end + day)
    expect(nextDay.dropped).toBeGreaterThan(0)
    expect(rounded(await answers(record, 10 * minute, start, end))).toEqual(rounded(before))
    expect(rounded(await answers(record, minute, start, end))).toEqual(rounded(perMinute))
    await record.writer.maintainSamples(end + 15 * day)
    expect(rounded(await answers(record, 10 * minute, start, end))).toEqual(rounded(before))
    expect((await read(record, 'db', 'max', minute, start, end)).length).toBe(before['db max']?.length)
    await record.writer.maintainSamples(end + 401 * day)
    expect(await read(record, 'db', 'max', 10 * minute, start, end)).toEqual([])
  })
})

describe('samples as they are stored', () => {
  const given = async (record: TestRecord, afterMs: number, toMs: number) =>
    (await record.reader.samples(record.cluster, { metrics: ['db', 'ops', 'fsync'], afterMs, toMs })).map(
      ({ metric, samples }) => [metric, samples],
    )

  it('are each one after the first moment up to the last, of the metrics asked for', async () => {
    const record = await testRecord()
    for (const at of [0, 5_000, 10_000]) {
      const other: SampleInput = { ...gauge(1), metric: 'other' }
      await record.writer.writeSamples(record.cluster, start + at, [gauge(at), counter(at), other])
    }
    expect(await given(record, start, start + 5_000)).toEqual([
      ['db', [{ atMs: start + 5_000, value: 5_000, spanMs: 0 }]],
      ['ops', [{ atMs: start + 5_000, value: 5_000, spanMs: 5_000 }]],
    ])
    expect(await given(record, start + 10_000, start + hour)).toEqual([])
  })

  it('are roll-ups at the end of their bucket where raw ones were dropped, none twice at the border', async () => {
    const record = await testRecord()
    for (let at = 0; at < 4 * minute; at += 20_000) {
      await record.writer.writeSamples(record.cluster, start + at, [gauge(at / 1000), histogram([1, 0, 0, 1], 0.5)])
    }
    await record.writer.maintainSamples(start + day + 2 * minute)
    const rows = new Map((await given(record, start - 1, start + hour)) as [string, { atMs: number }[]][])
    const ends = rows.get('db')?.map(({ atMs }) => (atMs - start) / 1000)
    expect(ends).toEqual([60, 120, 120, 140, 160, 180, 200, 220])
    expect(rows.get('db')?.[1]).toEqual({
      atMs: start + 2 * minute,
      value: 100,
      spanMs: 0,
      bucket: { min: 60, max: 100, sum: 240, count: 3 },
    })
    expect(rows.get('fsync')?.[0]).toMatchObject({ value: 6, spanMs: 15_000, counts: [3, 0, 0, 3] })
  })
})
