import { describe, expect, it } from 'vitest'
import { maxSpanMs, samplesBetween } from '../../../lib/collector/members/counterRates'
import { histogramDelta } from '../../../lib/collector/members/histogramDeltas'
import { type Scrape, type ScrapedSeries, seriesKey } from '../../../lib/collector/members/scrape'

const labels = { member: 'm1', member_id: 'a1' }

type Given = Record<string, number | ScrapedSeries>

function scrape(atMs: number, processStart: number | null, given: Given): Scrape {
  const series = new Map<string, ScrapedSeries>()
  for (const [metric, value] of Object.entries(given)) {
    const kind = metric.startsWith('g_') ? 'gauge' : 'counter'
    const base: ScrapedSeries = typeof value === 'number' ? { metric, kind, labels, value } : value
    series.set(seriesKey(base.metric, base.labels), metric.startsWith('i_') ? { ...base, zeroIsUnset: true } : base)
  }
  return { atMs, processStart, series }
}

function histogram(bounds: number[], cumulative: number[], sum: number): ScrapedSeries {
  return {
    metric: 'h',
    kind: 'histogram',
    labels,
    value: cumulative.at(-1) ?? 0,
    histogram: { bounds, cumulative, sum },
  }
}

const values = (previous: Scrape | null, present: Scrape) =>
  Object.fromEntries(samplesBetween(previous, present).map((s) => [s.metric, s.value]))

const table: { name: string; before: Scrape | null; now: Scrape; expected: Record<string, number> }[] = [
  {
    name: 'the first scrape gives gauges only',
    before: null,
    now: scrape(5000, 1, { c: 10, g_x: 3 }),
    expected: { g_x: 3 },
  },
  {
    name: 'a counter becomes its increase',
    before: scrape(0, 1, { c: 10 }),
    now: scrape(5000, 1, { c: 25 }),
    expected: { c: 15 },
  },
  {
    name: 'no increase is a sample of 0, not nothing',
    before: scrape(0, 1, { c: 10 }),
    now: scrape(5000, 1, { c: 10 }),
    expected: { c: 0 },
  },
  {
    name: 'another start time is a new life: no increase at all, gauges stay',
    before: scrape(0, 1, { c: 10, d: 5 }),
    now: scrape(5000, 2, { c: 300, d: 6, g_x: 1 }),
    expected: { g_x: 1 },
  },
  {
    name: 'one counter that went back is a new life for all of them',
    before: scrape(0, null, { c: 10, d: 5 }),
    now: scrape(5000, null, { c: 300, d: 4 }),
    expected: {},
  },
  {
    name: 'a gauge may go back',
    before: scrape(0, 1, { c: 1, g_x: 9 }),
    now: scrape(5000, 1, { c: 2, g_x: 3 }),
    expected: { c: 1, g_x: 3 },
  },
  {
    name: 'a label first used within a known life counts from 0',
    before: scrape(0, 1, { c: 1 }),
    now: scrape(5000, 1, { c: 1, fresh: 4 }),
    expected: { c: 0, fresh: 4 },
  },
  {
    name: 'without a start time a new series has no known beginning',
    before: scrape(0, null, { c: 1 }),
    now: scrape(5000, null, { c: 1, fresh: 4 }),
    expected: { c: 0 },
  },
  {
    name: 'a series that disappeared ends',
    before: scrape(0, 1, { c: 1, gone: 5, g_gone: 1 }),
    now: scrape(5000, 1, { c: 2 }),
    expected: { c: 1 },
  },
  {
    name: 'an index that was not set yet measures nothing when it is first set',
    before: scrape(0, 1, { i_committed: 0 }),
    now: scrape(5000, 1, { i_committed: 90_000 }),
    expected: {},
  },
  {
    name: 'an index that is set measures on',
    before: scrape(0, 1, { i_committed: 90_000 }),
    now: scrape(5000, 1, { i_committed: 90_010 }),
    expected: { i_committed: 10 },
  },
  {
    name: 'NaN and infinity are missing',
    before: scrape(0, 1, { c: 1, d: 1 }),
    now: scrape(5000, 1, {
      c: Number.NaN,
      d: Number.POSITIVE_INFINITY,
      g_x: Number.NaN,
      g_y: Number.NEGATIVE_INFINITY,
    }),
    expected: {},
  },
  {
    name: 'over too long a pause nothing is claimed',
    before: scrape(0, 1, { c: 1 }),
    now: scrape(maxSpanMs + 1, 1, { c: 100 }),
    expected: {},
  },
  {
    name: 'a clock that did not advance gives no increase',
    before: scrape(5000, 1, { c: 1 }),
    now: scrape(5000, 1, { c: 100 }),
    expected: {},
  },
]

describe('samples of two scrapes', () => {
  it.each(table)('$name', ({ before, now, expected }) => {
    expect(values(before, now)).toEqual(expected)
  })

  it('an increase carries the time that it covers, a gauge none', () => {
    const samples = samplesBetween(scrape(1000, 1, { c: 1 }), scrape(6200, 1, { c: 2, g_x: 1 }))
    expect(samples.map((s) => s.spanMs)).toEqual([5200, 0])
    expect(samples[0]?.labels).toEqual(labels)
  })
})

const bounds = [0.1, 0.2, Number.POSITIVE_INFINITY]

describe('histograms of two scrapes', () => {
  it('become the increase of each bucket, not cumulative', () => {
    const before = scrape(0, 1, { h: histogram(bounds, [1, 3, 4], 1) })
    const now = scrape(5000, 1, { h: histogram(bounds, [3, 6, 9], 2.5) })
    expect(samplesBetween(before, now)).toEqual([
      {
        metric: 'h',
        labels,
        kind: 'histogram',
        value: 5,
        spanMs: 5000,
        histogram: { bounds, counts: [2, 1, 2], sum: 1.5 },
      },
    ])
  })

  it.each([
    ['a bucket went back: new life', histogram(bounds, [1, 3, 5], 2)],
    ['changed bounds', histogram([0.1, 0.4, Number.POSITIVE_INFINITY], [3, 6, 9], 3)],
    ['other number of buckets', histogram([0.1, Number.POSITIVE_INFINITY], [9, 9], 3)],
    ['sum not a number', histogram(bounds, [3, 6, 9], Number.NaN)],
    ['increases that contradict each other', histogram(bounds, [9, 5, 9], 3)],
  ])('give no sample when %s', (_, present) => {
    const before = scrape(0, 1, { h: histogram(bounds, [2, 4, 4], 1) })
    expect(samplesBetween(before, scrape(5000, 1, { h: present }))).toEqual([])
  })

  it('a histogram first seen within a known life counts from 0', () => {
    const present = { bounds, cumulative: [1, 2, 2], sum: 0.3 }
    expect(histogramDelta(null, present)).toEqual({ bounds, counts: [1, 1, 0], sum: 0.3 })
  })
})
