import { OP_DELETE } from '../../codes'
import { beforeAll, type ChainPosition } from '../chainRows'
import { bigOf, numberOf, numberOrNull, type Row, type Statements } from '../statements'
import { classCodeOf, eventsLabel } from './horizons'
import type { LinkRun } from './linkRuns'
import { positionAt } from './linkRuns'

/** Which changes of a run may go. Reads only; the transaction that removes them looks again where it matters. */
export interface ToRemove {
  readonly revision: bigint
  readonly ordinal: number
  readonly keyId: number
}

const columns = `c.revision, c.ordinal, c.key_id, c.op, c.significance, k.resource_id`

/**
 * A change may go when it and the key's next change lie at or below its class's horizon: at the horizon and after it,
 * everything that was in force is still there. Of a deleted key the last change goes when nothing else is left of it.
 * `horizons`: by class code; null where the class is kept.
 */
export function chooseRemoved(statements: Statements, run: LinkRun, horizons: readonly (bigint | null)[]): ToRemove[] {
  const events = eventsLabel(statements)
  const rows = rowsOf(statements, run)
  const byKey = new Map<number, Row[]>()
  for (const row of rows) {
    const keyId = numberOf(row[2])
    const known = byKey.get(keyId)
    if (known === undefined) byKey.set(keyId, [row])
    else known.push(row)
  }
  const chosen: ToRemove[] = []
  for (const [keyId, own] of byKey) chosen.push(...removable(statements, run.epochId, keyId, own, horizons, events))
  return chosen
}

function removable(
  statements: Statements,
  epochId: number,
  keyId: number,
  rows: readonly Row[],
  horizons: readonly (bigint | null)[],
  events: number,
): ToRemove[] {
  const newest = horizons.reduce<bigint>((a, b) => (b !== null && b > a ? b : a), -1n)
  const first = bigOf(rows[0]?.[0])
  if (first > newest) return []
  const followers = followersOf(statements, epochId, keyId, rows)
  const chosen: ToRemove[] = []
  for (const [at, row] of rows.entries()) {
    const revision = bigOf(row[0])
    const horizon = horizons[classCodeOf(numberOf(row[4]), numberOrNull(row[5] ?? null) === events)] ?? null
    if (horizon === null || revision > horizon) continue
    const next = followers[at] ?? null
    const goes =
      next !== null
        ? next <= horizon
        : numberOf(row[3]) === OP_DELETE && chosen.length === at && !existsBefore(statements, epochId, keyId, first)
    if (goes) chosen.push({ revision, ordinal: numberOf(row[1]), keyId })
  }
  return chosen
}

/** For each row the revision of the change that followed it, kept or removed since; null behind the key's last. */
function followersOf(statements: Statements, epochId: number, keyId: number, rows: readonly Row[]): (bigint | null)[] {
  const first = bigOf(rows[0]?.[0])
  const last = bigOf(rows.at(-1)?.[0])
  const behind = statements
    .big(
      `SELECT revision FROM change INDEXED BY change_key
       WHERE key_id = ? AND epoch_id = ? AND revision > ? ORDER BY revision LIMIT 1`,
    )
    .get(keyId, epochId, last)
  const stretches = statements
    .big(
      'SELECT before_revision, first_revision FROM removed WHERE key_id = ? AND epoch_id = ? AND before_revision > ?',
    )
    .all(keyId, epochId, first)
  const firstRemoved = new Map(stretches.map((row) => [bigOf(row[0]), bigOf(row[1])]))
  return rows.map((_, at) => {
    const next = rows[at + 1]
    const kept = next !== undefined ? bigOf(next[0]) : behind === undefined ? null : bigOf(behind[0])
    return kept === null ? null : (firstRemoved.get(kept) ?? kept)
  })
}

function existsBefore(statements: Statements, epochId: number, keyId: number, revision: bigint): boolean {
  const before = statements.raw(
    'SELECT 1 FROM change INDEXED BY change_key WHERE key_id = ? AND epoch_id = ? AND revision < ? LIMIT 1',
  )
  return before.get(keyId, epochId, revision) !== undefined
}

function rowsOf(statements: Statements, run: LinkRun): Row[] {
  const from: ChainPosition = run.after === beforeAll ? beforeAll : run.after
  const to = positionAt(run.through.revision, run.through.ordinal)
  return statements
    .big(
      `SELECT ${columns} FROM change AS c JOIN key AS k ON k.id = c.key_id
       WHERE c.epoch_id = ? AND (c.revision, c.ordinal) > (?, ?) AND (c.revision, c.ordinal) <= (?, ?)
         AND NOT EXISTS (SELECT 1 FROM late_change AS l
                         WHERE l.epoch_id = c.epoch_id AND l.revision = c.revision AND l.ordinal = c.ordinal)
       ORDER BY c.revision, c.ordinal`,
    )
    .all(run.epochId, from.revision, from.ordinal, to.revision, to.ordinal)
}
