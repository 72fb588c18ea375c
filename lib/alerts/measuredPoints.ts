import type { BacktestAnswer, Comparison } from '../contract'
import { type Labels, labelsKey, type Measured } from './measured'

/**
 * The measured values of a backtest, to be drawn: at most so many points a series, each the value nearest to firing of
 * the evaluations that it stands for, so that no peak is lost.
 */

const pointsMost = 2_000
/** Of a measure with more series the first ones are drawn; firings are told of all. */
const seriesMost = 100

interface Growing {
  readonly labels: Labels
  /** By bucket. */
  readonly values: Map<number, number>
}

export class MeasuredPoints {
  readonly #below: boolean
  readonly #perPoint: number
  readonly #starts: number[] = []
  readonly #series = new Map<string, Growing>()
  #taken = 0

  constructor(comparison: Comparison, evaluations: number) {
    this.#below = comparison === '<' || comparison === '<='
    this.#perPoint = Math.max(1, Math.ceil(evaluations / pointsMost))
  }

  take(measured: readonly Measured[], nowMs: number): void {
    const bucket = Math.floor(this.#taken++ / this.#perPoint)
    if (bucket === this.#starts.length) this.#starts.push(nowMs)
    for (const { labels, value } of measured) {
      if (Number.isNaN(value)) continue
      const key = labelsKey(labels)
      let series = this.#series.get(key)
      if (series === undefined) {
        if (this.#series.size >= seriesMost) continue
        series = { labels, values: new Map() }
        this.#series.set(key, series)
      }
      const known = series.values.get(bucket)
      const nearer = known === undefined || (this.#below ? value < known : value > known)
      if (nearer) series.values.set(bucket, value)
    }
  }

  series(): NonNullable<BacktestAnswer['series']> {
    return [...this.#series.values()].map(({ labels, values }) => ({
      labels: { ...labels },
      points: this.#starts.map((t, bucket): [number, number | null] => [t, values.get(bucket) ?? null]),
    }))
  }
}
