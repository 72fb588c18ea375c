import { ScopeError } from '../core/errors'

/** Times and durations as people and scripts write them, made into milliseconds. */

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** RFC 3339, epoch milliseconds, `now`, or relative to now such as `-1h`. Rejects with BAD_REQUEST. */
export function parseInstant(text: string, nowMs: number, parameter: string): number {
  if (text === 'now') return nowMs
  const relative = /^-(\d{1,9})(ms|s|m|h|d|w)$/.exec(text)
  if (relative) return nowMs - Number(relative[1]) * unitMs[relative[2] as keyof typeof unitMs]
  if (/^\d{10,15}$/.test(text)) return Number(text)
  const parsed = rfc3339.test(text) && isCalendarDate(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(parsed)) {
    throw new ScopeError(
      'BAD_REQUEST',
      `${parameter} must be a time: RFC 3339 such as 2026-01-31T12:00:00Z, epoch milliseconds, "now", or relative such as "-1h".`,
      { subject: parameter },
    )
  }
  return parsed
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

/** `Date.parse` turns 31 February into March; a moment that never was is a mistake to be told. */
function isCalendarDate(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split('-').map(Number)
  if (year === undefined || month === undefined || day === undefined) return false
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** Both ends of a range; `from` must lie before `to`. */
export function parseRange(range: { from: string; to: string }, nowMs: number): { fromMs: number; toMs: number } {
  const fromMs = parseInstant(range.from, nowMs, 'from')
  const toMs = parseInstant(range.to, nowMs, 'to')
  if (fromMs >= toMs) throw new ScopeError('BAD_REQUEST', 'from must lie before to.', { subject: 'from' })
  return { fromMs, toMs }
}

/** Milliseconds, or a number with a unit: `500`, `30s`, `5m`. Rejects with BAD_REQUEST. */
export function parseDurationMs(text: string, parameter: string): number {
  const match = /^(\d{1,12})(ms|s|m|h|d)?$/.exec(text)
  const durationMs = match ? Number(match[1]) * unitMs[(match[2] ?? 'ms') as keyof typeof unitMs] : Number.NaN
  if (!(durationMs > 0)) {
    throw new ScopeError('BAD_REQUEST', `${parameter} must be a duration above zero: milliseconds, or such as "30s".`, {
      subject: parameter,
    })
  }
  return durationMs
}

/** RFC 3339, UTC, milliseconds. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}

export function timeOrNull(ms: number | null): string | null {
  return ms === null ? null : timeOf(ms)
}
