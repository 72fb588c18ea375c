import { OP_DELETE, ORIGIN_RESYNC } from '../codes'
import type { ClusterRef } from '../store'
import type { Finding } from './chainFaults'
import type { EpochFacts } from './recordHead'
import { bigOf, bytesOf, numberOf, type Row, type Statements } from './statements'

/** The versions of each key count up by one from each creation, outside gaps and beside what retention removed. */
export async function verifyVersions(
  statements: Statements,
  cluster: ClusterRef,
  epoch: EpochFacts,
  signal: AbortSignal | undefined,
): Promise<Finding | null> {
  const gaps = statements
    .big('SELECT from_revision, to_revision FROM gap WHERE epoch_id = ?')
    .all(epoch.id)
    .map((row) => ({ from: bigOf(row[0]), to: bigOf(row[1]) }))
  const keys = statements.raw('SELECT id FROM key WHERE cluster_id = ? AND id > ? ORDER BY id LIMIT 200')
  const history = statements.big(
    `SELECT revision, op, version, create_revision, origin FROM change INDEXED BY change_key
     WHERE key_id = ? AND epoch_id = ? AND revision <= ? ORDER BY revision`,
  )
  const removed = statements.big(
    'SELECT before_revision, first_revision, last_revision, changes FROM removed WHERE key_id = ? AND epoch_id = ?',
  )
  const inGap = (after: bigint, until: bigint) => gaps.some((gap) => gap.from <= until && gap.to > after)
  for (let lastKey = 0; ; ) {
    const ids = keys.all(cluster.id, lastKey).map((row) => numberOf(row[0]))
    for (const id of ids) {
      let previous: Row | null = null
      const stretches = new Map(removed.all(id, epoch.id).map((row) => [bigOf(row[0]), row]))
      for (const row of history.iterate(id, epoch.id, epoch.cursor)) {
        const revision = bigOf(row[0])
        const reason = versionFault(previous, row, stretches.get(revision))
        if (reason !== null && !inGap(previous === null ? revision - 1n : bigOf(previous[0]), revision)) {
          return { epoch: epoch.epoch, revision, toRevision: revision, key: keyOf(statements, id), reason }
        }
        previous = row
      }
    }
    const last = ids.at(-1)
    if (last === undefined || signal?.aborted) return null
    lastKey = last
    await new Promise(setImmediate)
  }
}

/** What does not fit between two neighbouring changes of one key; null when all does. */
function versionFault(previous: Row | null, row: Row, stretch: Row | undefined): string | null {
  if (stretch !== undefined) return stretchFault(previous, row, stretch)
  if (previous === null) return null
  if (numberOf(row[4]) === ORIGIN_RESYNC || numberOf(row[1]) === OP_DELETE) return null
  const version = bigOf(row[2])
  const created = bigOf(row[3]) === bigOf(row[0])
  if (created) return version === 1n ? null : `a key created there has version ${version}`
  if (numberOf(previous[1]) === OP_DELETE) return `an update (version ${version}) follows a delete`
  // An apiserver tells no versions: of what it did not show from the creation on, none is stored.
  if (version === 0n || bigOf(previous[2]) === 0n) return null
  const expected = bigOf(previous[2]) + 1n
  return version === expected ? null : `version ${version} of a key follows version ${expected - 1n}`
}

/** Removed changes lie between their neighbours, and of one life of the key their number is known. */
function stretchFault(previous: Row | null, row: Row, stretch: Row): string | null {
  const [first, last, changes] = [bigOf(stretch[1]), bigOf(stretch[2]), bigOf(stretch[3])]
  const after = previous === null ? 0n : bigOf(previous[0])
  if (first <= after || last < first || last >= bigOf(row[0])) return 'what was removed before it does not lie there'
  const oneLife = previous !== null && numberOf(row[1]) !== OP_DELETE && bigOf(previous[3]) === bigOf(row[3])
  if (!oneLife || numberOf(row[4]) === ORIGIN_RESYNC || numberOf(previous[1]) === OP_DELETE) return null
  const between = bigOf(row[2]) - bigOf(previous[2]) - 1n
  return between === changes ? null : `${changes} changes before it are said to be removed, and ${between} are missing`
}

function keyOf(statements: Statements, id: number): Buffer | null {
  const row = statements.raw('SELECT key FROM key WHERE id = ?').get(id)
  return row === undefined ? null : bytesOf(row[0])
}
