/**
 * The part of a page's state that a copied link must carry: outer range, zoom within it, axis, and since when the
 * page stands still. Pure codec: every value that cannot be read falls back to its default, never to an error,
 * because people edit and truncate links. Screens keep their own filters beside it (see useUrlState).
 */

export type Axis = 'time' | 'revision'

/** Relative ranges move with the clock; absolute ones stand. Times are epoch ms, `from` before `to`. */
export type Range =
  | { readonly kind: 'relative'; readonly duration: string }
  | { readonly kind: 'absolute'; readonly fromMs: number; readonly toMs: number }

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

export interface UrlState {
  /** What the ruler shows. */
  readonly range: Range
  /** What the page shows, when that is a part of the ruler. */
  readonly zoom: Span | null
  readonly axis: Axis
  /** Epoch ms at which a live page was paused; null while it lives. */
  readonly pausedAtMs: number | null
}

export const DEFAULT_DURATION = '15m'
/** Shortest span that can be zoomed to: below the collector's own resolution there is nothing to see. */
export const MIN_SPAN_MS = 1000
const MAX_SPAN_MS = 5 * 366 * 24 * 3600 * 1000
const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Milliseconds of `90s`, `15m`, `6h`, `2d`, `1w`; null when it is not a duration or out of bounds. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,6})(s|m|h|d|w)$/.exec(text)
  const unit = match?.[2]
  if (match === null || (unit !== 's' && unit !== 'm' && unit !== 'h' && unit !== 'd' && unit !== 'w')) return null
  const ms = Number(match[1]) * unitsMs[unit]
  return ms >= MIN_SPAN_MS && ms <= MAX_SPAN_MS ? ms : null
}

/** RFC 3339 in UTC; milliseconds only where there are any. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

function readTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT/.test(text)) return null
  const ms = Date.parse(text)
  return Number.isFinite(ms) ? ms : null
}

function spanText(span: Span): string {
  return `${timeText(span.fromMs)}..${timeText(span.toMs)}`
}

function readSpan(text: string): Span | null {
  const [from, to, more] = text.split('..')
  if (from === undefined || to === undefined || more !== undefined) return null
  const fromMs = readTime(from)
  const toMs = readTime(to)
  if (fromMs === null || toMs === null) return null
  const length = toMs - fromMs
  return length >= MIN_SPAN_MS && length <= MAX_SPAN_MS ? { fromMs, toMs } : null
}

function readRange(text: string): Range | null {
  if (durationMs(text) !== null) return { kind: 'relative', duration: text }
  const span = readSpan(text)
  return span === null ? null : { kind: 'absolute', ...span }
}

export function parseUrlState(params: URLSearchParams): UrlState {
  return {
    range: readRange(params.get('range') ?? '') ?? { kind: 'relative', duration: DEFAULT_DURATION },
    zoom: readSpan(params.get('zoom') ?? ''),
    axis: params.get('axis') === 'revision' ? 'revision' : 'time',
    pausedAtMs: readTime(params.get('paused') ?? ''),
  }
}

/** The parameters of a state; null removes one. Defaults are left out, so that plain links stay plain. */
export function urlStateParams(state: UrlState): Record<'range' | 'zoom' | 'axis' | 'paused', string | null> {
  const { range } = state
  const isDefault = range.kind === 'relative' && range.duration === DEFAULT_DURATION
  return {
    range: isDefault ? null : range.kind === 'relative' ? range.duration : spanText(range),
    zoom: state.zoom === null ? null : spanText(state.zoom),
    axis: state.axis === 'time' ? null : state.axis,
    paused: state.pausedAtMs === null ? null : timeText(state.pausedAtMs),
  }
}

/** Parameters with some replaced; null or empty removes. Order is kept, so that equal states have equal links. */
export function withParams(
  current: URLSearchParams,
  changes: Readonly<Record<string, string | null>>,
): URLSearchParams {
  const next = new URLSearchParams(current)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') next.delete(name)
    else next.set(name, value)
  }
  return next
}

/** Both spans of a state at a moment: the ruler's and the page's. */
export function resolveSpans(state: UrlState, nowMs: number): { readonly outer: Span; readonly page: Span } {
  const endMs = state.pausedAtMs ?? nowMs
  const outer =
    state.range.kind === 'absolute'
      ? { fromMs: state.range.fromMs, toMs: state.range.toMs }
      : { fromMs: endMs - (durationMs(state.range.duration) ?? 0), toMs: endMs }
  return { outer, page: state.zoom ?? outer }
}

/** The page's end moves with the clock. */
export function isFollowing(state: UrlState): boolean {
  return state.range.kind === 'relative' && state.zoom === null && state.pausedAtMs === null
}

const names: Readonly<Record<string, string>> = { s: 'seconds', m: 'minutes', h: 'hours', d: 'days', w: 'weeks' }

/** "Last 6 hours", "Last minute". */
export function durationLabel(duration: string): string {
  const count = Number.parseInt(duration, 10)
  const unit = names[duration.slice(-1)] ?? ''
  return count === 1 ? `Last ${unit.slice(0, -1)}` : `Last ${count} ${unit}`
}

export const offeredDurations = ['5m', '15m', '1h', '6h', '24h', '7d', '30d'] as const
