import { parseDurationMs } from './instant'

/** Buckets of a chart: aligned to whole steps since 1970, so that every answer with one step has the same ones. */
export interface TimeGrid {
  /** Start of the first bucket. */
  readonly fromMs: number
  /** End of the last bucket. */
  readonly toMs: number
  readonly stepMs: number
}

/** The most points of one series in one answer. */
export const pointLimit = 2_000

const s = 1000
const m = 60 * s
const h = 60 * m
const niceStepsMs = [
  s,
  2 * s,
  5 * s,
  10 * s,
  15 * s,
  30 * s,
  m,
  2 * m,
  5 * m,
  10 * m,
  15 * m,
  30 * m,
  h,
  2 * h,
  3 * h,
  6 * h,
  12 * h,
  24 * h,
]

/**
 * The step asked for, widened when it would give more than {@link pointLimit} points; without one, a fitting one.
 * `grainMs`: every step is a whole multiple of it, where the record keeps sums of that width.
 */
export function timeGrid(
  range: { fromMs: number; toMs: number },
  step: string | undefined,
  options: { points: number; minStepMs: number; grainMs?: number },
): TimeGrid {
  const spanMs = range.toMs - range.fromMs
  const grainMs = options.grainMs ?? s
  const wanted =
    step === undefined
      ? niceStep(Math.max(options.minStepMs, spanMs / options.points), grainMs)
      : Math.ceil(parseDurationMs(step, 'step') / grainMs) * grainMs
  // One point more than span / step: a range seldom starts on a whole step.
  const widest = spanMs / (pointLimit - 1)
  const stepMs = wanted < widest ? niceStep(widest, grainMs) : wanted
  return { fromMs: Math.floor(range.fromMs / stepMs) * stepMs, toMs: Math.ceil(range.toMs / stepMs) * stepMs, stepMs }
}

function niceStep(leastMs: number, grainMs: number): number {
  const day = 24 * h
  const fitting = niceStepsMs.find((step) => step >= leastMs && step % grainMs === 0)
  return fitting ?? Math.ceil(leastMs / day) * day
}

export function* bucketsOf(grid: TimeGrid): Generator<number> {
  for (let t = grid.fromMs; t < grid.toMs; t += grid.stepMs) yield t
}
