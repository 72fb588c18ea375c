import type { ChartGap, StepPoint } from './prepareSeries'
import type { XScale } from './xScale'

/**
 * From exact steps to what a step line draws. A value holds until the next step, so a line is made of stretches, not
 * of points: each is cut at the gaps of the record and at the plot's edges. Stretches that are narrower than a pixel
 * are drawn as one column from their lowest to their highest value, so that ten thousand steps cost a path of a few
 * thousand places and no spike is lost; any stretch that is wider stands exactly where it is. Pure.
 */

/** Places in px from the left edge; `toPx` of one stretch is `fromPx` of the next within a run. */
export interface StepStretch {
  readonly fromPx: number
  readonly toPx: number
  /** What holds at the end; `low` and `high` are what it went through on the way. */
  readonly value: number
  readonly low: number
  readonly high: number
}

/** Drawn without a break. */
export type StepRun = readonly StepStretch[]

export interface StepOptions {
  readonly scale: XScale
  readonly widthPx: number
  readonly gaps?: readonly ChartGap[] | undefined
  /** Nothing is known after it: now, or the end of the record. */
  readonly endMs: number
}

/** Narrower than this, stretches share a column. */
const COLUMN_PX = 1

interface Piece {
  readonly fromMs: number
  readonly toMs: number
  readonly value: number
}

export function prepareSteps(points: readonly StepPoint[], options: StepOptions): readonly StepRun[] {
  const { scale, widthPx } = options
  const runs: StepStretch[][] = []
  let run: StepStretch[] = []
  let lastMs = Number.NaN
  for (const piece of pieces(points, options)) {
    if (piece.fromMs !== lastMs) {
      run = []
      runs.push(run)
    }
    lastMs = piece.toMs
    add(run, scale.place(piece.fromMs) * widthPx, scale.place(piece.toMs) * widthPx, piece.value)
  }
  return runs
}

/** Joins the stretch to the last column while both are within one. */
function add(run: StepStretch[], fromPx: number, toPx: number, value: number): void {
  const last = run[run.length - 1]
  if (last !== undefined && last.value === value && last.low === value && last.high === value) {
    run[run.length - 1] = { ...last, toPx }
    return
  }
  if (last !== undefined && toPx - last.fromPx < COLUMN_PX) {
    const low = Math.min(last.low, value)
    run[run.length - 1] = { fromPx: last.fromPx, toPx, value, low, high: Math.max(last.high, value) }
    return
  }
  run.push({ fromPx, toPx, value, low: value, high: value })
}

/** What holds from when to when, without what lies outside the plot, in a gap, or is not known. */
function* pieces(points: readonly StepPoint[], options: StepOptions): Generator<Piece> {
  const { span } = options.scale
  const gaps = options.gaps ?? []
  const endMs = Math.min(span.toMs, options.endMs)
  for (let i = 0; i < points.length; i++) {
    const point = points[i]
    if (point === undefined || point[1] === null || point[0] >= endMs) continue
    const fromMs = Math.max(span.fromMs, point[0])
    const toMs = Math.min(endMs, points[i + 1]?.[0] ?? endMs)
    if (toMs <= fromMs) continue
    yield* outsideGaps({ fromMs, toMs, value: point[1] }, gaps)
  }
}

function* outsideGaps(piece: Piece, gaps: readonly ChartGap[]): Generator<Piece> {
  let { fromMs } = piece
  for (const gap of gaps) {
    if (gap.toMs <= fromMs || gap.fromMs >= piece.toMs) continue
    if (gap.fromMs > fromMs) yield { ...piece, fromMs, toMs: gap.fromMs }
    fromMs = Math.max(fromMs, gap.toMs)
  }
  if (fromMs < piece.toMs) yield { ...piece, fromMs }
}

export interface StepPaths {
  readonly line: string
  readonly area: string
}

const round = (px: number) => Math.round(px * 10) / 10

/** SVG paths of runs; `y` takes a value to px from the top, `basePx` is where an area stands. */
export function stepPaths(runs: readonly StepRun[], y: (value: number) => number, basePx: number): StepPaths {
  let line = ''
  let area = ''
  for (const run of runs) {
    const first = run[0]
    const last = run[run.length - 1]
    if (first === undefined || last === undefined) continue
    let path = `M${round(first.fromPx)} ${round(y(first.low))}`
    for (const { fromPx, toPx, value, low, high } of run) {
      path += `H${round(fromPx)}`
      if (low !== high) path += `V${round(y(low))}V${round(y(high))}`
      path += `V${round(y(value))}H${round(toPx)}`
    }
    line += path
    area += `${path}V${round(basePx)}H${round(first.fromPx)}Z`
  }
  return { line, area }
}
