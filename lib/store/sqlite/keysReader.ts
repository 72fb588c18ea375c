import { minBigInt } from '../../core/int64'
import { OP_DELETE } from '../codes'
import type { ClusterRef, KeyAtRow, RecordReader } from '../store'
import type { EpochBounds, EpochReader } from './epochReader'
import { justAfter, keyStep, prefixEnd } from './keyRange'
import { type ThinnedState, unknownSql } from './retention/thinnedState'
import { bigOf, bytesOf, numberOf, type Row, type Statements } from './statements'

/** The keyspace at a revision: for each key one seek to its newest change at or below it. */
export type KeysReader = Pick<RecordReader, 'keysAt' | 'treeAt'>

type TreeItem = Awaited<ReturnType<RecordReader['treeAt']>>[number]

interface Branch {
  readonly prefix: Uint8Array
  count: number
  valueBytes: number
}

export function createKeysReader(parts: {
  statements: Statements
  epochs: EpochReader
  thinned: ThinnedState
}): KeysReader {
  const { statements, epochs, thinned } = parts

  const boundsOf = (cluster: ClusterRef, epoch: number, revision: bigint) => {
    const bounds = epochs.find(cluster.id, epoch)
    return bounds === null ? null : { bounds, revision: minBigInt(revision, bounds.cursor) }
  }

  function liveRows(
    clusterId: number,
    bounds: EpochBounds,
    revision: bigint,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ) {
    const isThinned = revision <= thinned.horizonOf(bounds.id)
    return statements
      .big(
        `SELECT k.key, c.revision, c.create_revision, c.version, c.lease_id, c.value_bytes,
           ${isThinned ? unknownSql : '0'}
         ${newestPerKey(to)} ORDER BY k.key LIMIT ?`,
      )
      .all(
        ...(isThinned ? [bounds.id, revision, revision] : []),
        bounds.id,
        bounds.id,
        revision,
        clusterId,
        from,
        ...boundOf(to),
        limit,
      )
  }

  /** Live keys of one step counted by what leads up to the next delimiter; a leaf is a group of its own. */
  function groupedRows(
    clusterId: number,
    bounds: EpochBounds,
    revision: bigint,
    step: { from: Uint8Array; to: Uint8Array; prefixLength: number; delimiter: number },
  ) {
    // One scalar a key, null for a deleted or later one: half the seeks of a join, and this runs over every key.
    return statements
      .raw(
        `SELECT branch, cut = 0, count(size), sum(size) FROM
           (SELECT CASE WHEN cut = 0 THEN key ELSE substr(key, 1, ${step.prefixLength} + cut) END AS branch, cut,
              (SELECT iif(op = ${OP_DELETE}, NULL, value_bytes) FROM change INDEXED BY change_key
               WHERE key_id = id AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1) AS size
            FROM (SELECT id, key, instr(substr(key, ${step.prefixLength + 1}), ?) AS cut FROM key
                  WHERE cluster_id = ? AND key >= ? ${below(step.to)}))
         GROUP BY branch HAVING count(size) > 0 ORDER BY branch`,
      )
      .all(bounds.id, revision, Buffer.of(step.delimiter), clusterId, step.from, ...boundOf(step.to))
  }

  return {
    async keysAt(cluster, epoch, atRevision, range, { limit, afterKey }) {
      const found: KeyAtRow[] = []
      const at = boundsOf(cluster, epoch, atRevision)
      if (at === null) return found
      let from = afterKey === null ? range.from : justAfter(afterKey)
      for (let last = false; !last && found.length < limit; ) {
        const step = keyStep(statements, cluster.id, from, range.to)
        const rows = liveRows(cluster.id, at.bounds, at.revision, from, step.end, limit - found.length)
        for (const row of rows) found.push(keyAtOf(row))
        from = step.end
        last = step.last
        if (!last) await new Promise(setImmediate)
      }
      return found
    },

    async treeAt(cluster, epoch, atRevision, prefix, delimiter, { limit, afterKey }) {
      const at = boundsOf(cluster, epoch, atRevision)
      if (at === null || limit <= 0) return []
      const items: TreeItem[] = []
      const to = prefixEnd(prefix)
      let open: Branch | null = null
      let from = afterKey === null ? prefix : behind(afterKey, prefix, delimiter)
      for (let last = from.byteLength === 0 && afterKey !== null; !last; ) {
        const step = keyStep(statements, cluster.id, from, to)
        const range = { from, to: step.end, prefixLength: prefix.byteLength, delimiter }
        for (const row of groupedRows(cluster.id, at.bounds, at.revision, range)) {
          const branch = branchOf(row)
          // A branch may go on in the next step.
          if (open !== null && branch !== null && Buffer.compare(open.prefix, branch.prefix) === 0) {
            open.count += branch.count
            open.valueBytes += branch.valueBytes
            continue
          }
          if (items.length >= limit) return items
          const leaf = bytesOf(row[0])
          const [details] = branch ? [] : liveRows(cluster.id, at.bounds, at.revision, leaf, justAfter(leaf), 1)
          if (branch !== null) items.push(branch)
          else if (details !== undefined) items.push(keyAtOf(details))
          open = branch
        }
        from = step.end
        last = step.last
        if (!last) await new Promise(setImmediate)
      }
      return items
    },
  }
}

const below = (to: Uint8Array): string => (to.byteLength === 0 ? '' : 'AND key < ?')
const boundOf = (to: Uint8Array): Uint8Array[] => (to.byteLength === 0 ? [] : [to])

/** Binds: epoch, epoch, revision, cluster, from, and the end when there is one. */
function newestPerKey(to: Uint8Array): string {
  return `FROM key AS k INDEXED BY key_cluster_id_key_key
    CROSS JOIN change AS c ON c.epoch_id = ? AND c.key_id = k.id AND c.revision =
      (SELECT revision FROM change INDEXED BY change_key
       WHERE key_id = k.id AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1)
    WHERE k.cluster_id = ? AND k.key >= ? ${to.byteLength === 0 ? '' : 'AND k.key < ?'} AND c.op <> ${OP_DELETE}`
}

function keyAtOf(row: Row): KeyAtRow {
  return {
    key: bytesOf(row[0]),
    modRevision: bigOf(row[1]),
    createRevision: bigOf(row[2]),
    version: bigOf(row[3]),
    leaseId: row[4] === null ? 0n : bigOf(row[4]),
    valueBytes: numberOf(row[5]),
    ...(numberOf(row[6]) === 1 ? { unknown: true } : {}),
  }
}

function branchOf(row: Row): Branch | null {
  if (numberOf(row[1]) === 1) return null
  return { prefix: bytesOf(row[0]), count: numberOf(row[2]), valueBytes: numberOf(row[3]) }
}

/** Where a page goes on: behind the whole branch when the last item was one. */
function behind(afterKey: Uint8Array, prefix: Uint8Array, delimiter: number): Uint8Array {
  const isBranch = afterKey.byteLength > prefix.byteLength && afterKey.at(-1) === delimiter
  return isBranch ? prefixEnd(afterKey) : justAfter(afterKey)
}
