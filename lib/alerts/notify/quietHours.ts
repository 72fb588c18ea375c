import type { ChannelInput, Severity } from '../../contract'

/**
 * Quiet hours are wall-clock hours of a time zone. A moment is looked at as the clock on the wall shows it, so the
 * days on which clocks change need no rule of their own: an hour that is skipped is not waited for, and one that comes
 * twice is quiet twice.
 */
type Hours = ChannelInput['quietHours'][number]

/** Hours begin and end with a minute: whoever waits for their end looks again when the next one begins. */
export const quietStepMs = 60_000

export function isQuiet(hours: readonly Hours[], severity: Severity, nowMs: number): boolean {
  return hours.some((one) => !(one.exceptCritical && severity === 'critical') && covers(one, nowMs))
}

/** Hours that pass midnight belong to the day on which they begin. Equal ends mean a whole day. */
function covers({ days, from, to, timeZone }: Hours, nowMs: number): boolean {
  const { day, minute } = wallClock(timeZone, nowMs)
  const begin = minutesOf(from)
  const end = minutesOf(to)
  const on = (which: number) => days.length === 0 || days.includes(which)
  if (begin < end) return on(day) && minute >= begin && minute < end
  return (on(day) && minute >= begin) || (on((day + 6) % 7) && minute < end)
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const formats = new Map<string, Intl.DateTimeFormat>()

function wallClock(timeZone: string, atMs: number): { day: number; minute: number } {
  let format = formats.get(timeZone)
  if (format === undefined) {
    const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
    format = new Intl.DateTimeFormat('en-US', { ...options, timeZone })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]))
  return { day: weekdays.indexOf(parts.weekday ?? ''), minute: Number(parts.hour) * 60 + Number(parts.minute) }
}
