import type { ClusterRef, RecordReader } from '../store'
import { SampleSeries } from './view'

/**
 * The samples of one cluster that rules read, in memory: each is read from the record once and dropped when no window
 * reaches it any more. Samples that turn up later than this, behind others of their series, change nothing.
 */

/** A scrape is stored a moment after it was measured: looks reach back so far for what was not there yet. */
const overlapMs = 15_000
/** A window's first increase began before it. */
const marginMs = 60_000

export class SampleStore {
  readonly #reader: Pick<RecordReader, 'samples'>
  readonly #cluster: ClusterRef
  readonly #aheadMs: number
  #wanted: ReadonlyMap<string, number> = new Map()
  /** Of each metric: through when it is read, and how far back it reaches. */
  readonly #read = new Map<string, { throughMs: number; windowMs: number; series: Map<number, SampleSeries> }>()

  constructor(reader: Pick<RecordReader, 'samples'>, cluster: ClusterRef, aheadMs: number) {
    this.#reader = reader
    this.#cluster = cluster
    this.#aheadMs = aheadMs
  }

  /** Metric → how far back samples are needed. */
  cover(wanted: ReadonlyMap<string, number>): void {
    this.#wanted = wanted
    for (const [metric, { windowMs }] of this.#read) {
      const needed = wanted.get(metric)
      if (needed === undefined || needed > windowMs) this.#read.delete(metric)
    }
  }

  of(metric: string): readonly SampleSeries[] {
    const read = this.#read.get(metric)
    return read === undefined ? [] : [...read.series.values()]
  }

  async readThrough(nowMs: number, signal?: AbortSignal): Promise<void> {
    const toMs = nowMs + this.#aheadMs
    // Metrics that were read equally far are read together.
    const due = new Map<number, string[]>()
    for (const [metric, windowMs] of this.#wanted) {
      const read = this.#read.get(metric)
      if (read !== undefined && read.throughMs >= nowMs && this.#aheadMs > 0) continue
      const afterMs =
        read === undefined ? nowMs - windowMs - marginMs : read.throughMs - (this.#aheadMs > 0 ? 0 : overlapMs)
      due.set(afterMs, [...(due.get(afterMs) ?? []), metric])
    }
    for (const [afterMs, metrics] of due) {
      const found = await this.#reader.samples(this.#cluster, { metrics, afterMs, toMs }, signal)
      for (const metric of metrics) {
        const windowMs = this.#wanted.get(metric) ?? 0
        const read = this.#read.get(metric) ?? { throughMs: toMs, windowMs, series: new Map() }
        this.#read.set(metric, read)
        read.throughMs = toMs
      }
      for (const { id, metric, labels, kind, bounds, samples } of found) {
        const series = this.#read.get(metric)?.series
        if (series === undefined) continue
        const own = series.get(id) ?? new SampleSeries(labels, kind, bounds)
        series.set(id, own)
        for (const sample of samples) own.push(sample)
      }
    }
    this.#forget(nowMs)
  }

  #forget(nowMs: number): void {
    for (const { windowMs, series } of this.#read.values()) {
      for (const [id, own] of series) {
        own.dropThrough(nowMs - windowMs - marginMs)
        const newest = own.rows.at(-1)
        if (newest !== undefined && newest.atMs < nowMs - windowMs - marginMs) series.delete(id)
      }
    }
  }
}
