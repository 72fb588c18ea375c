import { OP_DELETE, ORIGIN_RESYNC } from '../codes'
import type { ClusterRef } from '../store'
import type { Finding } from './chainFaults'
import type { EpochFacts } from './recordHead'
import { bigOf, bytesOf, numberOf, type Row, type Statements } from './statements'

/** The versions of each key count up by one from each creation, outside gaps. */
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
  const inGap = (after: bigint, until: bigint) => gaps.some((gap) => gap.from <= until && gap.to > after)
  for (let lastKey = 0; ; ) {
    const ids = keys.all(cluster.id, lastKey).map((row) => numberOf(row[0]))
    for (const id of ids) {
      let previous: Row | null = null
      for (const row of history.iterate(id, epoch.id, epoch.cursor)) {
        const reason = previous === null ? null : versionFault(previous, row)
        if (reason !== null && previous !== null && !inGap(bigOf(previous[0]), bigOf(row[0]))) {
          const revision = bigOf(row[0])
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
function versionFault(previous: Row, row: Row): string | null {
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

function keyOf(statements: Statements, id: number): Buffer | null {
  const row = statements.raw('SELECT key FROM key WHERE id = ?').get(id)
  return row === undefined ? null : bytesOf(row[0])
}
