import { ScopeError } from '../../core/errors'
import type { ChainedChange } from '../chain/linkHasher'
import { nameFrom } from './keys'
import { createLabelReader } from './labels'
import {
  bigOf,
  bytesOf,
  bytesOrNull,
  type Cell,
  numberOf,
  numberOrNull,
  type Row,
  type Statements,
  textOrNull,
} from './statements'
import { createSummaryReader } from './summaryReader'
import { createValueReader } from './valueReader'

/** Reads stored changes back as the chain hashed them, in the chain's order and a page at a time. */
export interface ChainRows {
  /** Changes of an epoch behind `after` up to `through`, without those that came late; at most a page. */
  inOrder(link: LinkOfRows, after: ChainPosition, through: ChainPosition): Row[]
  /** Those that a re-sync stored below the cursor in this link, behind `after`; at most a page. */
  late(link: LinkOfRows, after: ChainPosition): Row[]
  /** Throws when a cell is not of its kind or the value does not reconstruct. */
  read(row: Row, clusterId: number): ChainedChange
}

/** Key descriptions are those that were in force when link `seq` was written. */
export interface LinkOfRows {
  readonly epochId: number
  readonly seq: number
}

export interface ChainPosition {
  readonly revision: bigint
  readonly ordinal: number
}

/** Every value of a page may be reconstructed in one turn of the event loop. */
export const rowsAPage = 100
const valueCacheBytes = 16 * 1024 * 1024

export const beforeAll: ChainPosition = { revision: -(2n ** 63n), ordinal: 0 }
/** The whole of a revision: no ordinal lies above. */
export const wholeOf = (revision: bigint): ChainPosition => ({ revision, ordinal: Number.MAX_SAFE_INTEGER })
export const positionOf = (row: Row): ChainPosition => ({ revision: bigOf(row[0]), ordinal: numberOf(row[1]) })
/** The key of a row, for a finding; null when it has none. */
export const keyOfRow = (row: Row): Buffer | null => (Buffer.isBuffer(row[16]) ? row[16] : null)

const columns = `c.revision, c.ordinal, c.op, c.significance, c.origin, c.at_source, c.at_ms, c.create_revision,
  c.version, c.value_bytes, c.lease_id, c.value_id, c.manager_id, c.fingerprint, c.summary_id,
  k.cluster_id, k.key, k.resource_id, k.namespace_id, k.name_tail, k.name,
  b.key_id, b.resource_id, b.namespace_id, b.name_tail, b.name, c.epoch_id`
const described = `LEFT JOIN key AS k ON k.id = c.key_id
  LEFT JOIN key_before AS b ON b.key_id = c.key_id
    AND b.seq = (SELECT min(seq) FROM key_before WHERE key_id = c.key_id AND seq > ?)`

export function createChainRows(statements: Statements): ChainRows {
  const values = createValueReader(statements, valueCacheBytes)
  const labels = createLabelReader(statements)
  const summaries = createSummaryReader(statements)
  // One statement a page, so that a late row or a new description is seen with its mark or not at all.
  const inOrder = statements.big(
    `SELECT ${columns} FROM change AS c ${described}
     WHERE c.epoch_id = ? AND (c.revision, c.ordinal) > (?, ?) AND (c.revision, c.ordinal) <= (?, ?)
       AND NOT EXISTS (SELECT 1 FROM late_change AS l
                       WHERE l.epoch_id = c.epoch_id AND l.revision = c.revision AND l.ordinal = c.ordinal)
     ORDER BY c.revision, c.ordinal LIMIT ${rowsAPage}`,
  )
  const late = statements.big(
    `SELECT ${columns} FROM late_change AS l
     JOIN change AS c ON c.epoch_id = l.epoch_id AND c.revision = l.revision AND c.ordinal = l.ordinal ${described}
     WHERE l.epoch_id = ? AND l.seq = ? AND (l.revision, l.ordinal) > (?, ?)
     ORDER BY l.revision, l.ordinal LIMIT ${rowsAPage}`,
  )

  /** A word that is gone reads as none, which the checksum then tells. */
  const word = (cell: Cell | undefined) => labels.textOf(numberOrNull(cell))

  return {
    inOrder: ({ epochId, seq }, after, through) =>
      inOrder.all(seq, epochId, after.revision, after.ordinal, through.revision, through.ordinal),
    late: ({ epochId, seq }, after) => late.all(seq, epochId, seq, after.revision, after.ordinal),
    read(row, clusterId) {
      if (row[15] === null || numberOf(row[15]) !== clusterId) throw damaged('its key is missing')
      const key = bytesOf(row[16])
      const at = row[21] === null ? 17 : 22
      const stored = row[11] === null ? null : values.read(numberOf(row[11]))
      const valueBytes = numberOf(row[9])
      // A value of which parts were redacted is longer or shorter than etcd's; its fingerprint says that it is one.
      if (stored !== null && row[13] === null && stored.raw.byteLength !== valueBytes) {
        throw damaged(`its value has ${stored.raw.byteLength} bytes instead of ${valueBytes}`)
      }
      const revision = bigOf(row[0])
      return {
        revision,
        ordinal: numberOf(row[1]),
        op: numberOf(row[2]),
        significance: numberOf(row[3]),
        origin: numberOf(row[4]),
        atSource: numberOf(row[5]),
        atMs: numberOf(row[6]),
        createRevision: bigOf(row[7]),
        version: bigOf(row[8]),
        valueBytes,
        leaseId: row[10] === null ? 0n : bigOf(row[10]),
        manager: word(row[12]),
        fingerprint: bytesOrNull(row[13] ?? null),
        summary: summaries.textOf(numberOf(row[26]), revision, numberOrNull(row[14])),
        key,
        resource: word(row[at]),
        namespace: word(row[at + 1]),
        name: nameFrom(key, numberOrNull(row[at + 2]), textOrNull(row[at + 3])),
        value: stored?.raw ?? null,
        valueHash: stored?.hash ?? null,
      }
    },
  }
}

function damaged(why: string): ScopeError {
  return new ScopeError('INTERNAL', `The change is damaged: ${why}.`)
}
