import { describe, expect, it } from 'vitest'
import { activity } from '../../../lib/query/activity'
import { ledger } from '../../../lib/query/ledger'
import { fullAt, growthOf } from '../../../lib/query/quota'
import type { Scope } from '../../../lib/query/scope'
import { onGrid, series } from '../../../lib/query/series'
import { pointLimit, timeGrid } from '../../../lib/query/timeGrid'
import { upSeries } from '../../../lib/query/upSeries'
import { clusterRow, emptyRecord, epochRow, fakeReader } from '../../support/fakeReader'

const hour = 3_600_000

describe('the grid of a chart', () => {
  it.each([
    ['fits the points asked for', hour, undefined, 15_000],
    ['takes the step asked for', hour, '30s', 30_000],
    ['takes milliseconds, in whole seconds', hour, '2500', 3_000],
    ['is never finer than a second', 60_000, '10ms', 1_000],
    ['is not finer than the scrape by default', 60_000, undefined, 5_000],
    ['widens a step that gives too many points', 24 * hour, '1s', 60_000],
    ['copes with decades', 20 * 365 * 24 * hour, '1s', 4 * 24 * hour],
  ])('%s', (_what, spanMs, step, stepMs) => {
    const grid = timeGrid({ fromMs: 1_000_000_500, toMs: 1_000_000_500 + spanMs }, step, {
      points: 300,
      minStepMs: 5_000,
    })
    expect(grid.stepMs).toBe(stepMs)
    expect(grid.fromMs % stepMs).toBe(0)
    expect((grid.toMs - grid.fromMs) / stepMs).toBeLessThanOrEqual(pointLimit)
    expect(grid.fromMs).toBeLessThanOrEqual(1_000_000_500)
    expect(grid.toMs).toBeGreaterThanOrEqual(1_000_000_500 + spanMs)
  })
})

describe('points on the grid', () => {
  it('are null where nothing was measured', () => {
    const grid = { fromMs: 0, toMs: 240_000, stepMs: 60_000 }
    expect(
      onGrid(
        [
          [0, 1],
          [180_000, 2],
        ],
        grid,
      ),
    ).toEqual([
      [0, 1],
      [60_000, null],
      [120_000, null],
      [180_000, 2],
    ])
  })
  it('stand between two scrapes when buckets are finer, but not for longer and not after the last', () => {
    const grid = { fromMs: 0, toMs: 30_000, stepMs: 2_000 }
    const values = onGrid(
      [
        [0, 1],
        [4_000, 2],
        [24_000, 3],
      ],
      grid,
    ).map(([, value]) => value)
    expect(values).toEqual([1, 1, 2, 2, 2, 2, 2, 2, 2, null, null, null, 3, null, null])
  })
})

describe('up of a member', () => {
  const grid = { fromMs: 0, toMs: 50_000, stepMs: 10_000 }
  const stretch = (state: 'leader' | 'down', fromMs: number, toMs: number) => ({
    memberId: 'a1',
    name: 'm1',
    state,
    term: 1n,
    fromMs,
    toMs,
  })
  const stretches = [stretch('leader', 0, 12_000), stretch('down', 12_000, 15_000), stretch('leader', 15_000, 29_000)]

  it('keeps a short outage visible, and is null while nobody looked', () => {
    expect(upSeries(stretches, grid, 'min')).toEqual([
      {
        labels: { member: 'm1', member_id: 'a1' },
        points: [
          [0, 1],
          [10_000, 0],
          [20_000, 1],
          [30_000, null],
          [40_000, null],
        ],
      },
    ])
  })
  it('gives the share of the observed time as avg', () => {
    expect(upSeries(stretches, grid, 'avg')[0]?.points[1]).toEqual([10_000, 0.7])
  })
})

