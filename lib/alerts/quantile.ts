import { type Labels, labelsKey, type Measured } from './measured'
import type { SampleSeries } from './view'
import { spansWithin, type Within } from './windowFunctions'

/**
 * Prometheus' histogram_quantile over bucket rates: each series' bucket increases within the window, extrapolated as
 * its rate would be, then summed by bound over the series of a group.
 */

interface Group {
  readonly labels: Labels
  /** Upper bound → observations at or below it. */
  readonly cumulative: Map<number, number>
}

/** `groupOf` names the labels under which series are summed. NaN where a group had no observation. */
export function quantiles(
  quantile: number,
  found: readonly SampleSeries[],
  groupOf: (labels: Labels) => Labels,
  within: Within,
): Measured[] {
  const groups = new Map<string, Group>()
  for (const series of found) {
    const counts = countsWithin(series, within)
    if (counts === null) continue
    const labels = groupOf(series.labels)
    const key = labelsKey(labels)
    const group = groups.get(key) ?? { labels, cumulative: new Map<number, number>() }
    groups.set(key, group)
    let below = 0
    for (const [at, bound] of series.bounds.entries()) {
      below += counts[at] ?? 0
      group.cumulative.set(bound, (group.cumulative.get(bound) ?? 0) + below)
    }
  }
  return [...groups.values()].map(({ labels, cumulative }) => ({ labels, value: quantileOf(quantile, cumulative) }))
}

function countsWithin(series: SampleSeries, within: Within): number[] | null {
  const spans = spansWithin(series, within)
  if (spans === null) return null
  const counts = new Array<number>(series.bounds.length).fill(0)
  for (let at = spans.from; at < spans.to; at++) {
    const row = series.rows[at]?.counts
    if (row === undefined) continue
    for (let bucket = 0; bucket < counts.length; bucket++) counts[bucket] = (counts[bucket] ?? 0) + (row[bucket] ?? 0)
  }
  for (let bucket = 0; bucket < counts.length; bucket++) counts[bucket] = (counts[bucket] ?? 0) * spans.factor
  return counts
}

function quantileOf(quantile: number, cumulative: ReadonlyMap<number, number>): number {
  const buckets = [...cumulative].sort(([a], [b]) => a - b)
  const top = buckets.at(-1)
  if (buckets.length < 2 || top?.[0] !== Number.POSITIVE_INFINITY) return Number.NaN
  // Bounds that only some of the series have make sums that go down; a cumulative count cannot.
  let highest = 0
  const monotonic = buckets.map(([bound, count]): [number, number] => {
    highest = Math.max(highest, count)
    return [bound, highest]
  })
  if (highest === 0) return Number.NaN
  const rank = quantile * highest
  const at = Math.max(
    0,
    monotonic.slice(0, -1).findIndex(([, count]) => count >= rank),
  )
  const [upper, count] = monotonic[at] ?? [Number.NaN, 0]
  if (count < rank) return monotonic[monotonic.length - 2]?.[0] ?? Number.NaN
  if (at === 0 && upper <= 0) return upper
  const [lower, below] = at === 0 ? [0, 0] : (monotonic[at - 1] ?? [0, 0])
  return lower + (upper - lower) * ((rank - below) / (count - below))
}
