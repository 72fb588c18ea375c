import type { ChainedChange } from '../chain/linkHasher'
import { atSourceCodes, codeOf, OP_DELETE, opCodes, originCodes, significanceCodes } from '../codes'
import type { ChangeInput } from '../store'
import type { ActivityTally } from './activityWriter'
import type { KeyWriter } from './keys'
import type { LabelWriter } from './labels'
import { numberOrNull, type Statements } from './statements'
import type { SummaryWriter } from './summaryWriter'
import type { ValueWriter } from './valueWriter'

/** Writes single change rows with their key, labels, value and count; the transaction around it is the caller's. */
export interface ChangeRowWriter {
  /** Returns the change as the hash chain sees it. */
  insert(
    place: { clusterId: number; epochId: number; atMs: number; ordinal: number },
    change: ChangeInput,
  ): ChainedChange
}

/** Heartbeats and status carry times, so the same bytes do not come back; a place in the index would be wasted. */
const returning = new Set((['spec', 'metadata', 'none'] as const).map((word) => codeOf(significanceCodes, word)))

export function createChangeRowWriter(
  statements: Statements,
  parts: {
    keys: KeyWriter
    labels: LabelWriter
    summaries: SummaryWriter
    values: ValueWriter
    tally: ActivityTally
  },
): ChangeRowWriter {
  const { keys, labels, summaries, values, tally } = parts
  const insert = statements.run(
    `INSERT INTO change (epoch_id, revision, ordinal, key_id, kind, at_ms, age,
       version, value_bytes, value_id, manager_id, summary_id, lease_id, fingerprint)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const newestValue = statements.raw(
    'SELECT value_id FROM change INDEXED BY change_key WHERE key_id = ? AND epoch_id = ? ORDER BY revision DESC LIMIT 1',
  )

  return {
    insert({ clusterId, epochId, atMs, ordinal }, change) {
      const key = keys.idOf(clusterId, change)
      const op = codeOf(opCodes, change.op)
      const significance = codeOf(significanceCodes, change.significance)
      const origin = codeOf(originCodes, change.origin)
      const atSource = codeOf(atSourceCodes, change.atSource)
      const managerId = labels.idOf(change.manager)
      let valueId: number | null = null
      let valueHash: bigint | null = null
      if (change.value !== null) {
        const stored = values.put(change.value, {
          keyId: key.id,
          group: change.resource ?? folderOf(change.key),
          family: familyOf(change.key),
          turn: turnOf(change.summary),
          mayReturn: returning.has(significance),
          previousId: () => (key.fresh ? null : numberOrNull(newestValue.get(key.id, epochId)?.[0] ?? null)),
        })
        valueId = stored.id
        valueHash = stored.hash
      } else if (op === OP_DELETE) {
        values.forgetKey(key.id)
      }
      insert.run(
        epochId,
        change.revision,
        ordinal,
        key.id,
        op | (significance << 2) | (origin << 5) | (atSource << 6),
        atMs,
        change.revision - change.createRevision,
        change.version,
        change.valueBytes,
        valueId,
        managerId,
        summaries.idOf(epochId, change.revision, change.summary),
        change.leaseId === 0n ? null : change.leaseId,
        change.fingerprint,
      )
      if (change.origin === 'watch') {
        const resourceId = labels.idOf(change.resource)
        const namespaceId = labels.idOf(change.namespace)
        tally.count({ atMs, resourceId, namespaceId, managerId, op, significance, valueBytes: change.valueBytes })
      }
      return {
        ordinal,
        op,
        significance,
        origin,
        atSource,
        atMs,
        valueHash,
        revision: change.revision,
        createRevision: change.createRevision,
        version: change.version,
        leaseId: change.leaseId,
        valueBytes: change.valueBytes,
        key: change.key,
        fingerprint: change.fingerprint,
        resource: change.resource,
        namespace: change.namespace,
        name: change.name,
        manager: change.manager,
        summary: change.summary,
        value: change.value,
      }
    },
  }
}

/** Plain keys beside each other hold alike values: their folder is their group. */
function folderOf(key: Uint8Array): string {
  const end = key.lastIndexOf(0x2f)
  return `/${Buffer.from(key.buffer, key.byteOffset, Math.max(0, end)).toString('latin1')}`
}

const [slash, dash, dot] = [0x2f, 0x2d, 0x2e]

/** Generated names end with "-suffix" or ".suffix": what stands before is what their objects have in common. */
function familyOf(key: Uint8Array): string {
  let end = key.byteLength - 1
  while (end > 0 && key[end] !== dash && key[end] !== dot && key[end] !== slash) end--
  return Buffer.from(key.buffer, key.byteOffset, Math.max(0, end)).toString('latin1')
}

/** "phase Pending", "condition Ready", "Normal Scheduled": the first two words tell what became of an object. */
function turnOf(summary: string | null): string {
  if (summary === null) return ''
  const second = summary.indexOf(' ') + 1
  const end = second === 0 ? -1 : summary.indexOf(' ', second)
  return end < 0 ? summary : summary.slice(0, end)
}