describe('series', () => {
  function scopeWith(kind: 'gauge' | 'counter' | 'histogram'): Scope {
    const record = emptyRecord()
    record.clusters.push(clusterRow())
    record.metricNames = [{ metric: 'etcd_server_proposals_pending', kind }]
    record.series = [{ labels: { member: 'm1' }, points: [] }]
    return { reader: fakeReader(record), nowMs: 10 * hour, version: 'test' }
  }
  const ask = { cluster: 'prod', from: '-1h', to: 'now', step: undefined }

  it('gives no more points than the limit, whatever is asked', async () => {
    const answer = await series(scopeWith('gauge'), {
      ...ask,
      from: '-9h',
      step: '1s',
      metric: 'etcd_server_proposals_pending',
    })
    expect(answer.series[0]?.points.length).toBeLessThanOrEqual(pointLimit)
  })
  it.each([
    ['gauge', 'rate'],
    ['counter', 'p99'],
    ['histogram', 'last'],
  ] as const)('refuses for a %s the aggregation %s', async (kind, agg) => {
    await expect(
      series(scopeWith(kind), { ...ask, metric: 'etcd_server_proposals_pending', agg }),
    ).rejects.toMatchObject({ code: 'BAD_REQUEST', subject: 'agg' })
  })
  it('is empty for a metric of etcd that is not recorded yet, and an error for one that nobody knows', async () => {
    const known = await series(scopeWith('gauge'), { ...ask, metric: 'etcd_mvcc_put_total' })
    expect(known).toMatchObject({ series: [], unit: '1/s' })
    await expect(series(scopeWith('gauge'), { ...ask, metric: 'made_up' })).rejects.toMatchObject({ subject: 'metric' })
  })
})

describe('activity', () => {
  it('draws 0 where the record covers a bucket and null before it, in gaps and after it', async () => {
    const record = emptyRecord()
    record.clusters.push(
      clusterRow({
        epochs: [epochRow({ storedRevision: 9n, firstRevision: 1n, firstMs: 10_000, lastMs: 70_000 })],
        gaps: [
          { epoch: 1, fromRevision: 3n, toRevision: 5n, reason: 'r', atMs: 50_000, beforeMs: 25_000, afterMs: 51_000 },
        ],
      }),
    )
    record.activity = {
      labels: 12,
      series: [
        { label: 'pods', points: [[10_000, 4]] },
        { label: null, points: [[60_000, 2]] },
      ],
    }
    const scope: Scope = { reader: fakeReader(record), nowMs: 100_000, version: 'test' }
    const answer = await activity(scope, {
      cluster: 'prod',
      metric: 'changes',
      by: 'resource',
      top: 1,
      from: '1970-01-01T00:00:00Z',
      to: 'now',
      step: '10s',
    })
    expect(answer.total).toBe(12)
    expect(answer.series.map((one) => one.labels)).toEqual([{ resource: 'pods' }, { resource: 'other', other: 'true' }])
    const values = answer.series.map((one) => one.points.map(([, value]) => value))
    expect(values[0]).toEqual([null, 4, 0, null, null, 0, 0, 0, null, null])
    expect(values[1]).toEqual([null, 0, 0, null, null, 0, 2, 0, null, null])
  })
})

describe('the ledger', () => {
  it('gives shares of everything written, also of what the list leaves out', async () => {
    const record = emptyRecord()
    record.clusters.push(
      clusterRow({ epochs: [epochRow({ storedRevision: 9n, firstMs: 0, lastMs: 10, firstRevision: 1n })] }),
    )
    record.ledger = [{ label: 'pods', changes: 10, bytes: 250, meaningless: 3 }]
    record.activity = { labels: 1, series: [{ label: 'update', points: [[0, 1000]] }] }
    const scope: Scope = { reader: fakeReader(record), nowMs: 24 * hour, version: 'test' }
    const answer = await ledger(scope, { cluster: 'prod', by: 'resource', from: '-12h', to: 'now', limit: 1 })
    expect(answer.items).toEqual([
      { label: 'pods', changes: 10, bytes: 250, bytesPerDay: 500, share: 0.25, meaningless: 3 },
    ])
  })
})

describe('the quota forecast', () => {
  const line = (start: number, perMinute: number, minutes: number): [number, number][] =>
    Array.from({ length: minutes / 5 + 1 }, (_, i) => [i * 300_000, start + perMinute * i * 5])

  it('reads the growth off a straight line and says when it meets the quota', () => {
    const growth = growthOf(line(1_000, 10, 60))
    expect(growth?.bytesPerMs).toBeCloseTo(10 / 60_000, 9)
    expect(growth && fullAt(growth, 2_200, 3_600_000)).toBe(new Date(7_200_000).toISOString())
  })
  it.each([
    ['with too little history', line(1_000, 10, 15)],
    ['with nothing', []],
  ])('says nothing %s', (_what, points) => {
    expect(growthOf(points)).toBeNull()
  })
  it('gives no date for a database that shrinks, or for a far future', () => {
    const shrinking = growthOf(line(1_000, -1, 60))
    expect(shrinking && fullAt(shrinking, 5_000, 0)).toBeNull()
    const slow = growthOf(line(1_000, 0.001, 60))
    expect(slow && fullAt(slow, 1e12, 0)).toBeNull()
  })
})
