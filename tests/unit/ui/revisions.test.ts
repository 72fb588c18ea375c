import { describe, expect, it } from 'vitest'
import { prepareActivity, shownWords } from '../../../app/(screens)/c/[cluster]/revisions/prepareActivity'
import { hotLoops, revisionsVerdict } from '../../../app/(screens)/c/[cluster]/revisions/prepareVerdict'
import type { SeriesAnswer } from '../../../lib/contract'

const answer = (series: SeriesAnswer['series'], total?: number): SeriesAnswer => ({
  metric: 'changes',
  unit: 'count',
  stepMs: 10_000,
  series,
  ...(total === undefined ? {} : { total }),
})

describe('prepareActivity', () => {
  const counted = answer(
    [
      {
        labels: { resource: 'pods' },
        points: [
          [0, 10],
          [10_000, null],
          [20_000, 30],
        ],
      },
      {
        labels: { resource: 'leases' },
        points: [
          [0, 50],
          [10_000, null],
          [20_000, 40],
        ],
      },
      {
        labels: { resource: '' },
        points: [
          [0, 1],
          [10_000, null],
          [20_000, 0],
        ],
      },
      {
        labels: { resource: 'other', other: 'true' },
        points: [
          [0, 5],
          [10_000, null],
          [20_000, 5],
        ],
      },
    ],
    9,
  )

  it('stacks the largest first, other last and grey', () => {
    const series = prepareActivity(counted, 'resource', 60_000)
    expect(series.map((one) => [one.name, one.color])).toEqual([
      ['leases', 'var(--chart-1)'],
      ['pods', 'var(--chart-2)'],
      ['no resource', 'var(--chart-3)'],
      ['other, 6', 'var(--chart-other)'],
    ])
  })

  it('makes rates of counts, keeps missing missing, and gives no rate to the bucket that still fills', () => {
    const pods = prepareActivity(counted, 'resource', 25_000).find((one) => one.id === 'pods')
    expect(pods?.points).toEqual([
      [0, 1],
      [10_000, null],
      [20_000, null],
    ])
  })

  it('says how many of how many are shown', () => {
    expect(shownWords(prepareActivity(counted, 'resource', 60_000), counted)).toBe('3 of 9 shown, the rest as other')
    expect(shownWords([], undefined)).toBe('all 0 shown')
  })
})

const row = (label: string, changes: number, meaningless: number) => ({
  label,
  changes,
  meaningless,
  bytes: changes * 100,
  bytesPerDay: 0,
  share: 0,
})

describe('hotLoops', () => {
  it.each([
    ['a key rewritten without meaning', row('/registry/configmaps/a/b', 100, 100), 1],
    ['one that means something now and then', row('/registry/configmaps/a/b', 100, 89), 0],
    ['too few to be a loop', row('/registry/configmaps/a/b', 19, 19), 0],
    ['a lease renews by design', row('/registry/leases/kube-node-lease/n1', 500, 500), 0],
    ['endpoints follow Pods by design', row('/registry/services/endpoints/shop/web', 500, 500), 0],
  ])('%s', (_, one, expected) => {
    expect(hotLoops([one], 60_000).length).toBe(expected)
  })

  it('says how often', () => {
    expect(hotLoops([row('/x', 60, 60)], 60_000)[0]?.everyMs).toBe(1_000)
  })
})

describe('revisionsVerdict', () => {
  const by = (spec: number, heartbeat: number) =>
    answer([
      { labels: { significance: 'spec' }, points: [[0, spec]] },
      { labels: { significance: 'heartbeat' }, points: [[0, heartbeat]] },
    ])

  it('waits for both answers', () => {
    expect(revisionsVerdict({ changes: undefined, bytes: by(1, 1), loops: [], spanMs: 1000 })).toBeNull()
  })

  it('says rate, share of configuration and loops', () => {
    const verdict = revisionsVerdict({
      changes: by(10, 90),
      bytes: by(1024, 1024),
      loops: [{ key: '/x', rewrites: 60, bytes: 1024, everyMs: 1000 }],
      spanMs: 10_000,
    })
    expect(verdict?.sentence).toBe('10 changes/s, 205 B/s')
    expect(verdict?.reasons).toBe(
      '10% change configuration. 1 hot loop rewrites an object without a meaningful change, 50% of all bytes.',
    )
  })

  it('does not divide nothing', () => {
    expect(revisionsVerdict({ changes: by(0, 0), bytes: by(0, 0), loops: [], spanMs: 1000 })?.sentence).toBe(
      'Nothing was written in this range',
    )
  })
})
