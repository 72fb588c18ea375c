import type { Severity } from '../contract'
import type { Labels } from './measured'

/**
 * What the state machine remembers of one rule on one cluster between two evaluations. JSON-safe, so that it survives
 * a restart as it is.
 */

/** One severity of one measured series, while its condition holds (or is taken to hold, while data is missing). */
export interface AlertState {
  readonly severity: Severity
  /** Of the measured series; with the severity they identify the alert within its rule. */
  readonly labels: Labels
  readonly details: Labels
  readonly phase: 'pending' | 'firing'
  readonly threshold: number
  /** Null while data is missing, or where nothing was there to compare. */
  readonly value: number | null
  /** The value farthest beyond the threshold; null when it never had one. */
  readonly peak: number | null
  /** Observed time for which the condition has held: pauses and clock jumps do not count. */
  readonly heldMs: number
  /** When the condition was first seen to hold. */
  readonly activeMs: number
  /** When it fired; null while pending. */
  readonly firedMs: number | null
  /** A graver severity of the same series fires: this one is not told. */
  readonly supersededBy: Severity | null
}

export interface RuleState {
  readonly evaluatedMs: number
  readonly alerts: readonly AlertState[]
  /** Only for rules whose missing data fires: series that were there, and when they were last. */
  readonly known: readonly { readonly labels: Labels; readonly seenMs: number }[]
}

/** `cancelled`: a pending alert whose condition ended; `resolved`: a firing one. `alert` is as it was at its end. */
export interface Transition {
  readonly kind: 'pending' | 'firing' | 'resolved' | 'cancelled'
  readonly atMs: number
  readonly alert: AlertState
}

export interface Stepped {
  readonly state: RuleState
  readonly transitions: readonly Transition[]
}
