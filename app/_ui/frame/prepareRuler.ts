import type { SeriesAnswer } from '../../../lib/contract'
import type { XScale } from '../../_charts/xScale'
import type { Span } from '../../_client/urlState'

/** The ruler's bars: configuration changes in buckets, on a square-root scale so that one change stays visible. Pure. */

export interface RulerBar {
  readonly from: number
  readonly width: number
  /** 0 to 1. */
  readonly height: number
  readonly count: number
  readonly ms: number
}

/** What counts as configuration: what somebody wants, not what is or what beats. */
const configuration = new Set(['spec', 'metadata'])

export function rulerBars(answer: SeriesAnswer | undefined, scale: XScale): readonly RulerBar[] {
  if (answer === undefined) return []
  const counts = new Map<number, number>()
  for (const { labels, points } of answer.series) {
    if (!Object.values(labels).some((label) => configuration.has(label))) continue
    for (const [ms, value] of points) counts.set(ms, (counts.get(ms) ?? 0) + (value ?? 0))
  }
  // The API answers a rate for changes where its unit says so; a bar's height is relative either way.
  const high = Math.max(0, ...counts.values())
  return [...counts].flatMap(([ms, count]) => {
    if (count <= 0) return []
    const from = Math.max(0, scale.place(ms))
    const to = Math.min(1, scale.place(ms + answer.stepMs))
    if (to <= from) return []
    return [{ ms, from, width: to - from, height: Math.sqrt(count / high), count }]
  })
}

/** The brushed part after a key: arrows move it by a tenth of itself, Shift resizes its end. Stays inside. */
export function stepBrush(page: Span, outer: Span, key: string, shift: boolean): Span | null {
  const length = page.toMs - page.fromMs
  const by = (key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0) * length * 0.1
  if (by === 0) return null
  if (shift) {
    const toMs = Math.min(outer.toMs, Math.max(page.fromMs + length * 0.1, page.toMs + by))
    return { fromMs: page.fromMs, toMs }
  }
  const shiftBy = Math.max(outer.fromMs - page.fromMs, Math.min(outer.toMs - page.toMs, by))
  return { fromMs: page.fromMs + shiftBy, toMs: page.toMs + shiftBy }
}
