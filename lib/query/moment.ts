import { ScopeError } from '../core/errors'
import { minBigInt } from '../core/int64'
import type { ClusterRow, EpochRow } from '../store/store'
import { type StateStretch, stateCoverage } from './coverage'
import { parseInstant, timeOrNull } from './instant'
import { snapshotOf } from './recordedSnapshot'
import type { Scope } from './scope'

/** A moment of the record, found: the state after this revision of this epoch. */
export interface Moment {
  readonly epoch: number
  readonly revision: bigint
  /** Present when the whole state at that moment is not known; whoever needs only one key may still know it. */
  readonly uncovered: ScopeError | null
}

/** A browser's clock may run ahead of ours by this much and still mean "now". */
const clockSlackMs = 5_000

/**
 * `at` as a moment: digits are a revision (of `epoch`, default the newest), `now` the newest stored, else a time.
 * Rejects with BAD_REQUEST; what the record does not hold comes back with `uncovered` set, or rejects when there is
 * not even a revision to name.
 */
export async function findMoment(
  scope: Scope,
  row: ClusterRow,
  at: string,
  options: { parameter?: string; epoch?: number | undefined } = {},
): Promise<Moment> {
  const parameter = options.parameter ?? 'at'
  const epoch = epochOf(row, options.epoch)
  if (/^\d{1,19}$/.test(at)) return momentOfRevision(scope, row, epoch, BigInt(at), parameter)
  if (at === 'now') {
    if (epoch.storedRevision < 1n) throw notCovered('Nothing is recorded of this cluster yet.', parameter, null)
    return { epoch: epoch.epoch, revision: epoch.storedRevision, uncovered: null }
  }
  return momentOfTime(scope, row, parseInstant(at, scope.nowMs, parameter), parameter)
}

/** The same, for queries that need the whole state: rejects with NOT_COVERED. */
export async function coveredMoment(...input: Parameters<typeof findMoment>): Promise<Moment> {
  const moment = await findMoment(...input)
  if (moment.uncovered) throw moment.uncovered
  return moment
}

function epochOf(row: ClusterRow, wanted: number | undefined): EpochRow {
  const found = wanted === undefined ? row.epochs.at(-1) : row.epochs.find((e) => e.epoch === wanted)
  if (!found) throw new ScopeError('BAD_REQUEST', `This cluster has no epoch ${wanted}.`, { subject: 'epoch' })
  return found
}

function momentOfRevision(scope: Scope, row: ClusterRow, epoch: EpochRow, revision: bigint, parameter: string): Moment {
  const stretches = stateCoverage(row, snapshotOf(row, scope.nowMs)).filter((s) => s.epoch === epoch.epoch)
  const covered = stretches.some((s) => s.fromRevision <= revision && revision <= s.toRevision)
  if (covered) return { epoch: epoch.epoch, revision, uncovered: null }
  const nearest = closest(stretches, (s) =>
    revision < s.fromRevision ? Number(s.fromRevision - revision) : Number(revision - s.toRevision),
  )
  return { epoch: epoch.epoch, revision, uncovered: notCovered(whyNot(row, epoch, revision), parameter, nearest) }
}

function whyNot(row: ClusterRow, epoch: EpochRow, revision: bigint): string {
  const gap = row.gaps.find((g) => g.epoch === epoch.epoch && g.fromRevision <= revision && revision <= g.toRevision)
  if (gap)
    return `Revision ${revision} lies in a gap of the record, ${gap.fromRevision} to ${gap.toRevision}: ${gap.reason}`
  return revision > epoch.storedRevision
    ? `Revision ${revision} is above the newest recorded one, ${epoch.storedRevision}.`
    : `Revision ${revision} is from before the record starts.`
}

async function momentOfTime(scope: Scope, row: ClusterRow, atMs: number, parameter: string): Promise<Moment> {
  const stretches = stateCoverage(row, snapshotOf(row, scope.nowMs))
  const newest = stretches.at(-1)
  const within = stretches.findLast(
    (s) =>
      s.fromMs !== null && s.toMs !== null && s.fromMs <= atMs && atMs <= s.toMs + (s === newest ? clockSlackMs : 0),
  )
  if (within) {
    const found = await scope.reader.revisionAt(row, within.epoch, atMs)
    // The keyspace was read at the gap's end before any change after it was seen: not below the stretch's start.
    const revision = found === null || found < within.fromRevision ? within.fromRevision : found
    return { epoch: within.epoch, revision: minBigInt(revision, within.toRevision), uncovered: null }
  }
  const nearest = closest(stretches, (s) =>
    s.fromMs !== null && atMs < s.fromMs ? s.fromMs - atMs : atMs - (s.toMs ?? s.fromMs ?? 0),
  )
  const uncovered = notCovered(
    `The record does not hold ${timeOrNull(Math.min(atMs, 8.64e15))}: nothing was watched at that time.`,
    parameter,
    nearest,
  )
  const epoch = row.epochs.findLast((e) => e.startedMs <= atMs) ?? row.epochs[0]
  const revision = epoch ? await scope.reader.revisionAt(row, epoch.epoch, atMs) : null
  if (!epoch || revision === null) throw uncovered
  return { epoch: epoch.epoch, revision, uncovered }
}

function closest(stretches: readonly StateStretch[], distance: (s: StateStretch) => number): StateStretch | null {
  const ranked = stretches.map((s) => ({ s, away: distance(s) })).sort((a, b) => a.away - b.away)
  return ranked[0]?.s ?? null
}

function notCovered(message: string, parameter: string, nearest: StateStretch | null): ScopeError {
  return new ScopeError('NOT_COVERED', message, {
    subject: parameter,
    detail: {
      nearest: nearest && {
        epoch: nearest.epoch,
        fromRevision: String(nearest.fromRevision),
        toRevision: String(nearest.toRevision),
        from: timeOrNull(nearest.fromMs),
        to: timeOrNull(nearest.toMs),
      },
    },
  })
}
