import type { WindowFunction } from '../contract'
import type { StoredSample } from '../store'
import type { SampleSeries } from './view'

/**
 * Functions over one series in the window (nowMs - windowMs, nowMs], as Prometheus computes them; null where it has no
 * result. The record keeps increases of counters within one process life and not their totals, so two things differ,
 * both for the better: a restart adds nothing (Prometheus adds the new process's total), and an increase is never cut
 * off at zero by the extrapolation (for which the total would be needed).
 */

export interface Within {
  readonly nowMs: number
  readonly windowMs: number
  /** Of predict-linear. */
  readonly aheadMs?: number | undefined
}

export function windowValue(fn: WindowFunction, series: SampleSeries, within: Within): number | null {
  if (fn === 'rate' || fn === 'increase') {
    const increase = increaseOf(series, within)
    return increase === null ? null : fn === 'rate' ? (increase * 1000) / within.windowMs : increase
  }
  const { rows } = series
  const from = series.firstAfter(within.nowMs - within.windowMs)
  const to = series.firstAfter(within.nowMs)
  if (from >= to) return null
  switch (fn) {
    case 'last':
      return rows[to - 1]?.value ?? null
    case 'count':
      return reduce(rows, from, to, 0, (sum, row) => sum + (row.bucket?.count ?? 1))
    case 'sum':
      return reduce(rows, from, to, 0, (sum, row) => sum + (row.bucket?.sum ?? row.value))
    case 'min':
      return reduce(rows, from, to, Number.POSITIVE_INFINITY, (m, row) => Math.min(m, row.bucket?.min ?? row.value))
    case 'max':
      return reduce(rows, from, to, Number.NEGATIVE_INFINITY, (m, row) => Math.max(m, row.bucket?.max ?? row.value))
    case 'avg': {
      const count = reduce(rows, from, to, 0, (sum, row) => sum + (row.bucket?.count ?? 1))
      return reduce(rows, from, to, 0, (sum, row) => sum + (row.bucket?.sum ?? row.value)) / count
    }
    case 'delta':
      return delta(rows, from, to, within)
    case 'deriv': {
      const line = lineThrough(rows, from, to, within.nowMs)
      return line === null ? null : line.slope
    }
    case 'predict-linear': {
      const line = lineThrough(rows, from, to, within.nowMs)
      return line === null ? null : line.atNow + (line.slope * (within.aheadMs ?? 0)) / 1000
    }
  }
}

function reduce(
  rows: readonly StoredSample[],
  from: number,
  to: number,
  start: number,
  take: (so: number, row: StoredSample) => number,
): number {
  let so = start
  for (let at = from; at < to; at++) {
    const row = rows[at]
    if (row !== undefined) so = take(so, row)
  }
  return so
}

export interface Spans {
  /** First and one past the last row whose increase lies wholly within the window. */
  readonly from: number
  readonly to: number
  /** By what the sum of the increases is multiplied to stand for the whole window. */
  readonly factor: number
}

/**
 * Which increases count, and how they are extrapolated. Prometheus takes the samples within the window; the increase
 * between two of them is one of our rows, whose span begins at the first.
 */
export function spansWithin(series: SampleSeries, { nowMs, windowMs }: Within): Spans | null {
  const { rows } = series
  const startMs = nowMs - windowMs
  let from = series.firstAfter(startMs)
  const to = series.firstAfter(nowMs)
  while (from < to && beginOf(rows[from]) <= startMs) from += 1
  const first = rows[from]
  const last = rows[to - 1]
  if (from >= to || first === undefined || last === undefined) return null
  const firstMs = beginOf(first)
  return { from, to, factor: extrapolation(firstMs, last.atMs, to - from, { nowMs, windowMs }) }
}

function beginOf(row: StoredSample | undefined): number {
  return row === undefined ? Number.POSITIVE_INFINITY : row.atMs - row.spanMs
}

/**
 * To the window's edges where samples could be expected to go on until there, else by half their distance; 1.1 is
 * Prometheus' own measure. Zero where nothing was measured between the two.
 */
function extrapolation(firstMs: number, lastMs: number, intervals: number, { nowMs, windowMs }: Within): number {
  const measuredMs = lastMs - firstMs
  if (measuredMs <= 0 || intervals === 0) return 0
  const usualMs = measuredMs / intervals
  const reach = (gapMs: number) => (gapMs >= usualMs * 1.1 ? usualMs / 2 : gapMs)
  return (measuredMs + reach(firstMs - (nowMs - windowMs)) + reach(nowMs - lastMs)) / measuredMs
}

function increaseOf(series: SampleSeries, within: Within): number | null {
  const spans = spansWithin(series, within)
  if (spans === null) return null
  return reduce(series.rows, spans.from, spans.to, 0, (sum, row) => sum + row.value) * spans.factor
}

function delta(rows: readonly StoredSample[], from: number, to: number, within: Within): number | null {
  const first = rows[from]
  const last = rows[to - 1]
  if (first === undefined || last === undefined || to - from < 2) return null
  return (last.value - first.value) * extrapolation(first.atMs, last.atMs, to - from - 1, within)
}

/** Least squares; slope per second, and the line's value now. Null below two samples. */
function lineThrough(rows: readonly StoredSample[], from: number, to: number, nowMs: number) {
  const count = to - from
  if (count < 2) return null
  let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0]
  // Around the first value, so that large sizes lose no digits.
  const origin = rows[from]?.value ?? 0
  for (let at = from; at < to; at++) {
    const row = rows[at]
    if (row === undefined) continue
    const x = (row.atMs - nowMs) / 1000
    const y = row.value - origin
    sumX += x
    sumY += y
    sumXX += x * x
    sumXY += x * y
  }
  const variance = sumXX - (sumX * sumX) / count
  const slope = variance === 0 ? 0 : (sumXY - (sumX * sumY) / count) / variance
  return { slope, atNow: origin + sumY / count - (slope * sumX) / count }
}
