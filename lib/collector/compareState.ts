import { type KeyEvent, type MemberConnection, readKeyspace } from '../etcd'
import type { ClusterRef, KeyAtRow, RecordReader } from '../store'
import { textOfBytes } from './describeEvents'

/** Where the record's state at a revision and etcd's own part ways; null when they are equal. */
export interface StateComparison {
  readonly keys: number
  readonly firstDifference: { readonly key: Uint8Array; readonly reason: string } | null
}

const keysAPage = 1_000

/**
 * Reads etcd's keyspace at a revision and compares it with the record's: which keys there are, their revisions and
 * versions, and their values; of one that is redacted, whole or in part, its length. Rejects when etcd has compacted the revision.
 */
export async function compareState(
  connection: MemberConnection,
  reader: RecordReader,
  cluster: ClusterRef,
  moment: { readonly epoch: number; readonly revision: bigint },
): Promise<StateComparison> {
  let from: Uint8Array = new Uint8Array(0)
  let keys = 0
  for await (const page of readKeyspace(connection, { revision: moment.revision })) {
    const to = page.nextKey ?? new Uint8Array(0)
    const recorded = await recordedKeys(reader, cluster, moment, { from, to })
    for (const own of page.kvs) {
      keys++
      const text = textOfBytes(own.key)
      const reason = await differenceOf(own, recorded.get(text), reader, cluster, moment)
      if (reason !== null) return { keys, firstDifference: { key: own.key, reason } }
      recorded.delete(text)
    }
    const [extra] = recorded.values()
    if (extra !== undefined) return { keys, firstDifference: { key: extra.key, reason: 'etcd does not have it' } }
    from = to
  }
  return { keys, firstDifference: null }
}

async function recordedKeys(
  reader: RecordReader,
  cluster: ClusterRef,
  { epoch, revision }: { readonly epoch: number; readonly revision: bigint },
  range: { from: Uint8Array; to: Uint8Array },
): Promise<Map<string, KeyAtRow>> {
  const found = new Map<string, KeyAtRow>()
  let afterKey: Uint8Array | null = null
  for (;;) {
    const page: KeyAtRow[] = await reader.keysAt(cluster, epoch, revision, range, { limit: keysAPage, afterKey })
    for (const row of page) found.set(textOfBytes(row.key), row)
    if (page.length < keysAPage) return found
    afterKey = page.at(-1)?.key ?? null
  }
}

async function differenceOf(
  own: KeyEvent,
  row: KeyAtRow | undefined,
  reader: RecordReader,
  cluster: ClusterRef,
  { epoch, revision }: { readonly epoch: number; readonly revision: bigint },
): Promise<string | null> {
  if (row === undefined) return 'the record does not have it'
  if (row.modRevision !== own.modRevision) {
    return `it was last changed at revision ${own.modRevision}, and at ${row.modRevision} in the record`
  }
  if (row.version !== own.version || row.createRevision !== own.createRevision) {
    return `it is version ${own.version} since revision ${own.createRevision}, and ${row.version} since ${row.createRevision} in the record`
  }
  const stored = await reader.valueAt(cluster, epoch, own.key, revision)
  const same =
    stored?.value == null || stored.fingerprint !== null
      ? stored?.valueBytes === own.value.byteLength
      : Buffer.compare(stored.value, own.value) === 0
  return same ? null : 'its value is another'
}
