import { maxBigInt, minBigInt } from '../core/int64'
import type { ClusterRow, EpochRow, GapRow } from '../store/store'
import type { RecordedSnapshot } from './recordedSnapshot'

/**
 * What the record holds. Two questions with two answers: of which revisions is every *change* known (the complement
 * of the gaps), and at which revisions is the *state* known (the same, and the end of each gap: there the keyspace
 * was read whole).
 */

export interface Stretch {
  readonly epoch: number
  readonly fromRevision: bigint
  readonly toRevision: bigint
}

export interface StateStretch extends Stretch {
  readonly fromMs: number | null
  readonly toMs: number | null
}

/** Ranges of revisions whose every change is recorded, oldest first. */
export function changeCoverage(row: ClusterRow): Stretch[] {
  return row.epochs.flatMap((epoch) =>
    stretchesOf(epoch, gapsOf(row, epoch.epoch), 1n).map(({ fromRevision, toRevision }) => ({
      epoch: epoch.epoch,
      fromRevision,
      toRevision,
    })),
  )
}

/** Ranges of revisions at which the whole keyspace is known, with their times; oldest first. */
export function stateCoverage(row: ClusterRow, snapshot: RecordedSnapshot | null): StateStretch[] {
  return row.epochs.flatMap((epoch, index) => {
    const newest = index === row.epochs.length - 1
    const untilMs = newest ? maxMs(epoch.lastMs, seenUntilMs(epoch, snapshot)) : epoch.lastMs
    return stretchesOf(epoch, gapsOf(row, epoch.epoch), 0n).map((s) => ({
      epoch: epoch.epoch,
      fromRevision: s.fromRevision,
      toRevision: s.toRevision,
      fromMs: s.after ? s.after.atMs : epoch.firstMs,
      toMs: s.before ? s.before.beforeMs : untilMs,
    }))
  })
}

/** `step` is 1 when the gap's own last revision is not part of what follows it, 0 when it is. */
function stretchesOf(epoch: EpochRow, gaps: readonly GapRow[], step: 0n | 1n) {
  const found: { fromRevision: bigint; toRevision: bigint; after: GapRow | null; before: GapRow | null }[] = []
  if (epoch.storedRevision < 1n) return found
  let start = firstRevisionOf(epoch, gaps)
  let after: GapRow | null = null
  for (const gap of gaps) {
    const end = gap.fromRevision - 1n
    if (start <= end) found.push({ fromRevision: start, toRevision: end, after, before: gap })
    start = maxBigInt(start, gap.toRevision + step)
    after = gap
  }
  if (start <= epoch.storedRevision) {
    found.push({ fromRevision: start, toRevision: epoch.storedRevision, after, before: null })
  }
  return found
}

/** Re-synced keys stand at revisions of their own inside a gap: they do not make the record start there. */
function firstRevisionOf(epoch: EpochRow, gaps: readonly GapRow[]): bigint {
  const first = epoch.firstRevision ?? epoch.storedRevision
  const firstGap = gaps[0]
  return firstGap ? minBigInt(first, firstGap.fromRevision) : first
}

export function gapsOf(row: ClusterRow, epoch: number): GapRow[] {
  return row.gaps
    .filter((gap) => gap.epoch === epoch)
    .sort((a, b) => (a.fromRevision < b.fromRevision ? -1 : a.fromRevision > b.fromRevision ? 1 : 0))
}

/** Silence is knowledge while the collector is live: nothing else changed until its last look, less its lag. */
function seenUntilMs(epoch: EpochRow, snapshot: RecordedSnapshot | null): number | null {
  if (snapshot?.document.state !== 'live') return null
  const { revision: head, lagMs } = snapshot.document
  if (head === null || BigInt(head) <= epoch.storedRevision) return snapshot.atMs
  return lagMs === null || lagMs === 0 ? null : snapshot.atMs - lagMs
}

function maxMs(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null ? a : Math.max(a, b)
}
