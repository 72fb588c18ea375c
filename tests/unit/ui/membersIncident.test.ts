import { describe, expect, it } from 'vitest'
import {
  type ComparedMetric,
  changesPerSecond,
  ofMember,
  prepareComparison,
  windowsOf,
} from '../../../app/(screens)/c/[cluster]/members/prepareComparison'
import { prepareNearby } from '../../../app/(screens)/c/[cluster]/members/prepareNearby'
import type { Change } from '../../../lib/contract'
import { answer, leaderChange, NOW_MS, ofMemberLabels, stretch } from './membersFixtures'

const at = { at: new Date(NOW_MS).toISOString() }
const windows = windowsOf(at)
type Points = readonly (readonly [number, number | null])[]
/** Seconds from the change. */
const points = (...list: readonly (readonly [number, number | null])[]): Points =>
  list.map(([s, v]) => [NOW_MS + s * 1000, v])
const nothing: Readonly<Record<ComparedMetric, Points>> = {
  fsync: [],
  roundTrip: [],
  pending: [],
  cpu: [],
  changes: [],
}
const row = (metric: ComparedMetric, list: Points) =>
  prepareComparison({ ...nothing, [metric]: list }, windows).find((one) => one.metric === metric)

describe('usual against the two minutes around', () => {
  it('looks a minute to either side, and half an hour back with room between', () => {
    expect(windows.around).toEqual({ fromMs: NOW_MS - 60_000, toMs: NOW_MS + 60_000 })
    expect(windows.usual).toEqual({ fromMs: NOW_MS - 1_890_000, toMs: NOW_MS - 90_000 })
    expect(windows.whole).toEqual({ fromMs: windows.usual.fromMs, toMs: windows.around.toMs })
  })

  it('compares the median of before with the highest of around, and ignores what lies between', () => {
    const list = points([-600, 0.008], [-500, 0.009], [-400, 0.4], [-80, 5], [-30, 0.02], [10, 0.6])
    expect(row('fsync', list)).toMatchObject({ usual: 0.009, around: 0.6, tone: 'critical' })
  })

  it('compares the highest with the highest for pending proposals, whose median is nearly always 0', () => {
    const list = points([-600, 0], [-500, 4], [-400, 0], [-10, 212])
    expect(row('pending', list)).toMatchObject({ usual: 4, around: 212, tone: 'warn' })
  })

  it.each([
    { name: 'nothing measured', list: points([-600, null], [0, null]), usual: null, around: null, tone: undefined },
    {
      name: 'small values never stand out',
      list: points([-600, 0.001], [0, 0.009]),
      usual: 0.001,
      around: 0.009,
      tone: undefined,
    },
    { name: 'high but as usual', list: points([-600, 0.05], [0, 0.06]), usual: 0.05, around: 0.06, tone: undefined },
    { name: 'twice the usual', list: points([-600, 0.02], [0, 0.04]), usual: 0.02, around: 0.04, tone: 'warn' },
    { name: 'critical without a usual', list: points([0, 0.7]), usual: null, around: 0.7, tone: 'critical' },
    { name: 'no usual, not critical: no claim', list: points([0, 0.1]), usual: null, around: 0.1, tone: undefined },
  ])('$name', ({ list, usual, around, tone }) => {
    expect(row('fsync', list)).toMatchObject({ usual, around, tone })
  })

  it('reads the member that was lost, or the worst of all when there was none', () => {
    const both = answer([
      { labels: ofMemberLabels('a'), points: [[0, 1]] },
      { labels: ofMemberLabels('b'), points: [[0, 2]] },
    ])
    expect(ofMember(both, '1a')).toEqual([[0, 1]])
    expect(ofMember(both, null)).toEqual([[0, 2]])
    expect(changesPerSecond(answer([{ labels: { op: 'update' }, points: [[0, 50]] }], 10_000))).toEqual([[0, 5]])
  })
})

describe('what happened nearby', () => {
  const changed: Change = {
    revision: '890',
    ordinal: 0,
    epoch: 1,
    at: new Date(NOW_MS - 20_000).toISOString(),
    atSource: 'observed',
    origin: 'watch',
    op: 'update',
    key: '/registry/configmaps/shop/web',
    resource: 'configmaps',
    namespace: 'shop',
    name: 'web',
    manager: 'helm',
    significance: 'spec',
    version: '2',
    createRevision: '1',
    leaseId: null,
    valueBytes: 10,
    redacted: false,
    summary: 'data.a changed',
  }

  it('lists configuration, members away and defragmentation in the order of time', () => {
    const states = [stretch('a', 'leader', -300, -5), stretch('a', 'down', 10, 70), stretch('a', 'follower', 70, 200)]
    const defrag = answer([
      {
        labels: ofMemberLabels('b'),
        points: [
          [NOW_MS - 90_000, 0],
          [NOW_MS - 60_000, 0.2],
        ],
      },
    ])
    const found = prepareNearby({ changes: [changed], states, defrag })
    expect(found.map((one) => one.kind)).toEqual(['defrag', 'change', 'member'])
    expect(found[2]).toMatchObject({ name: 'etcd-a', atMs: NOW_MS + 10_000 })
    expect(found[2]?.kind === 'member' && found[2].words).toMatch(
      /^stopped answering, back at \d\d:\d\d:\d\d \(1 min\)$/,
    )
  })

  it('does not say that a member is back while it is not', () => {
    const [away] = prepareNearby({ changes: [], states: [stretch('a', 'down', 0, 30)], defrag: undefined })
    expect(away).toMatchObject({ words: 'stopped answering, for 30 s' })
  })

  it('says of a single failed look that it was one', () => {
    const states = [stretch('a', 'follower', -60, 0), stretch('a', 'down', 0, 0.4), stretch('a', 'follower', 1, 60)]
    expect(prepareNearby({ changes: [], states, defrag: undefined })[0]).toMatchObject({ words: 'did not answer once' })
  })

  it('counts stretches of absence that follow each other once', () => {
    const states = [stretch('a', 'down', 0, 30), stretch('a', 'down', 30, 60), stretch('b', 'down', 10, 20)]
    expect(prepareNearby({ changes: [], states, defrag: undefined }).map((one) => one.id)).toHaveLength(2)
  })

  it('keeps a leader change without anything around it empty', () => {
    expect(leaderChange().causes).toEqual([])
    expect(prepareNearby({ changes: [], states: [stretch('a', 'leader', -10, 10)], defrag: answer([]) })).toEqual([])
  })
})
