import { expect, it } from 'vitest'
import { nextRunMs } from '../../../lib/kubernetes/workload/cronSchedule'

/** When a schedule is due next, as cron and Kubernetes read it. 2026-11-22 is a Sunday. */

const next = (schedule: string, after: string, timeZone: string | null = null) => {
  const at = nextRunMs(schedule, timeZone, Date.parse(after))
  return at === null ? null : new Date(at).toISOString().replace(':00.000Z', 'Z')
}

it.each<[string, string, string]>([
  ['* * * * *', '2026-11-22T11:59:59Z', '2026-11-22T12:00Z'],
  ['* * * * *', '2026-11-22T12:00:00Z', '2026-11-22T12:01Z'],
  ['*/15 * * * *', '2026-11-22T12:45:00Z', '2026-11-22T13:00Z'],
  ['5,35 * * * *', '2026-11-22T12:05:30Z', '2026-11-22T12:35Z'],
  ['0 3 * * *', '2026-11-22T03:00:00Z', '2026-11-23T03:00Z'],
  ['30 22-23 * * *', '2026-11-22T22:30:00Z', '2026-11-22T23:30Z'],
  ['0 9-17/4 * * *', '2026-11-22T14:00:00Z', '2026-11-22T17:00Z'],
  ['0 0 1 * *', '2026-11-22T12:00:00Z', '2026-12-01T00:00Z'],
  ['0 0 29 2 *', '2027-02-01T00:00:00Z', '2028-02-29T00:00Z'],
  ['0 0 * jan *', '2026-11-22T12:00:00Z', '2027-01-01T00:00Z'],
  ['0 0 * * mon', '2026-11-22T12:00:00Z', '2026-11-23T00:00Z'],
  ['0 0 * * 7', '2026-11-22T12:00:00Z', '2026-11-29T00:00Z'],
  ['0 0 * * 0', '2026-11-22T12:00:00Z', '2026-11-29T00:00Z'],
  ['0 0 * * Mon-Fri', '2026-11-27T12:00:00Z', '2026-11-30T00:00Z'],
  // A day of the month and a day of the week are alternatives when both are given.
  ['0 0 25 * mon', '2026-11-22T12:00:00Z', '2026-11-23T00:00Z'],
  ['0 0 25 * mon', '2026-11-23T12:00:00Z', '2026-11-25T00:00Z'],
  ['0 0 25 * *', '2026-11-22T12:00:00Z', '2026-11-25T00:00Z'],
  ['@hourly', '2026-11-22T12:00:00Z', '2026-11-22T13:00Z'],
  ['@daily', '2026-11-22T12:00:00Z', '2026-11-23T00:00Z'],
  ['@weekly', '2026-11-22T12:00:00Z', '2026-11-29T00:00Z'],
  ['@monthly', '2026-11-22T12:00:00Z', '2026-12-01T00:00Z'],
  ['@every 90m', '2026-11-22T12:00:00Z', '2026-11-22T13:30Z'],
])('%s after %s is due at %s', (schedule, after, expected) => {
  expect(next(schedule, after) ?? '').toBe(expected)
})

it.each<[string, string, string, string]>([
  ['0 9 * * *', 'Europe/Berlin', '2026-11-22T12:00:00Z', '2026-11-23T08:00Z'],
  ['0 9 * * *', 'Europe/Berlin', '2026-07-22T12:00:00Z', '2026-07-23T07:00Z'],
  ['30 9 * * *', 'Asia/Kolkata', '2026-11-22T12:00:00Z', '2026-11-23T04:00Z'],
  ['0 0 * * *', 'Etc/UTC', '2026-11-22T12:00:00Z', '2026-11-23T00:00Z'],
  // The clocks go forward over it: that day has none.
  ['30 2 * * *', 'Europe/Berlin', '2026-03-29T00:00:00Z', '2026-03-30T00:30Z'],
])('%s in %s after %s is due at %s', (schedule, timeZone, after, expected) => {
  expect(next(schedule, after, timeZone)).toBe(expected)
})

it.each([
  '',
  'never',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * * 13 *',
  '*/0 * * * *',
  '9-3 * * * *',
  '@sometimes',
  '0 0 31 2 *',
])('nothing is claimed of the schedule "%s"', (schedule) => expect(next(schedule, '2026-11-22T12:00:00Z')).toBeNull())

it('nothing is claimed of a time zone that does not exist', () => {
  expect(next('0 9 * * *', '2026-11-22T12:00:00Z', 'Mars/Olympus')).toBeNull()
})
