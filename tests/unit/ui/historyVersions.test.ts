import { describe, expect, it } from 'vitest'
import { timeScale } from '../../../app/_charts/xScale'
import { nearbyRows } from '../../../app/(screens)/c/[cluster]/history/object/prepareNearby'
import {
  labelSides,
  nearestVersion,
  prepareTrack,
  trackSpan,
} from '../../../app/(screens)/c/[cluster]/history/object/prepareTrack'
import {
  chosenEnds,
  lifeStretches,
  prepareVersionRows,
  stepSpec,
  stepVersion,
} from '../../../app/(screens)/c/[cluster]/history/object/prepareVersions'
import { changeAt, startMs } from './historyFixtures'

/** Newest first: spec 10, 4 and 1, metadata 6, the rest status. */
const versions = [
  changeAt(10),
  changeAt(8, { significance: 'status' }),
  changeAt(6, { significance: 'metadata' }),
  changeAt(5, { significance: 'status' }),
  changeAt(4),
  changeAt(2, { significance: 'status' }),
  changeAt(1, { op: 'create' }),
]
const revisionsOf = (ends: { from: { revision: string } | null; to: { revision: string } | null }) => [
  ends.from?.revision ?? null,
  ends.to?.revision ?? null,
]

describe('the two versions compared', () => {
  it.each([
    [null, null, ['8', '10']],
    ['4', '6', ['4', '6']],
    [null, '6', ['5', '6']],
    ['2', null, ['2', '10']],
    [null, '1', [null, '1']],
    ['8', '2', ['2', '8']],
  ])('from %s, to %s', (from, to, expected) => {
    expect(revisionsOf(chosenEnds(versions, from, to, 1))).toEqual(expected)
  })

  it('without a choice are the newest configuration change and what was before, however much status came since', () => {
    const busy = [changeAt(12, { significance: 'status' }), changeAt(11, { significance: 'metadata' }), ...versions]
    expect(revisionsOf(chosenEnds(busy, null, null, 1))).toEqual(['8', '10'])
    const onlyStatus = [changeAt(12, { significance: 'status' }), changeAt(11, { significance: 'status' })]
    expect(revisionsOf(chosenEnds(onlyStatus, null, null, 1))).toEqual(['11', '12'])
  })

  it('are missing while the address names one that was not read yet', () => {
    expect(chosenEnds(versions, '0', '4', 1).missing).toBe(true)
    expect(chosenEnds(versions, '2', '4', 1).missing).toBe(false)
    expect(chosenEnds([], null, null, 1)).toEqual({ from: null, to: null, missing: false })
  })
})

describe('stepping a handle', () => {
  const ends = chosenEnds(versions, '4', '8', 1)
  it.each([
    ['to', 'older', false, '6'],
    ['to', 'newer', false, '10'],
    ['to', 'newer', true, '10'],
    ['to', 'older', true, null],
    ['from', 'newer', false, '5'],
    ['from', 'newer', true, null],
    ['from', 'older', false, '2'],
    ['from', 'older', true, '1'],
    ['from', 'oldest', false, '1'],
    ['from', 'newest', false, '6'],
    ['to', 'newest', false, '10'],
    ['to', 'oldest', false, '5'],
  ] as const)('%s %s, configuration only %s: %s', (end, step, specOnly, expected) => {
    expect(stepVersion(versions, ends, end, step, specOnly)?.revision ?? null).toBe(expected)
  })

  it('never lets From reach To', () => {
    const close = chosenEnds(versions, '6', '8', 1)
    expect(stepVersion(versions, close, 'from', 'newer', false)).toBeNull()
    expect(stepVersion(versions, close, 'to', 'older', false)).toBeNull()
  })

  it('steps the pair from configuration change to configuration change', () => {
    const older = stepSpec(versions, chosenEnds(versions, null, null, 1), 'older')
    expect(older === null ? null : revisionsOf(older)).toEqual(['2', '4'])
    expect(stepSpec(versions, chosenEnds(versions, null, null, 1), 'newer')).toBeNull()
  })
})

describe('the life of a key', () => {
  const reborn = [
    changeAt(9),
    changeAt(8, { op: 'create' }),
    changeAt(5, { op: 'delete' }),
    changeAt(1, { op: 'create' }),
  ]

  it('is one story of the stretches in which it existed', () => {
    expect(lifeStretches(reborn)).toEqual([
      { fromMs: startMs + 1000, toMs: startMs + 5000 },
      { fromMs: startMs + 8000, toMs: null },
    ])
  })

  it('begins with a deletion where nothing before it is recorded', () => {
    expect(lifeStretches([changeAt(5, { op: 'delete' })])).toEqual([{ fromMs: startMs + 5000, toMs: startMs + 5000 }])
  })

  it('says in the list how long the key was gone', () => {
    const ends = chosenEnds(reborn, null, null, 1)
    const rows = prepareVersionRows({ versions: reborn, gaps: [], all: false, ends })
    expect(rows.map((row) => (row.kind === 'absent' ? `gone ${row.forMs}` : row.kind))).toEqual([
      'version',
      'version',
      'gone 3000',
      'version',
      'version',
    ])
  })
})

