import { causeCodes, codeOf, insightCodes, outcomeCodes, podPhaseCodes, stepStatusCodes, wordOf } from '../codes'
import type { OwnedRow, PodStepRow, RolloutFailure, RolloutRow, StoredInsight, WorkloadStepRow } from '../workloadStore'
import type { LabelReader } from './labels'
import { bigOf, type Cell, numberOf, numberOrNull, type Row, textOf, textOrNull } from './statements'

/** Rows of the derived tables to what the interface hands over; each reads the columns in the order named here. */

/**
 * Of the step `s`. Only the revision needs all 64 bits, and so it comes as text: thousands of rows are read at once,
 * and every integer of theirs as a bigint would cost more than the query.
 */
export const stepColumns = `s.key_id, CAST(s.revision AS TEXT), s.at_ms, s.since, s.status, s.reason_id, s.generation,
  s.observed, s.desired, s.current, s.updated, s.ready, s.available`

/** Columns from `at` on; `insights` as they hold then, stored beside the steps. */
export function stepOfRow(
  row: Row,
  labels: LabelReader,
  { at = 0, insights = null }: { at?: number; insights?: Cell | undefined } = {},
): WorkloadStepRow {
  const atMs = numberOf(row[at + 2])
  return {
    keyId: numberOf(row[at]),
    revision: BigInt(textOf(row[at + 1])),
    atMs,
    sinceMs: atMs - numberOf(row[at + 3]),
    status: wordOf(stepStatusCodes, numberOf(row[at + 4])),
    reason: labels.textOf(numberOrNull(row[at + 5])),
    generation: numberOrNull(row[at + 6]),
    observedGeneration: numberOrNull(row[at + 7]),
    desired: numberOrNull(row[at + 8]),
    current: numberOrNull(row[at + 9]),
    updated: numberOrNull(row[at + 10]),
    ready: numberOrNull(row[at + 11]),
    available: numberOrNull(row[at + 12]),
    insights: insightsOfText(insights),
  }
}

const none: readonly StoredInsight[] = []

/** `[[code, fromMs, untilMs, count, detail, ...keyIds], …]`; nothing when there is none. */
export function textOfInsights(insights: readonly StoredInsight[]): string | null {
  if (insights.length === 0) return null
  return JSON.stringify(
    insights.map((one) => [
      codeOf(insightCodes, one.kind),
      one.fromMs ?? 0,
      one.untilMs ?? 0,
      one.count,
      one.detail,
      ...one.keyIds,
    ]),
  )
}

export function insightsOfText(cell: Cell | undefined): readonly StoredInsight[] {
  const text = cell === undefined ? null : textOrNull(cell)
  if (text === null) return none
  // Written by textOfInsights alone.
  const stored = JSON.parse(text) as [number, number, number, number, string, ...number[]][]
  return stored.map(([code, fromMs, untilMs, count, detail, ...keyIds]) => ({
    kind: wordOf(insightCodes, code),
    fromMs: fromMs || null,
    untilMs: untilMs || null,
    count,
    detail,
    keyIds,
  }))
}

export const podStepColumns = 'key_id, revision, at_ms, phase, status, restarts, reason_id'

export function podStepOfRow(row: Row, labels: LabelReader): PodStepRow {
  const status = wordOf(stepStatusCodes, numberOf(row[4]))
  return {
    keyId: numberOf(row[0]),
    revision: bigOf(row[1]),
    atMs: numberOf(row[2]),
    phase: wordOf(podPhaseCodes, numberOf(row[3])),
    status: status === 'gone' || status === 'unrecorded' ? 'Unknown' : status,
    restarts: numberOf(row[5]),
    reason: labels.textOf(numberOrNull(row[6])),
  }
}

export const rolloutColumns = `key_id, from_revision, generation, started_ms, cause, outcome, ended_revision, ended_ms,
  converged_ms, template, failures, replaced_at`

export function rolloutOfRow(row: Row): RolloutRow {
  return {
    keyId: numberOf(row[0]),
    fromRevision: bigOf(row[1]),
    generation: numberOf(row[2]),
    startedMs: numberOf(row[3]),
    cause: wordOf(causeCodes, numberOf(row[4])),
    outcome: wordOf(outcomeCodes, numberOf(row[5])),
    endedRevision: bigOrNull(row[6]),
    endedMs: numberOrNull(row[7]),
    convergedMs: numberOrNull(row[8]),
    template: numberOrNull(row[9]),
    failures: failuresOfText(textOrNull(row[10])),
    replacedAt: replacedOfText(textOrNull(row[11])),
  }
}

export function textOfFailures(failures: readonly RolloutFailure[]): string | null {
  if (failures.length === 0) return null
  return JSON.stringify(failures.map((one) => [String(one.revision), one.atMs, one.keyId, one.reason, one.message]))
}

function failuresOfText(text: string | null): RolloutFailure[] {
  if (text === null) return []
  // Written by textOfFailures alone.
  const stored = JSON.parse(text) as [string, number, number, string, string | null][]
  return stored.map(([revision, atMs, keyId, reason, message]) => ({
    revision: BigInt(revision),
    atMs,
    keyId,
    reason,
    message,
  }))
}

/** `first,further,further,…`, each further one as the distance from the one before. */
export function textOfReplaced(revisions: readonly bigint[]): string | null {
  if (revisions.length === 0) return null
  return revisions.map((revision, at) => revision - (revisions[at - 1] ?? 0n)).join(',')
}

function replacedOfText(text: string | null): bigint[] {
  if (text === null) return []
  let revision = 0n
  return text.split(',').map((distance) => {
    revision += BigInt(distance)
    return revision
  })
}

export const ownedColumns = 'owner_id, key_id, from_revision, from_ms, to_revision, to_ms, node_id'

export function ownedOfRow(row: Row, labels: LabelReader): OwnedRow {
  return {
    ownerId: numberOf(row[0]),
    keyId: numberOf(row[1]),
    fromRevision: bigOf(row[2]),
    fromMs: numberOf(row[3]),
    toRevision: bigOrNull(row[4]),
    toMs: numberOrNull(row[5]),
    node: labels.textOf(numberOrNull(row[6])),
  }
}

export function bigOrNull(cell: Cell | undefined): bigint | null {
  return cell === null ? null : bigOf(cell)
}
