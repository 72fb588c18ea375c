import { minBigInt } from '../../core/int64'
import { OP_DELETE } from '../codes'
import type { ClusterRef, KeyAtRow, RecordReader } from '../store'
import type { EpochBounds, EpochReader } from './epochReader'
import { justAfter, prefixEnd } from './keyRange'
import { bigOf, bytesOf, numberOf, type Row, type Statements } from './statements'

/** The keyspace at a revision: for each key one seek to its newest change at or below it. */
export type KeysReader = Pick<RecordReader, 'keysAt' | 'treeAt'>

/** Keys in one statement; between statements the event loop gets a turn. */
const keysPerStep = 4_000

type TreeItem = Awaited<ReturnType<RecordReader['treeAt']>>[number]

interface Branch {
  readonly prefix: Uint8Array
  count: number
  valueBytes: number
}

export function createKeysReader(parts: { statements: Statements; epochs: EpochReader }): KeysReader {
  const { statements, epochs } = parts

  const boundsOf = (cluster: ClusterRef, epoch: number, revision: bigint) => {
    const bounds = epochs.find(cluster.id, epoch)
    return bounds === null ? null : { bounds, revision: minBigInt(revision, bounds.cursor) }
  }

  /** End of a step that starts at `from`: the key `keysPerStep` further on, or the end of the range. */
  function stepEnd(clusterId: number, from: Uint8Array, to: Uint8Array): { end: Uint8Array; last: boolean } {
    const row = statements
      .raw(
        `SELECT key FROM key WHERE cluster_id = ? AND key >= ? ${below(to)} ORDER BY key LIMIT 1 OFFSET ${keysPerStep}`,
      )
      .get(clusterId, from, ...boundOf(to))
    return row === undefined ? { end: to, last: true } : { end: bytesOf(row[0]), last: false }
  }

  function liveRows(
    clusterId: number,
    bounds: EpochBounds,
    revision: bigint,
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ) {
    return statements
      .big(
        `SELECT k.key, c.revision, c.create_revision, c.version, c.lease_id, c.value_bytes
         ${newestPerKey(to)} ORDER BY k.key LIMIT ?`,
      )
      .all(bounds.id, bounds.id, revision, clusterId, from, ...boundOf(to), limit)
  }

  /** Live keys of one step, those with a delimiter behind the prefix grouped by what leads up to it. */
  function groupedRows(
    clusterId: number,
    bounds: EpochBounds,
    revision: bigint,
    step: { from: Uint8Array; to: Uint8Array; prefixLength: number; delimiter: number },
  ) {
    // SQLite takes the other columns of a group from the row with the greatest revision; a leaf is its group's only row.
    return statements
      .big(
        `SELECT branch, max(revision), create_revision, version, lease_id, sum(value_bytes), count(*), cut = 0 FROM
           (SELECT CASE WHEN cut = 0 THEN key ELSE substr(key, 1, ${step.prefixLength} + cut) END AS branch, * FROM
             (SELECT k.key, instr(substr(k.key, ${step.prefixLength + 1}), ?) AS cut,
                c.revision, c.create_revision, c.version, c.lease_id, c.value_bytes
              ${newestPerKey(step.to)}))
         GROUP BY branch ORDER BY branch`,
      )
      .all(Buffer.of(step.delimiter), bounds.id, bounds.id, revision, clusterId, step.from, ...boundOf(step.to))
  }

  return {
    async keysAt(cluster, epoch, atRevision, range, { limit, afterKey }) {
      const found: KeyAtRow[] = []
      const at = boundsOf(cluster, epoch, atRevision)
      if (at === null) return found
      let from = afterKey === null ? range.from : justAfter(afterKey)
      for (let last = false; !last && found.length < limit; ) {
        const step = stepEnd(cluster.id, from, range.to)
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
        const step = stepEnd(cluster.id, from, to)
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
          items.push(branch ?? keyAtOf(row))
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
      (SELECT revision FROM change WHERE key_id = k.id AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1)
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
  }
}

function branchOf(row: Row): Branch | null {
  if (numberOf(row[7]) === 1) return null
  return { prefix: bytesOf(row[0]), count: numberOf(row[6]), valueBytes: numberOf(row[5]) }
}

/** Where a page goes on: behind the whole branch when the last item was one. */
function behind(afterKey: Uint8Array, prefix: Uint8Array, delimiter: number): Uint8Array {
  const isBranch = afterKey.byteLength > prefix.byteLength && afterKey.at(-1) === delimiter
  return isBranch ? prefixEnd(afterKey) : justAfter(afterKey)
}
