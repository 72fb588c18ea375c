/**
 * Numbers, sizes, durations and times in the units people use: at most three significant figures, thousands with a
 * comma, one space before the unit. The exact value belongs into the hover text, so each has an `exact…` twin where
 * it loses digits. Pure; null is the caller's business, because "unknown" reads differently in every place.
 */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 })

/** At most three significant figures, thousands with a comma: 0.2, 41.9, 1,240, 41,900. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return 'not a number'
  return grouped.format(roundTo3(value))
}

export function exactNumber(value: number): string {
  return grouped.format(value)
}

function roundTo3(value: number): number {
  return value === 0 ? 0 : Number(value.toPrecision(3))
}

/** A count: exact up to 9,999; above that three significant figures, from a million on with M. */
export function formatCount(value: number): string {
  if (Math.abs(value) < 10_000) return grouped.format(Math.round(value))
  if (Math.abs(value) < 1_000_000) return grouped.format(roundTo3(value))
  const [scaled, unit] = Math.abs(value) < 1e9 ? [value / 1e6, 'M'] : [value / 1e9, 'G']
  return `${grouped.format(roundTo3(scaled))} ${unit}`
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** The figure and the unit apart, for "5.9 of 8 GiB". */
export function splitBytes(bytes: number, unitOf = bytes): { readonly figure: string; readonly unit: string } {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(unitOf))) / 10)))
  const scaled = bytes / 1024 ** power
  const digits = power === 0 ? 0 : Math.abs(scaled) >= 100 ? 0 : 1
  return { figure: grouped.format(Number(scaled.toFixed(digits))), unit: byteUnits[power] ?? 'B' }
}

export function formatBytes(bytes: number): string {
  const { figure, unit } = splitBytes(bytes)
  return `${figure} ${unit}`
}

export function exactBytes(bytes: number): string {
  return `${grouped.format(Math.round(bytes))} B`
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** 0.4 ms, 18 ms, 1.84 s, 12 min 10 s, 3 h 41 min, 3 days. */
export function formatDuration(ms: number): string {
  const abs = Math.abs(ms)
  if (abs < SECOND_MS) return `${grouped.format(abs < 10 ? Number(abs.toFixed(1)) : Math.round(abs))} ms`
  if (abs < MINUTE_MS) return `${grouped.format(Number((abs / SECOND_MS).toPrecision(3)))} s`
  if (abs < HOUR_MS) return pair(abs, MINUTE_MS, 'min', SECOND_MS, 's')
  if (abs < DAY_MS) return pair(abs, HOUR_MS, 'h', MINUTE_MS, 'min')
  const days = Math.floor(abs / DAY_MS)
  return `${grouped.format(days)} ${days === 1 ? 'day' : 'days'}`
}

function pair(ms: number, big: number, bigUnit: string, small: number, smallUnit: string): string {
  const whole = Math.floor(ms / big)
  const rest = Math.floor((ms - whole * big) / small)
  return rest === 0 ? `${whole} ${bigUnit}` : `${whole} ${bigUnit} ${rest} ${smallUnit}`
}

/** The larger unit only, for tight places and running clocks: 41 min, 3 h, 6 days. */
export function formatSpan(ms: number): string {
  const abs = Math.abs(ms)
  if (abs < MINUTE_MS) return `${Math.floor(abs / SECOND_MS)} s`
  if (abs < HOUR_MS) return `${Math.floor(abs / MINUTE_MS)} min`
  if (abs < DAY_MS) return `${Math.floor(abs / HOUR_MS)} h`
  const days = Math.floor(abs / DAY_MS)
  return `${days} ${days === 1 ? 'day' : 'days'}`
}

/** Age of the newest record: tenths of a second, so that a live page visibly lives: 0.2 s. */
export function formatLag(ms: number): string {
  if (ms < 50) return 'under 0.1 s'
  return ms < 10 * SECOND_MS ? `${(ms / SECOND_MS).toFixed(1)} s` : formatSpan(ms)
}

export function formatShare(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 1) return 'under 1%'
  return `${Math.round(percent)}%`
}

/** A value with the unit that the API names; `/s` units join without a space before the slash. */
export function formatMetric(value: number, unit: string): string {
  switch (unit) {
    case 'bytes':
      return formatBytes(value)
    case 'bytes/s':
      return `${formatBytes(value)}/s`
    case 'seconds':
      return formatDuration(value * SECOND_MS)
    case '1/s':
      return `${formatNumber(value)}/s`
    case 'ratio':
      return formatShare(value)
    default:
      return formatCount(value)
  }
}

/** Revisions are never shortened. Groups of three from the right; joined again they are the plain digits. */
export function digitGroups(revision: string): readonly string[] {
  const head = revision.length % 3
  const groups = head === 0 ? [] : [revision.slice(0, head)]
  for (let i = head; i < revision.length; i += 3) groups.push(revision.slice(i, i + 3))
  return groups
}

const two = (n: number) => String(n).padStart(2, '0')

/** 14:02:11, local. */
export function formatClock(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** 14:02, local. */
export function formatClockShort(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}`
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** 22 Nov, local. */
export function formatDay(ms: number): string {
  const d = new Date(ms)
  return `${d.getDate()} ${months[d.getMonth()] ?? ''}`
}

/** The clock today, the day with it otherwise: 14:02:11 or 21 Nov 14:02. */
export function formatMoment(ms: number, nowMs: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(nowMs).toDateString()
  return sameDay ? formatClock(ms) : `${formatDay(ms)} ${formatClockShort(ms)}`
}

/** To the second, with the day when it is not today's: what tells the changes of one minute apart. */
export function formatSecond(ms: number, nowMs: number): string {
  const sameDay = new Date(ms).toDateString() === new Date(nowMs).toDateString()
  return sameDay ? formatClock(ms) : `${formatDay(ms)} ${formatClock(ms)}`
}

/** For hover: local with milliseconds, then UTC. */
export function exactMoment(ms: number): string {
  const d = new Date(ms)
  const local = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${formatClock(ms)}.${String(d.getMilliseconds()).padStart(3, '0')}`
  return `${local} local, ${d.toISOString().replace('T', ' ').replace('Z', '')} UTC`
}

/** How often a key was written since it was created; an apiserver does not tell it, which is 0. */
export function versionWords(version: string): string {
  return version === '0' ? 'version unknown' : `version ${formatCount(Number(version))}`
}

/** "3 members", "1 member". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}
