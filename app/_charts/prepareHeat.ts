import type { ChartGap } from './prepareSeries'
import type { XScale } from './xScale'

/** Cells of a heat-map: six shades on a square-root scale, so that small values stay visible beside bursts. Pure. */

export interface HeatRow {
  readonly id: string
  readonly label: string
  readonly points: readonly (readonly [ms: number, value: number | null])[]
}

export interface HeatCell {
  readonly from: number
  readonly width: number
  readonly ms: number
  readonly value: number
  /** 0 to 5. */
  readonly shade: number
}

export const SHADES = 6

export function heatHigh(rows: readonly HeatRow[]): number {
  let high = 0
  for (const row of rows) for (const [, value] of row.points) if (value !== null && value > high) high = value
  return high
}

export function shadeOf(value: number, high: number): number {
  if (value <= 0 || high <= 0) return 0
  return Math.min(SHADES - 1, 1 + Math.floor(Math.sqrt(value / high) * (SHADES - 1.001)))
}

export function prepareHeat(
  row: HeatRow,
  stepMs: number,
  high: number,
  scale: XScale,
  gaps: readonly ChartGap[],
): readonly HeatCell[] {
  return row.points.flatMap(([ms, value]) => {
    if (value === null || gaps.some((gap) => ms + stepMs > gap.fromMs && ms + stepMs <= gap.toMs)) return []
    const from = Math.max(0, scale.place(ms))
    const to = Math.min(1, scale.place(ms + stepMs))
    return to <= from ? [] : [{ from, width: to - from, ms, value, shade: shadeOf(value, high) }]
  })
}
