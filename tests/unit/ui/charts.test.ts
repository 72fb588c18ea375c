import { describe, expect, it } from 'vitest'
import { prepareAxis } from '../../../app/_charts/prepareAxis'
import { silentGaps } from '../../../app/_charts/prepareGaps'
import { prepareHeat, shadeOf } from '../../../app/_charts/prepareHeat'
import { prepareLanes } from '../../../app/_charts/prepareLanes'
import { type ChartMark, placeMarks } from '../../../app/_charts/prepareMarks'
import {
  type ChartSeries,
  extent,
  newestValue,
  prepareRows,
  seriesLook,
  stepForSpan,
  valueAt,
} from '../../../app/_charts/prepareSeries'
import { prepareSpark } from '../../../app/_charts/prepareSpark'
import { revisionScale, roundMoments, roundNumbers, timeScale } from '../../../app/_charts/xScale'
import type { MemberState } from '../../../lib/contract'

const span = { fromMs: 1_000_000, toMs: 1_100_000 }
const scale = timeScale(span)
const series = (id: string, points: ChartSeries['points']): ChartSeries => ({ id, name: id, points, color: 'red' })

describe('the x scale', () => {
  it('by time: places and moments are inverse', () => {
    expect(scale.place(1_050_000)).toBe(0.5)
    expect(scale.msAt(0.25)).toBe(1_025_000)
  })

  it('by revision: straight between anchors, and time stands still where no revision passed', () => {
    const anchors = [
      { ms: 1_000_000, revision: 0 },
      { ms: 1_050_000, revision: 100 },
      { ms: 1_080_000, revision: 100 },
      { ms: 1_100_000, revision: 200 },
    ]
    const byRevision = revisionScale(span, anchors)
    expect([1_000_000, 1_025_000, 1_050_000, 1_070_000, 1_100_000].map((ms) => byRevision?.place(ms))).toEqual([
      0, 0.25, 0.5, 0.5, 1,
    ])
    expect(byRevision?.msAt(0.25)).toBe(1_025_000)
    expect(byRevision?.ticks(4).map((tick) => tick.revision)).toEqual(['0', '50', '100', '150', '200'])
  })

  it('by revision: needs two different revisions', () => {
    expect(revisionScale(span, [])).toBeNull()
    expect(
      revisionScale(span, [
        { ms: 1, revision: 5 },
        { ms: 2, revision: 5 },
      ]),
    ).toBeNull()
  })

  it.each([1, 3, 6, 12])('has at most %s + 1 round ticks', (count) => {
    expect(roundMoments(span, count).moments.length).toBeLessThanOrEqual(count + 1)
    expect(roundNumbers(0, 123_456, count).length).toBeLessThanOrEqual(count + 1)
  })
})

describe('rows of a chart', () => {
  it('missing stays missing, also in a stack', () => {
    const rows = prepareRows(
      [
        series('a', [
          [1_010_000, 1],
          [1_020_000, null],
        ]),
        series('b', [
          [1_010_000, 2],
          [1_020_000, null],
        ]),
      ],
      scale,
      { stacked: true },
    )
    expect(rows.map((row) => row.values)).toEqual([
      [
        [0, 1],
        [1, 3],
      ],
      [null, null],
    ])
  })

  it('stops at a gap also where no point fell into it', () => {
    const gaps = [{ fromMs: 1_030_000, toMs: 1_040_000, reason: 'away' }]
    const rows = prepareRows(
      [
        series('a', [
          [1_030_000, 1],
          [1_040_000, 2],
        ]),
      ],
      scale,
      { gaps },
    )
    expect(rows.map((row) => row.values[0])).toEqual([1, null, 2])
  })

  it('the extent is of what the plot shows', () => {
    const rows = prepareRows(
      [
        series('a', [
          [900_000, 99],
          [1_010_000, 4],
          [1_020_000, 0.5],
        ]),
      ],
      scale,
    )
    expect(extent(rows)).toEqual({ high: 4, low: 0.5 })
  })

  it('reads the value under the cursor, but not one from long before', () => {
    const one = series('a', [
      [1000, 1],
      [2000, 2],
      [3000, null],
    ])
    expect([
      valueAt(one, 2500, 1000),
      valueAt(one, 3500, 1000),
      valueAt(one, 9000, 1000),
      valueAt(one, 500, 1000),
    ]).toEqual([2, null, null, null])
    expect(newestValue(one)).toBe(2)
  })

  it('hands out colours and styles in order', () => {
    expect([seriesLook(0), seriesLook(1), seriesLook(8)]).toEqual([
      { color: 'var(--chart-1)', style: 'solid' },
      { color: 'var(--chart-2)', style: 'dashed' },
      { color: 'var(--chart-1)', style: 'dotted' },
    ])
  })

  it('asks for a round step', () => {
    expect([stepForSpan(900_000), stepForSpan(6 * 3_600_000), stepForSpan(1000)]).toEqual([5000, 120_000, 1000])
  })
})

