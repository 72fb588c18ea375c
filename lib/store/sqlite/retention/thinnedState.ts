import { ScopeError } from '../../../core/errors'

import { bigOf, numberOf, numberOrNull, type Row, type Statements } from '../statements'
import { classCodeOf, eventsLabel } from './horizons'

/**
 * Whether a key's state at a revision is still known. Between removed changes it is not; and where nothing is left of
 * a key, nobody knows what there was of it at or below the horizon. Above all horizons nothing here costs anything.
 */
export interface ThinnedState {
  /** The greatest revision at which anything of the epoch may be thinned; -1 when nothing is. */
  horizonOf(epochId: number): bigint
  /** Throws NOT_COVERED when the state of the key at the revision is not known. `found`: its newest kept change there. */
  refuseUnknown(place: { clusterId: number; epochId: number }, key: Uint8Array, revision: bigint, found: boolean): void
  /** Whether removed changes make the key's state at the revision unknown. */
  isUnknown(keyId: number, epochId: number, revision: bigint): boolean
}

/** True for a key `k` whose state at a revision is unknown; binds: epoch id, revision, revision. */
export const unknownSql = `EXISTS (SELECT 1 FROM removed AS r
  WHERE r.key_id = k.id AND r.epoch_id = ? AND r.before_revision > ? AND r.first_revision <= ?)`

export function createThinnedState(statements: Statements): ThinnedState {
  const greatest = statements.big('SELECT max(revision) FROM horizon WHERE epoch_id = ?')
  const behind = statements.big(
    `SELECT before_revision, first_revision, last_revision, changes FROM removed
     WHERE key_id = ? AND epoch_id = ? AND before_revision > ? ORDER BY before_revision LIMIT 1`,
  )
  const keyOf = statements.raw('SELECT id, resource_id FROM key WHERE cluster_id = ? AND key = ?')
  const following = statements.big(
    `SELECT significance, version FROM change INDEXED BY change_key
     WHERE key_id = ? AND epoch_id = ? AND revision > ? ORDER BY revision LIMIT 1`,
  )
  const horizonOfClass = statements.big('SELECT revision FROM horizon WHERE epoch_id = ? AND class = ?')

  const horizonOf = (epochId: number): bigint => {
    const cell = greatest.get(epochId)?.[0] ?? null
    return cell === null ? -1n : bigOf(cell)
  }

  function stretchAt(keyId: number, epochId: number, revision: bigint): Row | null {
    const row = behind.get(keyId, epochId, revision)
    return row !== undefined && bigOf(row[1]) <= revision ? row : null
  }

  /** Of a key with nothing at or below the revision: up to where an earlier life of it may have been removed. */
  function lostBelow(keyId: number, resourceId: number | null, epochId: number, revision: bigint): bigint {
    const next = following.get(keyId, epochId, revision)
    if (next === undefined) return horizonOf(epochId)
    const code = classCodeOf(numberOf(next[0]), resourceId === eventsLabel(statements))
    const row = horizonOfClass.get(epochId, code)
    return row === undefined ? -1n : bigOf(row[0])
  }

  return {
    horizonOf,
    isUnknown: (keyId, epochId, revision) => stretchAt(keyId, epochId, revision) !== null,
    refuseUnknown({ clusterId, epochId }, key, revision, found) {
      if (revision > horizonOf(epochId)) return
      const row = keyOf.get(clusterId, key)
      if (row === undefined) throw nothingLeft(revision, horizonOf(epochId))
      const keyId = numberOf(row[0])
      const stretch = stretchAt(keyId, epochId, revision)
      if (stretch !== null) throw removedAround(revision, stretch)
      const horizon = found ? -1n : lostBelow(keyId, numberOrNull(row[1] ?? null), epochId, revision)
      if (revision <= horizon) throw nothingLeft(revision, horizon)
    },
  }
}

function removedAround(revision: bigint, stretch: Row): ScopeError {
  const [before, first, last, changes] = stretch.slice(0, 4).map(bigOf)
  const what = changes === 1n ? 'A change of this key' : `${changes} changes of this key`
  const where = first === last ? `at revision ${first}` : `from revision ${first} to ${last}`
  return new ScopeError(
    'NOT_COVERED',
    `${what} ${where} ${changes === 1n ? 'was' : 'were'} removed by retention: its state at revision ${revision} is not known, from revision ${before} on it is.`,
    { subject: 'at', detail: { nearest: null } },
  )
}

function nothingLeft(revision: bigint, horizon: bigint): ScopeError {
  return new ScopeError(
    'NOT_COVERED',
    `Nothing of this key at revision ${revision} is in the record. Up to revision ${horizon} retention removes whole keys, so it is not known whether it was there.`,
    { subject: 'at', detail: { nearest: null } },
  )
}
