/**
 * One scrape of one member, reduced to the series that are kept: labels complete, counters and histograms still
 * cumulative, as the process counts them. {@link samplesBetween} turns two of them into samples.
 */

export interface ScrapedHistogram {
  /** Upper bounds, ascending; the last is `Infinity`. */
  readonly bounds: readonly number[]
  /** Cumulative: each count contains those of the lower bounds. */
  readonly cumulative: readonly number[]
  readonly sum: number
}

export interface ScrapedSeries {
  readonly metric: string
  readonly kind: 'gauge' | 'counter' | 'histogram'
  /** Sorted by name, `member` and `member_id` among them. */
  readonly labels: Readonly<Record<string, string>>
  /** Gauge: its value. Counter: total so far. Histogram: observations so far. */
  readonly value: number
  readonly histogram?: ScrapedHistogram
  /** An index that is set, not counted: 0 means "not set yet" after a start, so nothing is measured from there. */
  readonly zeroIsUnset?: boolean
}

export interface Scrape {
  readonly atMs: number
  /** `process_start_time_seconds`: one value per process life; null where the platform does not tell. */
  readonly processStart: number | null
  /** By {@link seriesKey}. */
  readonly series: ReadonlyMap<string, ScrapedSeries>
}

export function seriesKey(metric: string, labels: Readonly<Record<string, string>>): string {
  return JSON.stringify([metric, ...Object.entries(labels).flat()])
}

export function sortedLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}
