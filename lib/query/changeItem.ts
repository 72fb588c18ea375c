import type { Change } from '../contract'
import type { ChangeRow } from '../store/store'
import { timeOf } from './instant'
import { keyFieldsOf } from './keyBytes'

/** A stored change as the interface shows it. */
export function changeItem(row: ChangeRow, kinds?: ReadonlyMap<string, string>): Change {
  const kind = kinds?.get(row.resource ?? '')
  return {
    revision: String(row.revision),
    ordinal: row.ordinal,
    epoch: row.epoch,
    at: timeOf(row.atMs),
    atSource: row.atSource,
    origin: row.origin,
    op: row.op,
    ...keyFieldsOf(row.key),
    resource: row.resource,
    ...(kind === undefined ? {} : { kind }),
    namespace: row.namespace,
    name: row.name,
    manager: row.manager,
    significance: row.significance,
    version: String(row.version),
    createRevision: String(row.createRevision),
    leaseId: row.leaseId === 0n ? null : String(BigInt.asUintN(64, row.leaseId)),
    valueBytes: row.valueBytes,
    redacted: row.fingerprint !== null,
    summary: row.summary ?? plainSummary(row),
  }
}

function plainSummary(row: ChangeRow): string {
  if (row.op === 'delete') return 'deleted'
  if (row.op === 'create') return 'created'
  return row.version === 0n ? 'changed' : `version ${row.version}`
}
