import type { SampleInput } from '../../store'
import type { ScrapedHistogram, ScrapedSeries } from './scrape'

/**
 * Two cumulative histograms of one process life → what was observed between them, bucket by bucket. A quantile is
 * later computed from these increases, never from the totals since the member's start.
 */
export function histogramDelta(previous: ScrapedHistogram | null, present: ScrapedHistogram): SampleInput['histogram'] {
  const before = previous ?? emptyLike(present)
  if (!sameBounds(before.bounds, present.bounds)) return undefined
  const sum = present.sum - before.sum
  if (!Number.isFinite(sum)) return undefined
  const counts: number[] = []
  let below = 0
  for (const [i, cumulative] of present.cumulative.entries()) {
    const upToHere = cumulative - (before.cumulative[i] ?? 0)
    const inBucket = upToHere - below
    // A bucket that shrank, or one below its lower neighbour, is no histogram of this life: nothing is claimed.
    if (!(inBucket >= 0) || !Number.isFinite(inBucket)) return undefined
    counts.push(inBucket)
    below = upToHere
  }
  return { bounds: present.bounds, counts, sum }
}

/** True when any bucket counts less than it did: only a new process does that. */
export function histogramWentBack(previous: ScrapedSeries, present: ScrapedSeries): boolean {
  const before = previous.histogram
  const now = present.histogram
  if (before === undefined || now === undefined) return false
  if (!sameBounds(before.bounds, now.bounds)) return present.value < previous.value
  return now.cumulative.some((count, i) => count < (before.cumulative[i] ?? 0))
}

function sameBounds(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((bound, i) => bound === b[i])
}

function emptyLike(histogram: ScrapedHistogram): ScrapedHistogram {
  return { bounds: histogram.bounds, cumulative: histogram.bounds.map(() => 0), sum: 0 }
}
