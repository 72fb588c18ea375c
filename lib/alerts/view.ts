import type { AlertStateName, ChangeSelector } from '../contract'
import type { StoredSample } from '../store'
import type { Labels, Measured } from './measured'
import type { Needs } from './needs'

/**
 * What an expression reads: everything is in memory already, so that evaluation is synchronous and pure. Live engine
 * and backtest fill it differently and read it the same way.
 */
export interface View {
  readonly nowMs: number
  /** Every series of the metric; they may hold samples from before any window and, in a backtest, after now. */
  series(metric: string): readonly SampleSeries[]
  /** Changes within (now - windowMs, now], one value for each set of `by`; {} with 0 when there was none. */
  changes(where: ChangeSelector, by: readonly string[], windowMs: number): readonly Measured[]
  state(state: AlertStateName, windowMs: number): readonly Measured[]
  /** Answers of this moment that rules share, by what was asked. */
  readonly memo: Map<string, readonly Measured[]>
}

/** The samples of one series, ascending. Old ones are dropped from the front. */
export class SampleSeries {
  readonly labels: Labels
  readonly kind: 'gauge' | 'counter' | 'histogram'
  /** Upper bounds of a histogram's buckets, ascending, the last `Infinity`. */
  readonly bounds: readonly number[]
  readonly rows: StoredSample[] = []

  constructor(labels: Labels, kind: SampleSeries['kind'], bounds: readonly number[] = []) {
    this.labels = labels
    this.kind = kind
    this.bounds = bounds
  }

  /** Samples that are not newer than the newest one are left out: late data changes nothing that was evaluated. */
  push(row: StoredSample): void {
    const newest = this.rows.at(-1)
    if (newest === undefined || row.atMs > newest.atMs) this.rows.push(row)
  }

  /** Index of the first sample after that moment. */
  firstAfter(atMs: number): number {
    let low = 0
    let high = this.rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.rows[middle]?.atMs ?? 0) <= atMs) low = middle + 1
      else high = middle
    }
    return low
  }

  dropThrough(atMs: number): void {
    const first = this.firstAfter(atMs)
    // Moving the rest costs as much as it frees only when enough is freed.
    if (first > 64 && first * 4 > this.rows.length) this.rows.splice(0, first)
  }
}

/** Feeds the view of one cluster from the record; kept from one evaluation to the next. */
export interface ClusterView {
  /** What rules are going to read; replaces what was said before. */
  cover(needs: readonly Needs[]): void
  /** Reads what the record has gained since the last moment, and the first time as far back as the needs reach. */
  at(nowMs: number, signal?: AbortSignal): Promise<View>
}
