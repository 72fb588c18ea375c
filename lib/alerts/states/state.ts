import type { AlertStateName } from '../../contract'
import type { ChangeRow, ClusterRef, RecordReader } from '../../store'
import type { TallyOf } from '../changeTally'
import type { Measured } from '../measured'
import type { SampleSeries } from '../view'

/**
 * A state of the record: what it reads, and its value at one moment of what was read. Everything at or before that
 * moment, never anything later: so the backtest sees what the live engine saw.
 */

export interface StateView {
  readonly nowMs: number
  series(metric: string): readonly SampleSeries[]
}

/** From samples alone. */
export interface SampledState {
  readonly kind: 'samples'
  /** Metric → how far back it is read for a window of that length. */
  readonly metrics: (windowMs: number) => Readonly<Record<string, number>>
  readonly at: (view: StateView, windowMs: number) => readonly Measured[]
}

/** From rows of the record that are read for a stretch of time at once. */
export interface RecordedState {
  readonly kind: 'record'
  readonly metrics: (windowMs: number) => Readonly<Record<string, number>>
  /** Reads what moments within [fromMs, toMs] need. */
  readonly read: (reader: RecordReader, cluster: ClusterRef, range: StateRange) => Promise<MomentReader>
}

export interface StateRange {
  readonly fromMs: number
  readonly toMs: number
  readonly windowMs: number
}
export type MomentReader = (view: StateView) => readonly Measured[]

/** Counted from changes. */
export interface ChangedState {
  readonly kind: 'changes'
  /** Null: of every resource. */
  readonly resources: readonly string[] | null
  readonly tally: (reader: RecordReader, cluster: ClusterRef, windowMs: number) => TallyOf
}

export type StateSource = SampledState | RecordedState | ChangedState
export type StateTable = Readonly<Record<AlertStateName, StateSource>>
export type { ChangeRow }
