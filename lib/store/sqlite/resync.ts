import { ScopeError } from '../../core/errors'
import { OP_DELETE } from '../codes'
import type { AppendBatch, ChangeInput, ClusterRef, GapInput, Ownership } from '../store'
import type { WriteParts } from './append'
import { gapBody, gapColumns } from './chainActions'
import { wholeOf } from './chainRows'
import type { EpochState } from './epochs'
import type { KeyWriter } from './keys'
import { bigOf, numberOf } from './statements'
import { changesAPage } from './summaryWriter'

/**
 * Stores one page of a re-sync. Its rows stand above the cursor as drafts until {@link finishResyncInTransaction}
 * makes them part of the record. A page may come again, also with other ordinals: what is there is left alone.
 */
export function appendResyncInTransaction(
  parts: WriteParts & { keys: KeyWriter },
  batch: Omit<AppendBatch, 'through'>,
): { appended: number } {
  const { owners, epochs, rows, summaries, keys, statements, chain } = parts
  const clusterId = batch.cluster.id
  owners.check(clusterId, batch.ownership)
  const state = epochs.present(clusterId, batch.epoch)
  summaries.begin(state.id, state.cursor)
  const newestOfKey = statements.big(
    'SELECT revision, op FROM change INDEXED BY change_key WHERE key_id = ? AND epoch_id = ? ORDER BY revision DESC LIMIT 1',
  )
  const sameRevision = statements.raw(
    'SELECT 1 FROM change INDEXED BY change_key WHERE key_id = ? AND epoch_id = ? AND revision = ?',
  )
  const lastOrdinal = statements.raw('SELECT max(ordinal) FROM change WHERE epoch_id = ? AND revision = ?')

  const isStored = (change: ChangeInput): boolean => {
    const keyId = keys.find(clusterId, change.key)
    if (keyId === null) return change.op === 'delete'
    const newest = newestOfKey.get(keyId, state.id)
    if (newest === undefined) return change.op === 'delete'
    if (bigOf(newest[0]) === change.revision) return true
    if (change.op === 'delete' && numberOf(newest[1]) === OP_DELETE) return true
    return sameRevision.get(keyId, state.id, change.revision) !== undefined
  }

  let appended = 0
  let late = 0
  for (const change of batch.changes) {
    if (isStored(change)) continue
    const taken = lastOrdinal.get(state.id, change.revision)?.[0] ?? null
    const ordinal = taken === null ? 0 : numberOf(taken) + 1
    // A key that the record never saw may be older than the cursor: its time must fit between its neighbours.
    const atMs = change.revision > state.cursor ? change.atMs : timeWithin(parts, state.id, change)
    rows.insert({ clusterId, epochId: state.id, atMs, ordinal }, { ...change, origin: 'resync' })
    if (change.revision <= state.cursor) {
      chain.markLate(clusterId, state, { revision: change.revision, ordinal })
      late++
    }
    appended++
  }
  if (late > 0) chain.coverLate(clusterId, state)
  if (appended > 0 && !state.resyncOpen) epochs.setResyncOpen(state.id, true)
  return { appended }
}

function timeWithin({ statements }: WriteParts, epochId: number, change: ChangeInput): number {
  const before = statements
    .raw('SELECT at_ms FROM change WHERE epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1')
    .get(epochId, change.revision)
  const after = statements
    .raw('SELECT at_ms FROM change WHERE epoch_id = ? AND revision > ? ORDER BY revision LIMIT 1')
    .get(epochId, change.revision)
  const floor = before === undefined ? Number.NEGATIVE_INFINITY : numberOf(before[0])
  const ceiling = after === undefined ? Number.POSITIVE_INFINITY : numberOf(after[0])
  return Math.min(ceiling, Math.max(floor, change.atMs))
}

/** Declares the gap, raises times so that they never fall as revisions grow, and moves the cursor. */
export function finishResyncInTransaction(
  parts: WriteParts,
  cluster: ClusterRef,
  epoch: number,
  ownership: Ownership,
  end: { through: bigint; gap: GapInput | null },
): void {
  const { owners, epochs, summaries, pulses, chain } = parts
  owners.check(cluster.id, ownership)
  const state = epochs.present(cluster.id, epoch)
  if (end.through < state.cursor) {
    throw new ScopeError('INTERNAL', `A re-sync through ${end.through} ends before the cursor ${state.cursor}.`)
  }
  const { first, lastMs } = clampDrafts(parts, state, end.through)
  if (end.through > state.cursor) chain.coverStored(cluster.id, state, 'resync', wholeOf(state.cursor), end.through)
  if (end.gap !== null && end.gap.toRevision >= end.gap.fromRevision) declareGap(parts, cluster.id, state, end.gap)
  summaries.begin(state.id, state.cursor)
  // The first pages over what came; the next appends go on.
  summaries.advance(state.id, end.through, changesAPage)
  epochs.moveCursor(state.id, end.through, first, lastMs)
  pulses.bump(cluster.id, 'changes', `${epoch}:${end.through}`)
}

/** A re-sync that ends twice declares its gap once, as far as it reaches. */
function declareGap({ statements, chain }: WriteParts, clusterId: number, state: EpochState, gap: GapInput): void {
  const { changes } = statements
    .run(
      `INSERT INTO gap (epoch_id, from_revision, to_revision, reason, at_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET to_revision = excluded.to_revision WHERE excluded.to_revision > to_revision`,
    )
    .run(state.id, gap.fromRevision, gap.toRevision, gap.reason, gap.atMs)
  if (changes === 0) return
  const row = statements
    .big(`SELECT ${gapColumns} FROM gap WHERE epoch_id = ? AND from_revision = ?`)
    .get(state.id, gap.fromRevision)
  if (row !== undefined) chain.act(clusterId, state, 'gap', gapBody(row))
}

function clampDrafts(parts: WriteParts, state: EpochState, through: bigint) {
  const { statements } = parts
  const drafts = statements
    .big('SELECT revision, ordinal, at_ms FROM change WHERE epoch_id = ? AND revision > ? ORDER BY revision, ordinal')
    .all(state.id, state.cursor)
  const raise = statements.run('UPDATE change SET at_ms = ? WHERE epoch_id = ? AND revision = ? AND ordinal = ?')
  let lastMs = state.lastMs
  let first: { revision: bigint; ms: number } | null = null
  for (const draft of drafts) {
    const revision = bigOf(draft[0])
    if (revision > through) {
      throw new ScopeError('INTERNAL', `A re-sync through ${through} holds a row at revision ${revision}.`)
    }
    const atMs = Math.max(lastMs ?? Number.NEGATIVE_INFINITY, numberOf(draft[2]))
    if (atMs !== numberOf(draft[2])) raise.run(atMs, state.id, revision, numberOf(draft[1]))
    first ??= { revision, ms: atMs }
    lastMs = atMs
  }
  return { first, lastMs: first === null ? null : lastMs }
}
