import { describe, expect, it } from 'vitest'
import { isQuiet } from '../../../../lib/alerts/notify/quietHours'
import { quietHours } from '../../../../lib/contract'

const night = { from: '22:00', to: '07:00' }
const berlin = 'Europe/Berlin'

describe('quiet hours', () => {
  it.each<[string, Record<string, unknown>, string, boolean]>([
    ['within a day', { from: '12:00', to: '13:00' }, '2026-11-28T12:00:00Z', true],
    ['their end is not among them', { from: '12:00', to: '13:00' }, '2026-11-28T13:00:00Z', false],
    ['the last moment is', { from: '12:00', to: '13:00' }, '2026-11-28T12:59:59.999Z', true],
    ['before midnight', night, '2026-11-28T23:30:00Z', true],
    ['after midnight', night, '2026-11-29T06:59:00Z', true],
    ['after the night', night, '2026-11-29T07:00:00Z', false],
    ['a whole day', { from: '00:00', to: '00:00' }, '2026-11-28T15:00:00Z', true],
    ['a day of the week', { ...night, days: [6] }, '2026-11-28T23:00:00Z', true],
    ['the morning belongs to the evening before', { ...night, days: [6] }, '2026-11-29T03:00:00Z', true],
    ['the next evening is another day', { ...night, days: [6] }, '2026-11-29T23:00:00Z', false],
    ['the morning of that day is of another one', { ...night, days: [6] }, '2026-11-28T03:00:00Z', false],
    ['a time zone', { ...night, timeZone: berlin }, '2026-11-28T21:00:00Z', true],
    [
      'a time zone with half an hour',
      { from: '09:00', to: '10:00', timeZone: 'Asia/Kolkata' },
      '2026-11-28T03:30:00Z',
      true,
    ],
    ['summer, where the clock is an hour further', { ...night, timeZone: berlin }, '2026-07-01T20:00:00Z', true],
    // 29 March 2026, 01:00 UTC: 02:00 becomes 03:00.
    [
      'an hour that is skipped, before',
      { from: '02:00', to: '03:00', timeZone: berlin },
      '2026-03-29T00:59:00Z',
      false,
    ],
    ['an hour that is skipped, after', { from: '02:00', to: '03:00', timeZone: berlin }, '2026-03-29T01:00:00Z', false],
    ['a beginning in a skipped hour', { from: '02:30', to: '05:00', timeZone: berlin }, '2026-03-29T01:00:00Z', true],
    ['an end in a skipped hour', { from: '01:00', to: '02:30', timeZone: berlin }, '2026-03-29T01:00:00Z', false],
    // 25 October 2026, 01:00 UTC: 03:00 becomes 02:00 again.
    ['an hour that comes twice, first', { from: '02:00', to: '03:00', timeZone: berlin }, '2026-10-25T00:30:00Z', true],
    [
      'an hour that comes twice, second',
      { from: '02:00', to: '03:00', timeZone: berlin },
      '2026-10-25T01:30:00Z',
      true,
    ],
    ['after both', { from: '02:00', to: '03:00', timeZone: berlin }, '2026-10-25T02:00:00Z', false],
  ])('%s', (_what, hours, at, quiet) => {
    expect(isQuiet([quietHours.parse(hours)], 'warning', Date.parse(at))).toBe(quiet)
  })

  it('let critical alerts through unless they say otherwise', () => {
    const atMs = Date.parse('2026-11-28T23:00:00Z')
    expect(isQuiet([quietHours.parse(night)], 'critical', atMs)).toBe(false)
    expect(isQuiet([quietHours.parse({ ...night, exceptCritical: false })], 'critical', atMs)).toBe(true)
  })

  it('of no known time zone are refused', () => {
    const parsed = quietHours.safeParse({ ...night, timeZone: 'Europe/Atlantis' })
    expect(parsed.error?.issues[0]?.path).toEqual(['timeZone'])
  })
})
