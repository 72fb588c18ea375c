import { ScopeError } from '../../core/errors'
import type { AppendBatch, AppendResult, ChangeInput } from '../store'
import type { ActivityTally } from './activityWriter'
import type { ChainWriter } from './chainWriter'
import type { ChangeRowWriter } from './changeRows'
import type { EpochState, EpochTable } from './epochs'
import type { OwnershipTable } from './ownership'
import type { PulseWriter } from './pulses'
import type { Statements } from './statements'
import type { SummaryWriter } from './summaryWriter'

/** What the writes of changes share; all of it belongs to one connection. */
export interface WriteParts {
  readonly statements: Statements
  readonly rows: ChangeRowWriter
  readonly summaries: SummaryWriter
  readonly tally: ActivityTally
  readonly epochs: EpochTable
  readonly owners: OwnershipTable
  readonly pulses: PulseWriter
  readonly chain: ChainWriter
}

/** Appends whole revisions and moves the cursor; runs inside one transaction. Invariant: both or neither. */
export function appendInTransaction(parts: WriteParts, batch: AppendBatch): AppendResult {
  const { owners, epochs, rows, summaries, tally, pulses, chain } = parts
  const clusterId = batch.cluster.id
  owners.check(clusterId, batch.ownership)
  const state = epochs.present(clusterId, batch.epoch)
  summaries.begin(state.id, state.cursor)
  refuseBroken(batch, state)
  if (state.resyncOpen) dropDrafts(parts, state)

  const moves = batch.changes.length > 0 || batch.through > state.cursor
  if (moves) chain.open(clusterId, state, 'append')
  const atFloor = state.lastMs ?? Number.NEGATIVE_INFINITY
  let lastMs = atFloor
  let first: { revision: bigint; ms: number } | null = null
  for (const change of batch.changes) {
    // Time must not run backwards within an epoch: moments are found by bisection over revisions.
    lastMs = Math.max(lastMs, change.atMs)
    first ??= { revision: change.revision, ms: lastMs }
    chain.add(rows.insert({ clusterId, epochId: state.id, atMs: lastMs, ordinal: change.ordinal }, change))
  }
  if (moves) chain.close(batch.through)
  summaries.advance(state.id, batch.through, batch.changes.length)
  tally.write(clusterId)
  epochs.moveCursor(state.id, batch.through, first, first === null ? null : lastMs)
  if (batch.changes.length > 0) pulses.bump(clusterId, 'changes', `${batch.epoch}:${batch.through}`)
  return { appended: batch.changes.length, cursor: batch.through }
}

function refuseBroken(batch: AppendBatch, state: EpochState): void {
  if (batch.through < state.cursor) broken(`its end ${batch.through} lies before the cursor ${state.cursor}`)
  let previous: ChangeInput | null = null
  const keys = new Set<string>()
  for (const change of batch.changes) {
    if (change.revision <= state.cursor)
      broken(`revision ${change.revision} is stored already (cursor ${state.cursor})`)
    if (change.revision > batch.through) broken(`revision ${change.revision} lies above its end ${batch.through}`)
    const opens = previous === null || change.revision > previous.revision
    if (previous !== null && change.revision < previous.revision) broken(`revision ${change.revision} is out of order`)
    const expected = opens || previous === null ? 0 : previous.ordinal + 1
    if (change.ordinal !== expected) {
      broken(`revision ${change.revision} has ordinal ${change.ordinal} where ${expected} is due`)
    }
    if (opens) keys.clear()
    const key = Buffer.from(change.key.buffer, change.key.byteOffset, change.key.byteLength).toString('latin1')
    if (keys.has(key)) broken(`a key changes twice in revision ${change.revision}`)
    keys.add(key)
    previous = change
  }
}

function broken(why: string): never {
  throw new ScopeError('INTERNAL', `The batch cannot be appended: ${why}.`)
}

/**
 * Rows of a re-sync that was cut off stand above the cursor and were never part of the record. When the watch turns
 * out to cover those revisions after all, it replaces them.
 */
function dropDrafts(parts: WriteParts, state: EpochState): void {
  parts.statements.run('DELETE FROM change WHERE epoch_id = ? AND revision > ?').run(state.id, state.cursor)
}
