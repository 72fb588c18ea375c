import type { ClusterRef } from './identity'

/** Samples: as they are measured, and as they are stored for what must evaluate them exactly and not draw them. */

/** One scrape's value of one series. Counters carry the increase over `spanMs`; histograms their bucket increases. */
export interface SampleInput {
  readonly metric: string
  /** With `member` (name) and `member_id`; sorted by name. */
  readonly labels: Readonly<Record<string, string>>
  readonly kind: 'gauge' | 'counter' | 'histogram'
  /** Gauge: its value. Counter: increase. Histogram: increase of the count. */
  readonly value: number
  /** Time that the increase covers; 0 for gauges. */
  readonly spanMs: number
  readonly histogram?: {
    /** Upper bounds, ascending, the last +Inf as `Infinity`. */
    readonly bounds: readonly number[]
    /** Increase of each bucket, not cumulative. */
    readonly counts: readonly number[]
    readonly sum: number
  }
}

export interface StoredSample {
  /** When it was measured; of a roll-up the end of its bucket. */
  readonly atMs: number
  /** Gauge: its (last) value. Counter: the increase. Histogram: increase of the count. */
  readonly value: number
  /** Time that the increase covers; 0 for gauges. */
  readonly spanMs: number
  /** Only of a roll-up: what the samples of its bucket were. */
  readonly bucket?: { readonly min: number; readonly max: number; readonly sum: number; readonly count: number }
  /** Of a histogram: increase of each bucket, not cumulative. */
  readonly counts?: readonly number[]
}

export interface StoredSeries {
  /** The store's own, stable: a series keeps it. */
  readonly id: number
  readonly metric: string
  readonly labels: Readonly<Record<string, string>>
  readonly kind: 'gauge' | 'counter' | 'histogram'
  /** Upper bounds of a histogram's buckets, ascending, the last `Infinity`. */
  readonly bounds: readonly number[]
  /** Ascending by time. */
  readonly samples: readonly StoredSample[]
}

export interface SampleReader {
  /**
   * Every sample of these metrics with afterMs < atMs <= toMs: raw ones as far back as they are kept, roll-ups before.
   * Series without any in that time are left out.
   */
  samples(
    cluster: ClusterRef,
    query: { metrics: readonly string[]; afterMs: number; toMs: number },
    signal?: AbortSignal,
  ): Promise<StoredSeries[]>
}
