import { describe, expect, it } from 'vitest'
import {
  gapAt,
  type Moment,
  momentAt,
  momentLabel,
  nearestMoment,
  parseMoment,
  readMoment,
} from '../../../app/(screens)/c/[cluster]/keys/prepareMoment'

const nowMs = new Date(2025, 10, 22, 13, 20, 41).getTime()
const revision = (text: string): Moment => ({ kind: 'revision', revision: text })
const time = (ms: number): Moment => ({ kind: 'time', ms })

describe('the moment of the address', () => {
  it.each([
    ['12001', revision('12001')],
    ['0012', revision('12')],
    ['2025-11-22T12:20:41.000Z', time(Date.UTC(2025, 10, 22, 12, 20, 41))],
    [null, { kind: 'now' }],
    ['now', { kind: 'now' }],
    ['yesterday', { kind: 'now' }],
    ['2025-99-99T00:00', { kind: 'now' }],
    ['-5', { kind: 'now' }],
    ['12345678901234567890', { kind: 'now' }],
  ] as const)('%s', (text, moment) => {
    expect(parseMoment(text)).toEqual(moment)
  })
  it('is written as it is read', () => {
    for (const moment of [revision('12001'), time(nowMs), { kind: 'now' } as const]) {
      expect(parseMoment(momentAt(moment))).toEqual(moment)
    }
  })
  it('is labelled with all digits, or the local time', () => {
    expect(momentLabel(revision('4387783251'), nowMs)).toBe('Revision 4387783251')
    expect(momentLabel(time(nowMs), nowMs)).toBe('13:20:41')
    expect(momentLabel({ kind: 'now' }, nowMs)).toBe('Now')
  })
})

describe('the moment that somebody types', () => {
  it.each([
    ['now', { kind: 'now' }],
    [' Now ', { kind: 'now' }],
    ['12001', revision('12001')],
    ['12 001', revision('12001')],
    ['4,387,783,251', revision('4387783251')],
    ['revision 12001', revision('12001')],
    ['r12', revision('12')],
    ['10 min ago', time(nowMs - 600_000)],
    ['90s ago', time(nowMs - 90_000)],
    ['-2h', time(nowMs - 7_200_000)],
    ['13:20:41', time(nowMs)],
    ['13:20', time(nowMs - 41_000)],
    ['13:20:40.5', time(nowMs - 500)],
    // Later than now: yesterday's.
    ['23:00', time(new Date(2025, 10, 21, 23, 0, 0).getTime())],
    ['2025-11-22 12:00', time(new Date(2025, 10, 22, 12, 0, 0).getTime())],
    ['2025-11-22T12:00:00Z', time(Date.UTC(2025, 10, 22, 12))],
    ['', null],
    ['soon', null],
    ['25:00', null],
    ['12 0', null],
    ['2025-13-45 99:99', null],
  ] as const)('%s', (typed, moment) => {
    expect(readMoment(typed, nowMs)).toEqual(moment)
  })
})

describe('nearestMoment', () => {
  const nearest = {
    epoch: 2,
    fromRevision: '100',
    toRevision: '200',
    from: '2025-11-22T12:00:00.000Z',
    to: '2025-11-22T13:00:00.000Z',
  }
  it.each([
    ['below the range', revision('50'), revision('100')],
    ['above the range', revision('300'), revision('200')],
    ['earlier', time(Date.parse(nearest.from) - 1000), time(Date.parse(nearest.from))],
    ['later', time(Date.parse(nearest.to) + 1000), time(Date.parse(nearest.to))],
  ] as const)('%s: the closer end', (_, moment, expected) => {
    expect(nearestMoment(moment, nearest, 2)).toEqual(expected)
  })
  it('reaches an older epoch by its time: revisions are those of the newest', () => {
    expect(nearestMoment(revision('300'), nearest, 3)).toEqual(time(Date.parse(nearest.to)))
    expect(nearestMoment(revision('300'), { ...nearest, to: null }, 3)).toBeNull()
  })
  it('names none where nothing is recorded', () => {
    expect(nearestMoment(revision('1'), null, 1)).toBeNull()
  })
})

describe('gapAt', () => {
  const gap = { epoch: 1, fromRevision: '10', toRevision: '20', reason: '', at: '', from: null, to: null }
  it.each([
    ['9', false],
    ['10', true],
    ['20', true],
    ['21', false],
  ])('revision %s', (at, inside) => {
    expect(gapAt({ gaps: [gap], epoch: 1 }, at) !== null).toBe(inside)
  })
  it('looks at the gaps of its own epoch only', () => {
    expect(gapAt({ gaps: [gap], epoch: 2 }, '15')).toBeNull()
    expect(gapAt({ gaps: [gap], epoch: 1 }, null)).toBeNull()
  })
})
