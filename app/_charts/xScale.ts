import { formatClock, formatClockShort, formatDay } from '../_client/format'
import type { Axis, Span } from '../_client/urlState'

/**
 * The one x scale of a screen: moments to places (0 at the left edge, 1 at the right) and back, by time or by
 * revision. Charts, lanes, heat-maps and the ruler share it, so that cause stands over effect. Pure.
 */

/** A known pair of the record: the newest revision at or before a moment. */
export interface Anchor {
  readonly ms: number
  readonly revision: number
}

export interface XTick {
  readonly place: number
  readonly ms: number
  readonly label: string
  /** Set on the revision axis: the tick's exact revision. */
  readonly revision: string | null
}

export interface XScale {
  readonly axis: Axis
  readonly span: Span
  /** May lie outside 0 to 1 for moments outside the span. */
  readonly place: (ms: number) => number
  readonly msAt: (place: number) => number
  /** At most `count` ticks at round values, left to right. */
  readonly ticks: (count: number) => readonly XTick[]
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  1_209_600, 2_592_000, 7_776_000, 31_536_000,
].map((s) => s * SECOND)

function stepFor(lengthMs: number, count: number): number {
  return steps.find((step) => lengthMs / step <= Math.max(1, count)) ?? steps[steps.length - 1] ?? DAY
}

/** Round local moments within the span, at most `count` of them. */
export function roundMoments(
  span: Span,
  count: number,
): { readonly stepMs: number; readonly moments: readonly number[] } {
  const stepMs = stepFor(span.toMs - span.fromMs, count)
  // Steps of hours and days are round in local time, not in UTC.
  const zoneMs = stepMs >= HOUR ? -new Date(span.fromMs).getTimezoneOffset() * MINUTE : 0
  const moments: number[] = []
  for (let ms = Math.ceil((span.fromMs + zoneMs) / stepMs) * stepMs - zoneMs; ms <= span.toMs; ms += stepMs)
    moments.push(ms)
  return { stepMs, moments }
}

export function momentLabel(ms: number, stepMs: number): string {
  if (stepMs < MINUTE) return formatClock(ms)
  if (stepMs >= DAY) return formatDay(ms)
  const clock = formatClockShort(ms)
  return clock === '00:00' ? formatDay(ms) : clock
}

export function timeScale(span: Span): XScale {
  const length = Math.max(1, span.toMs - span.fromMs)
  const place = (ms: number) => (ms - span.fromMs) / length
  return {
    axis: 'time',
    span,
    place,
    msAt: (at) => span.fromMs + at * length,
    ticks: (count) => {
      const { stepMs, moments } = roundMoments(span, count)
      return moments.map((ms) => ({ ms, place: place(ms), label: momentLabel(ms, stepMs), revision: null }))
    },
  }
}

/**
 * By revision: straight between anchors. Where no revision passed, time stands still on this axis, which is what it
 * is for. Needs two anchors with different revisions; otherwise the answer is null and the screen stays on time.
 */
export function revisionScale(span: Span, anchors: readonly Anchor[]): XScale | null {
  const known = [...anchors]
    .sort((a, b) => a.ms - b.ms)
    .filter((a, i, all) => i === 0 || a.ms > (all[i - 1]?.ms ?? -Infinity))
  const first = known[0]
  const last = known[known.length - 1]
  if (first === undefined || last === undefined || last.revision <= first.revision) return null
  const clampedFrom = interpolate(known, span.fromMs, 'ms', 'revision')
  const clampedTo = interpolate(known, span.toMs, 'ms', 'revision')
  if (clampedTo <= clampedFrom) return null
  const length = clampedTo - clampedFrom
  const place = (ms: number) => (interpolate(known, ms, 'ms', 'revision') - clampedFrom) / length
  const msAt = (at: number) => interpolate(known, clampedFrom + at * length, 'revision', 'ms')
  return {
    axis: 'revision',
    span,
    place,
    msAt,
    ticks: (count) =>
      roundNumbers(clampedFrom, clampedTo, count).map((revision) => {
        const at = (revision - clampedFrom) / length
        return { ms: msAt(at), place: at, label: String(revision), revision: String(revision) }
      }),
  }
}

/** Piecewise linear; flat outside the anchors. */
function interpolate(anchors: readonly Anchor[], value: number, from: keyof Anchor, to: keyof Anchor): number {
  let before = anchors[0]
  if (before === undefined) return 0
  if (value <= before[from]) return before[to]
  for (const after of anchors) {
    if (after[from] >= value && after[from] > before[from]) {
      const share = (value - before[from]) / (after[from] - before[from])
      return before[to] + share * (after[to] - before[to])
    }
    before = after
  }
  return before[to]
}

/** Whole numbers at a step of 1, 2 or 5 times a power of ten. */
export function roundNumbers(from: number, to: number, count: number): readonly number[] {
  const rough = Math.max(1, (to - from) / Math.max(1, count))
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power
  const found: number[] = []
  for (let n = Math.ceil(from / step) * step; n <= to; n += step) found.push(n)
  return found
}