describe('the list of versions', () => {
  const ends = chosenEnds(versions, '5', '6', 1)

  it('leaves status out, but not a version that is compared', () => {
    const rows = prepareVersionRows({ versions, gaps: [], all: false, ends })
    expect(rows.map((row) => row.kind === 'version' && row.version.revision)).toEqual(['10', '6', '5', '4', '1'])
    expect(prepareVersionRows({ versions, gaps: [], all: true, ends })).toHaveLength(7)
  })

  it('shows a gap of the record between the versions around it', () => {
    const gap = { fromMs: startMs + 6500, toMs: startMs + 7500, reason: 'why' }
    const rows = prepareVersionRows({ versions, gaps: [gap], all: true, ends })
    expect(rows.map((row) => (row.kind === 'version' ? row.version.revision : row.kind)).slice(0, 4)).toEqual([
      '10',
      '8',
      'gap',
      '6',
    ])
  })
})

describe('the track', () => {
  const scale = timeScale({ fromMs: startMs, toMs: startMs + 10_000 })

  it('draws bars for what matters and one hair a pixel for the rest', () => {
    const track = prepareTrack(versions, scale, 1000)
    expect(track.bars.map(({ place, shape }) => [place, shape])).toEqual([
      [0.6, 'metadata'],
      [0.1, 'spec'],
      [0.4, 'spec'],
      [1, 'spec'],
    ])
    expect(track.hairs).toEqual([0.2, 0.5, 0.8])
    expect(track.inside).toBe(7)
  })

  it('stays small however many versions fall on it', () => {
    const many = Array.from({ length: 50_000 }, (_, i) =>
      changeAt(1, {
        at: new Date(startMs + (i % 10_000)).toISOString(),
        significance: i % 2 === 0 ? 'status' : 'spec',
      }),
    )
    const track = prepareTrack(many, scale, 1000)
    expect(track.hairs.length).toBeLessThanOrEqual(1001)
    expect(track.bars.length).toBeLessThanOrEqual(400)
  })

  it('leaves out what lies outside, and draws life up to the edge', () => {
    const narrow = timeScale({ fromMs: startMs + 4500, toMs: startMs + 7000 })
    const track = prepareTrack(versions, narrow, 1000)
    expect(track.inside).toBe(2)
    expect(track.lives).toEqual([{ from: 0, to: 1 }])
  })

  it('takes the version that matters when a status write stands beside it', () => {
    const close = [changeAt(5, { significance: 'status' }), changeAt(5, { at: new Date(startMs + 4980).toISOString() })]
    expect(nearestVersion(close, scale, 0.5, 1000)?.significance).toBe('spec')
    expect(nearestVersion(versions, scale, 0.79, 1000)?.revision).toBe('8')
    expect(nearestVersion([], scale, 0.5, 1000)).toBeNull()
  })

  it('shows the range, unless that holds too little to choose two from', () => {
    const nowMs = startMs + 60_000
    const range = { fromMs: startMs, toMs: nowMs }
    expect(trackSpan(versions, range, nowMs, null)).toEqual({ span: range, which: 'range' })
    const empty = { fromMs: nowMs - 1000, toMs: nowMs }
    expect(trackSpan(versions, empty, nowMs, null).which).toBe('all')
    expect(trackSpan(versions, empty, nowMs, 'range').span).toBe(empty)
    const { span } = trackSpan(versions, range, nowMs, 'all')
    expect(span.fromMs).toBeLessThan(startMs + 1000)
    expect(span.toMs).toBeGreaterThan(nowMs)
  })

  it('ends with its newest version where nothing has happened for long, so that the story fills the track', () => {
    const [newest, oldest] = [versions[0], versions.at(-1)]
    const told = Date.parse(newest?.at ?? '') - Date.parse(oldest?.at ?? '')
    const { span } = trackSpan(versions, { fromMs: 0, toMs: 1 }, Date.parse(newest?.at ?? '') + 100 * told, 'all')
    expect(span.toMs).toBeGreaterThanOrEqual(Date.parse(newest?.at ?? ''))
    expect(span.toMs - span.fromMs).toBeLessThan(1.5 * Math.max(told, 60_000))
  })

  it.each([
    [0.4, 0.6, 'left', 'right', false],
    [0.9, 0.95, 'left', 'left', true],
    [0.02, 0.05, 'right', 'right', true],
    [0.02, 0.9, 'right', 'left', false],
    [null, 0.5, 'left', 'right', false],
  ] as const)('labels of handles at %s and %s stay inside and apart', (from, to, fromSide, toSide, low) => {
    const sides = labelSides(from, to, 1000)
    if (from !== null) expect(sides.from.side).toBe(fromSide)
    expect(sides.to).toEqual({ side: toSide, low })
  })
})

describe('what else changed within a minute', () => {
  it('lists each key once, at its nearest, in the order of time', () => {
    const self = changeAt(30)
    const other = (n: number, key: string) => changeAt(n, { key })
    const { rows, left } = nearbyRows([other(10, 'b'), other(25, 'b'), self, other(31, 'c'), other(50, 'b')], self)
    expect(rows.map(({ change, offset, times, self: own }) => [change.revision, offset, times, own])).toEqual([
      ['25', '−5 s', 3, false],
      ['30', '0 s', 1, true],
      ['31', '+1 s', 1, false],
    ])
    expect(left).toBe(0)
  })
})
