/**
 * When a CronJob runs next, from its schedule as Kubernetes reads it: five fields, names, lists, ranges, steps, the
 * macros, and a time zone. Pure. A schedule that cannot be read, or comes less than once in a year or so, has no next
 * time: nothing is claimed of it.
 */

interface Fields {
  readonly minute: ReadonlySet<number>
  readonly hour: ReadonlySet<number>
  readonly day: ReadonlySet<number>
  readonly month: ReadonlySet<number>
  readonly weekday: ReadonlySet<number>
  /** Restricted day and weekday are alternatives; an unrestricted one leaves the other to decide. */
  readonly anyDay: boolean
  readonly anyWeekday: boolean
}

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const minuteMs = 60_000
const hourMs = 3_600_000
const lateHour = 22
const dayMs = 86_400_000
const horizonDays = 400

/** The first time after `afterMs` at which the schedule is due, epoch ms; null when there is none to be told. */
export function nextRunMs(schedule: string, timeZone: string | null, afterMs: number): number | null {
  const every = /^@every (\d+)(s|m|h)$/.exec(schedule.trim())
  if (every !== null)
    return afterMs + Number(every[1]) * { s: 1_000, m: minuteMs, h: hourMs }[every[2] as 's' | 'm' | 'h']
  const fields = parsed(macros[schedule.trim()] ?? schedule)
  const wallOf = fields === null ? null : wallClock(timeZone)
  if (fields === null || wallOf === null) return null
  let at = Math.floor(afterMs / minuteMs) * minuteMs + minuteMs
  const end = at + horizonDays * dayMs
  while (at < end) {
    const wall = wallOf(at)
    if (!fields.month.has(wall.month) || !dayFits(fields, wall)) {
      // Towards midnight, but not over it: where clocks move, a day has 23 or 25 hours.
      at += wall.hour < lateHour ? (lateHour - wall.hour) * hourMs : (60 - wall.minute) * minuteMs
    } else if (!fields.hour.has(wall.hour)) at += (60 - wall.minute) * minuteMs
    else if (!fields.minute.has(wall.minute)) at += minuteMs
    else return at
  }
  return null
}

interface Wall {
  readonly minute: number
  readonly hour: number
  readonly day: number
  readonly month: number
  readonly weekday: number
}

function dayFits(fields: Fields, wall: Wall): boolean {
  const [day, weekday] = [fields.day.has(wall.day), fields.weekday.has(wall.weekday)]
  return fields.anyDay || fields.anyWeekday ? day && weekday : day || weekday
}

function parsed(schedule: string): Fields | null {
  const parts = schedule.trim().split(/\s+/)
  const [minute, hour, day, month, weekday] = [
    fieldOf(parts[0], 0, 59),
    fieldOf(parts[1], 0, 23),
    fieldOf(parts[2], 1, 31),
    fieldOf(parts[3], 1, 12, months),
    fieldOf(parts[4], 0, 7, weekdays),
  ]
  if (parts.length !== 5 || minute === null || hour === null || day === null || month === null || weekday === null) {
    return null
  }
  if (weekday.has(7)) weekday.add(0)
  const isAny = (part: string | undefined) => part?.startsWith('*') === true || part === '?'
  return { minute, hour, day, month, weekday, anyDay: isAny(parts[2]), anyWeekday: isAny(parts[4]) }
}

function fieldOf(
  text: string | undefined,
  low: number,
  high: number,
  names: readonly string[] = [],
): Set<number> | null {
  const found = new Set<number>()
  for (const part of (text ?? '').toLowerCase().split(',')) {
    const match = /^(\*|\?|[a-z0-9]+(?:-[a-z0-9]+)?)(?:\/(\d+))?$/.exec(part)
    if (match === null) return null
    const [from, to] = (match[1] ?? '').split('-')
    const open = from === '*' || from === '?'
    const first = open ? low : numberOfWord(from, low, names)
    const last = open
      ? names === weekdays
        ? 6
        : high
      : to === undefined
        ? match[2] === undefined
          ? first
          : high
        : numberOfWord(to, low, names)
    const step = match[2] === undefined ? 1 : Number(match[2])
    if (!(first >= low && last <= high && first <= last && step > 0)) return null
    for (let value = first; value <= last; value += step) found.add(value)
  }
  return found
}

/** Months are named from 1, weekdays from 0: as their field begins. */
function numberOfWord(text: string | undefined, low: number, names: readonly string[]): number {
  const named = names.indexOf(text ?? '')
  if (named >= 0) return named + low
  return /^\d+$/.test(text ?? '') ? Number(text) : Number.NaN
}

/** Null when there is no such time zone. */
function wallClock(timeZone: string | null): ((ms: number) => Wall) | null {
  if (timeZone === null || timeZone === '' || /^(Etc\/)?UTC$/i.test(timeZone)) {
    return (ms) => {
      const date = new Date(ms)
      return {
        minute: date.getUTCMinutes(),
        hour: date.getUTCHours(),
        day: date.getUTCDate(),
        month: date.getUTCMonth() + 1,
        weekday: date.getUTCDay(),
      }
    }
  }
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      minute: 'numeric',
      hour: 'numeric',
      day: 'numeric',
      month: 'numeric',
      weekday: 'short',
    })
    return (ms) => {
      const parts = new Map(format.formatToParts(ms).map((part) => [part.type, part.value]))
      const numberOf = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type))
      return {
        minute: numberOf('minute'),
        hour: numberOf('hour'),
        day: numberOf('day'),
        month: numberOf('month'),
        weekday: weekdays.indexOf((parts.get('weekday') ?? '').toLowerCase()),
      }
    }
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
