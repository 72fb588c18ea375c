import { ScopeError } from '../../../core/errors'
import { codeOf, linkCodes } from '../../codes'
import type { ChainWriter, LinkEpoch } from '../chainWriter'
import { checksumBytes } from '../chainWriter'
import { bigOf, bytesOf, numberOf, numberOrNull, type Statements } from '../statements'
import type { ToRemove } from './chooseRemoved'
import type { LinkRun } from './linkRuns'
import type { LeftOfRun } from './proveRun'
import { readThinned } from './statement'
import { createStretchTable, sumText } from './stretches'
import { thinSummaries } from './thinSummaries'

export interface ThinParts {
  readonly statements: Statements
  readonly chain: ChainWriter
  /** A key that is no longer stored must not stay at hand. */
  readonly forgetKey: (clusterId: number, key: Uint8Array) => void
}

/**
 * One step, inside one transaction: removes the changes, tells of them as stretches of their keys, puts one thinned
 * link in place of the run's links, and ends the chain with a link that says so. Returns how many keys are gone.
 */
export function thinRun(
  parts: ThinParts,
  place: { clusterId: number; epoch: LinkEpoch },
  run: LinkRun,
  removed: readonly ToRemove[],
  left: LeftOfRun,
  sum: { value: bigint },
): { keys: number } {
  const { statements, chain } = parts
  const { clusterId, epoch } = place
  const remove = statements.raw(
    'DELETE FROM change WHERE epoch_id = ? AND revision = ? AND ordinal = ? RETURNING summary_id',
  )
  const said = removed.map(({ revision, ordinal }) => ({
    revision,
    summaryId: numberOrNull(remove.get(run.epochId, revision, ordinal)?.[0] ?? null),
  }))
  thinSummaries(statements, run.epochId, said)
  const keys = declareStretches(parts, clusterId, run.epochId, removed, sum)

  const first = run.links[0]
  const last = run.links.at(-1)
  if (first === undefined || last === undefined) throw new ScopeError('INTERNAL', 'A run without links was thinned.')
  const newest = statements.raw('SELECT max(seq) FROM chain_link WHERE cluster_id = ?')
  const by = numberOf(newest.get(clusterId)?.[0]) + 1
  const from = readThinned(first.body)?.from ?? first.seq
  const gone = statements
    .run('DELETE FROM chain_link WHERE cluster_id = ? AND seq >= ? AND seq <= ?')
    .run(clusterId, first.seq, last.seq)
  if (gone.changes !== run.links.length)
    throw new ScopeError('INTERNAL', 'The links of a run are not those that were proved.')
  statements
    .run(
      `INSERT INTO chain_link (cluster_id, seq, kind, epoch_id, through_revision, through_ordinal, hash, body, checksums)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      clusterId,
      last.seq,
      codeOf(linkCodes, 'thinned'),
      run.epochId,
      run.through.revision,
      run.through.ordinal,
      last.hash,
      JSON.stringify({ from, by }),
      checksumBytes(left.checksums),
    )
  chain.act(clusterId, epoch, 'retention', {
    links: [from, last.seq],
    before: run.before.toString('hex'),
    hash: last.hash.toString('hex'),
    left: left.hash.toString('hex'),
    kept: left.checksums.length,
    removed: removed.length,
    keys,
    firstRevision: left.firstRevision === null ? null : String(left.firstRevision),
    lastMs: left.lastMs,
    stretches: sumText(sum.value),
  })
  return { keys }
}

/** The removed ones come ascending within each key. */
function declareStretches(
  parts: ThinParts,
  clusterId: number,
  epochId: number,
  removed: readonly ToRemove[],
  sum: { value: bigint },
): number {
  const { statements } = parts
  const stretches = createStretchTable(statements, sum)
  const following = statements.big(
    `SELECT revision FROM change INDEXED BY change_key
     WHERE key_id = ? AND epoch_id = ? AND revision > ? ORDER BY revision LIMIT 1`,
  )
  const gone = new Set<number>()
  let [keyId, next] = [-1, null as bigint | null]
  for (const each of removed) {
    if (gone.has(each.keyId)) continue
    if (each.keyId !== keyId || next === null || next <= each.revision) {
      keyId = each.keyId
      const row = following.get(keyId, epochId, each.revision)
      next = row === undefined ? null : bigOf(row[0])
    }
    if (next !== null) stretches.extend(keyId, epochId, each.revision, next)
    else {
      gone.add(keyId)
      stretches.forgetKey(keyId, epochId)
      forgetKey(parts, clusterId, epochId, keyId)
    }
  }
  return gone.size
}

/** Nothing of the key is left in the epoch; the key itself goes when no other epoch has it. */
function forgetKey(parts: ThinParts, clusterId: number, epochId: number, keyId: number): void {
  const { statements } = parts
  const own = statements.raw('SELECT 1 FROM change INDEXED BY change_key WHERE key_id = ? AND epoch_id = ? LIMIT 1')
  if (own.get(keyId, epochId) !== undefined) {
    throw new ScopeError('INTERNAL', 'The last change of a key was to be removed before its others.')
  }
  const any = statements.raw('SELECT 1 FROM change INDEXED BY change_key WHERE key_id = ? LIMIT 1')
  // Its number must not come back for another key while somebody remembers it: the newest stays.
  const newest = numberOf(statements.raw('SELECT max(id) FROM key').get()?.[0] ?? 0)
  const row = statements.raw('SELECT key FROM key WHERE id = ?').get(keyId)
  if (row === undefined || any.get(keyId) !== undefined || keyId === newest) return
  statements.run('DELETE FROM key_before WHERE key_id = ?').run(keyId)
  statements.run('DELETE FROM key WHERE id = ?').run(keyId)
  parts.forgetKey(clusterId, bytesOf(row[0]))
}
