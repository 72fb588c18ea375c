import { atSourceCodes, opCodes, originCodes, significanceCodes, wordOf } from '../codes'
import type { ChangeRow, ValueRow } from '../store'
import { nameFrom } from './keys'
import type { LabelReader } from './labels'
import { bigOf, bytesOf, bytesOrNull, numberOf, numberOrNull, type Row, textOrNull } from './statements'
import type { SummaryReader } from './summaryReader'

/** Columns of a change `c` with its key `k`, in the order that {@link changeOfRow} reads. */
export const changeColumns = `c.revision, c.ordinal, c.op, c.significance, c.origin, c.at_source, c.at_ms,
  c.create_revision, c.version, c.value_bytes, c.manager_id, c.lease_id, c.fingerprint, c.summary_id,
  k.key, k.resource_id, k.namespace_id, k.name_tail, k.name, c.value_id, c.epoch_id`

/** Index of value_id in {@link changeColumns}. */
const VALUE_ID = 19

/** What ids in the rows stand for. */
export interface RowWords {
  readonly labels: LabelReader
  readonly summaries: SummaryReader
}

export function changeOfRow(row: Row, epoch: number, { labels, summaries }: RowWords): ChangeRow {
  const key = bytesOf(row[14])
  const revision = bigOf(row[0])
  return {
    epoch,
    revision,
    ordinal: numberOf(row[1]),
    op: wordOf(opCodes, numberOf(row[2])),
    significance: wordOf(significanceCodes, numberOf(row[3])),
    origin: wordOf(originCodes, numberOf(row[4])),
    atSource: wordOf(atSourceCodes, numberOf(row[5])),
    atMs: numberOf(row[6]),
    createRevision: bigOf(row[7]),
    version: bigOf(row[8]),
    valueBytes: numberOf(row[9]),
    manager: labels.textOf(numberOrNull(row[10])),
    leaseId: row[11] === null ? 0n : bigOf(row[11]),
    fingerprint: bytesOrNull(row[12]),
    summary: summaries.textOf(numberOf(row[20]), revision, numberOrNull(row[13])),
    key,
    resource: labels.textOf(numberOrNull(row[15])),
    namespace: labels.textOf(numberOrNull(row[16])),
    name: nameFrom(key, numberOrNull(row[17]), textOrNull(row[18])),
  }
}

export function valueIdOfRow(row: Row): number | null {
  return numberOrNull(row[VALUE_ID])
}

export function withValue(change: ChangeRow, value: Uint8Array | null): ValueRow {
  return { ...change, value }
}
