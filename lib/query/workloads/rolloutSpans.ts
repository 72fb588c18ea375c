import type { RolloutCause, RolloutOutcome } from '../../contract'
import { median } from '../../core/median'
import type { RolloutRow } from '../../store/workloadStore'
import { timeOf, timeOrNull } from '../instant'

/** Rollouts as they stood at a revision: what ended later had not ended yet. */

/** Without templates that were there when the record began, and without the runs of Jobs. */
export function rolloutsBy(rows: readonly RolloutRow[], revision: bigint): RolloutRow[] {
  return rows.filter((row) => isRollout(row) && row.fromRevision <= revision).map((row) => asOf(row, revision))
}

function isRollout({ cause }: RolloutRow): boolean {
  return cause !== 'baseline' && cause !== 'run'
}

function asOf(row: RolloutRow, revision: bigint): RolloutRow {
  const failures = row.failures.filter((failure) => failure.revision <= revision)
  if (row.endedRevision === null || row.endedRevision <= revision) return { ...row, failures }
  return { ...row, failures, outcome: 'in-progress', endedRevision: null, endedMs: null, convergedMs: null }
}

/** Times to converge of those that had by then. */
export function convergedBy(rows: readonly RolloutRow[], revision: bigint): number[] {
  return rows.flatMap((row) =>
    row.convergedMs !== null && row.endedRevision !== null && row.endedRevision <= revision ? [row.convergedMs] : [],
  )
}

export interface RolloutSpan {
  readonly generation: string
  readonly fromRevision: string
  readonly startedAt: string
  readonly endedRevision: string | null
  readonly endedAt: string | null
  readonly convergedMs: number | null
  readonly outcome: RolloutOutcome
  readonly cause: RolloutCause
}

export function spanOfRollout(row: RolloutRow): RolloutSpan {
  return {
    generation: String(Math.max(0, row.generation)),
    fromRevision: String(row.fromRevision),
    startedAt: timeOf(row.startedMs),
    endedRevision: row.endedRevision === null ? null : String(row.endedRevision),
    endedAt: timeOrNull(row.endedMs),
    convergedMs: row.convergedMs,
    outcome: row.outcome,
    // Rows of other causes are no rollouts and were left out.
    cause: row.cause === 'baseline' || row.cause === 'run' ? 'other' : row.cause,
  }
}

/** What a rollout usually takes: the median; null of nothing. */
export function usualOf(convergedMs: readonly number[]): number | null {
  return median(convergedMs)
}

/** The value below which the share `q` lies, by nearest rank; null of nothing. */
function quantileOf(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? null
}

export function percentilesOf(values: readonly number[]) {
  return {
    count: values.length,
    p50Ms: quantileOf(values, 0.5),
    p90Ms: quantileOf(values, 0.9),
    p99Ms: quantileOf(values, 0.99),
  }
}