describe('the value axis', () => {
  it.each([
    ['1/s', 182, 140, ['0', '50', '100', '150', '200'], '/s'],
    ['seconds', 0.0338, 90, ['0', '20', '40'], 'ms'],
    ['bytes', 5.9 * 2 ** 30, 100, ['0', '2', '4', '6'], 'GiB'],
    ['count', 0, 60, ['0', '1'], ''],
    ['count', 2, 140, ['0', '1', '2'], ''],
  ])('%s up to %s', (unit, high, heightPx, labels, printed) => {
    const axis = prepareAxis({ unit, high, heightPx })
    expect(axis.ticks.map((tick) => tick.label)).toEqual(labels)
    expect(axis.unit).toBe(printed)
    expect(axis.high).toBeGreaterThanOrEqual(high)
  })

  it('log: ticks at powers of ten, zero stands at the bottom', () => {
    const axis = prepareAxis({ unit: 'seconds', high: 1.712, low: 0.006, log: true, heightPx: 112 })
    expect(axis.ticks.map((tick) => tick.label)).toEqual(['1', '10', '100', '1,000'])
    expect(axis.place(0)).toBe(0)
    expect(axis.place(1.712)).toBeLessThanOrEqual(1)
  })
})

describe('marks', () => {
  const mark = (id: string, ms: number, kind: ChartMark['kind'] = 'planned'): ChartMark => ({ id, ms, kind, label: id })

  it('closer than 16 px stack into one, and what nobody asked for stands for them', () => {
    const placed = placeMarks([mark('a', 1_010_000), mark('b', 1_011_000, 'leader'), mark('c', 1_050_000)], scale, 1000)
    expect(placed.map(({ mark: { id }, together }) => [id, together.length])).toEqual([
      ['b', 2],
      ['c', 1],
    ])
  })

  it('outside the span are not drawn', () => {
    expect(placeMarks([mark('a', 900_000), mark('b', 1_200_000)], scale, 1000)).toEqual([])
  })
})

describe('lanes', () => {
  const state = (
    memberId: string,
    kind: MemberState['state'],
    fromMs: number,
    toMs: number,
    term = '1',
  ): MemberState => ({
    memberId,
    name: `name-${memberId}`,
    state: kind,
    term,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  })

  it('follow the order of the member list, with members that left it after them', () => {
    const lanes = prepareLanes([state('z', 'follower', 1_000_000, 1_050_000)], ['a', 'b'], scale)
    expect(lanes.map((lane) => [lane.id, lane.now])).toEqual([
      ['a', null],
      ['b', null],
      ['z', 'follower'],
    ])
  })

  it('a follower in a new term goes on; a leader of a new term is a new bar; a pause is a hole', () => {
    const lanes = prepareLanes(
      [
        state('a', 'follower', 1_000_000, 1_010_000, '1'),
        state('a', 'follower', 1_010_000, 1_020_000, '2'),
        state('a', 'leader', 1_020_000, 1_030_000, '3'),
        state('a', 'leader', 1_030_000, 1_040_000, '4'),
        state('a', 'leader', 1_060_000, 1_070_000, '4'),
      ],
      ['a'],
      scale,
    )
    expect(lanes[0]?.segments.map((s) => [s.state, s.from, Number(s.width.toFixed(3))])).toEqual([
      ['follower', 0, 0.2],
      ['leader', 0.2, 0.1],
      ['leader', 0.3, 0.1],
      ['leader', 0.6, 0.1],
    ])
  })
})

it('heat: zero has the lowest shade, the highest value the highest, and gaps have no cell', () => {
  expect([shadeOf(0, 100), shadeOf(1, 100), shadeOf(100, 100)]).toEqual([0, 1, 5])
  const gaps = [{ fromMs: 1_010_000, toMs: 1_020_000, reason: 'away' }]
  const cells = prepareHeat(
    {
      id: 'a',
      label: 'a',
      points: [
        [1_000_000, 1],
        [1_010_000, 1],
        [1_020_000, null],
        [1_030_000, 2],
      ],
    },
    10_000,
    2,
    scale,
    gaps,
  )
  expect(cells.map((cell) => cell.ms)).toEqual([1_000_000, 1_030_000])
})

it('a spark is cut where nothing was measured', () => {
  const { line } = prepareSpark(
    [
      [1_000_000, 1],
      [1_020_000, 1],
      [1_040_000, null],
      [1_060_000, 1],
    ],
    span,
    [],
    { width: 100, height: 24 },
  )
  expect(line.split('M')).toHaveLength(3)
})

it('a silence longer than three samples is a gap', () => {
  const gaps = silentGaps(
    [
      [1_000_000, 1],
      [1_005_000, 1],
      [1_060_000, 2],
      [1_095_000, 3],
    ],
    span,
    5000,
    'not asked',
  )
  expect(gaps.map((gap) => [gap.fromMs, gap.toMs])).toEqual([
    [1_005_000, 1_060_000],
    [1_060_000, 1_095_000],
  ])
})
