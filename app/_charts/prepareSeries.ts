import type { XScale } from './xScale'

/**
 * From the API's series to what a chart draws: rows by place, cut at gaps, stacked where asked. Pure; the chart
 * components only draw. Missing stays missing: a null never becomes a zero, also not inside a stack.
 */

export type LineStyle = 'solid' | 'dashed' | 'dotted'

export interface ChartSeries {
  /** Stable over time: keeps the colour and stands in the URL when isolated. */
  readonly id: string
  readonly name: string
  readonly points: readonly (readonly [ms: number, value: number | null])[]
  /** A CSS colour: `var(--chart-1)`. */
  readonly color: string
  readonly style?: LineStyle | undefined
  /** A value holds until the next point, however far that is; otherwise points are samples. */
  readonly holds?: true | undefined
}

/** `[epoch ms, value]`; the value holds until the next one, null where there is none. */
export type StepPoint = readonly [ms: number, value: number | null]

/** Drawn from `fromMs` to `toMs`, hatched, with its reason in words. */
export interface ChartGap {
  readonly fromMs: number
  readonly toMs: number
  readonly reason: string
  /** before: the record had not begun; nothing is missing, so it is not hatched. */
  readonly kind?: 'before' | undefined
}

export interface ChartRow {
  readonly ms: number
  readonly place: number
  /** One entry a series, in order: a value, or bottom and top of its part of the stack; null where nothing is. */
  readonly values: readonly (number | readonly [number, number] | null)[]
}

/** No chart draws more series than this: the rest belong into "other", and the legend says so. */
export const MAX_SERIES = 25

export const seriesColors = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `var(--chart-${n})`)
const styles: readonly LineStyle[] = ['solid', 'dashed', 'dotted']

/** The colour and line style of the n-th series or member: given in order, so that they stay on every screen. */
export function seriesLook(index: number): { readonly color: string; readonly style: LineStyle } {
  return {
    color: seriesColors[index % seriesColors.length] ?? 'var(--chart-other)',
    style: styles[index % styles.length] ?? 'solid',
  }
}

const inGap = (ms: number, gaps: readonly ChartGap[]) => gaps.some((gap) => ms > gap.fromMs && ms < gap.toMs)

export interface PrepareOptions {
  readonly stacked?: boolean | undefined
  readonly gaps?: readonly ChartGap[] | undefined
}

export function prepareRows(series: readonly ChartSeries[], scale: XScale, options: PrepareOptions = {}): ChartRow[] {
  const shown = series.slice(0, MAX_SERIES)
  const gaps = options.gaps ?? []
  const byMoment = new Map<number, (number | null)[]>()
  shown.forEach((one, index) => {
    for (const [ms, value] of one.points) {
      let row = byMoment.get(ms)
      if (row === undefined) {
        row = shown.map(() => null)
        byMoment.set(ms, row)
      }
      row[index] = value
    }
  })
  // A line must stop at a gap's edge, also when no point fell into it: an empty row in the middle cuts it.
  for (const gap of gaps) {
    const middle = (gap.fromMs + gap.toMs) / 2
    if (!byMoment.has(middle))
      byMoment.set(
        middle,
        shown.map(() => null),
      )
  }
  return [...byMoment.entries()]
    .sort(([a], [b]) => a - b)
    .map(([ms, values]) => ({
      ms,
      place: scale.place(ms),
      values: inGap(ms, gaps) ? values.map(() => null) : options.stacked === true ? stack(values) : values,
    }))
}

/** Bottom and top for each; a moment at which nothing at all was measured stays empty. */
function stack(values: readonly (number | null)[]): (readonly [number, number] | null)[] {
  if (values.every((value) => value === null)) return values.map(() => null)
  let bottom = 0
  return values.map((value) => {
    const top = bottom + (value ?? 0)
    const part = [bottom, top] as const
    bottom = top
    return part
  })
}

/** Largest and smallest positive value that the rows show within the plot. */
export function extent(rows: readonly ChartRow[]): { readonly high: number; readonly low: number } {
  let high = 0
  let low = Infinity
  for (const row of rows) {
    if (row.place < -0.02 || row.place > 1.02) continue
    for (const value of row.values) {
      const top = value === null ? null : typeof value === 'number' ? value : value[1]
      if (top === null) continue
      if (top > high) high = top
      if (top > 0 && top < low) low = top
    }
  }
  return { high, low: Number.isFinite(low) ? low : high }
}

/** The value of a series at a moment: its newest point at or before it, if that is not older than `reachMs`. */
export function valueAt(series: ChartSeries, ms: number, reachMs: number): number | null {
  const { points } = series
  let low = 0
  let high = points.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.[0] ?? Infinity) <= ms) low = middle + 1
    else high = middle - 1
  }
  const point = points[high]
  return point === undefined || ms - point[0] > reachMs ? null : point[1]
}

/** The newest value that is not missing. */
export function newestValue(series: ChartSeries): number | null {
  for (let i = series.points.length - 1; i >= 0; i--) {
    const value = series.points[i]?.[1]
    if (value !== undefined && value !== null) return value
  }
  return null
}

const roundStepsMs = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400].map(
  (s) => s * 1000,
)

/** The step to ask the API for: a round one, about `points` over the span (300 to 600 are plenty for a chart). */
export function stepForSpan(spanMs: number, points = 300): number {
  return roundStepsMs.find((step) => spanMs / step <= points) ?? 86_400_000
}
