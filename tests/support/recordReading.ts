import type { ChangeRow, ClusterRow, RecordReader } from '../../lib/store'
import type { WitnessEvent } from './etcdOracle'

/** Reads a whole record back through the public reader, for comparison with a witness. */

const everything = { from: new Uint8Array(0), to: new Uint8Array(0) }

export async function recordedCluster(reader: RecordReader, name: string): Promise<ClusterRow> {
  const cluster = await reader.cluster(name)
  if (cluster === null) throw new Error(`the record has no cluster ${name}`)
  return cluster
}

/** All stored changes of an epoch, ascending. */
export async function allChanges(reader: RecordReader, cluster: ClusterRow, epoch: number): Promise<ChangeRow[]> {
  const rows: ChangeRow[] = []
  for (;;) {
    const last = rows.at(-1)
    const after = last === undefined ? null : { epoch, revision: last.revision, ordinal: last.ordinal }
    const page = await reader.changes(cluster, { epoch }, { order: 'asc', limit: 1000, after })
    rows.push(...page)
    if (page.length < 1000) return rows
  }
}

/** Stored changes in the witness's terms, values included. */
export async function recordedEvents(
  reader: RecordReader,
  cluster: ClusterRow,
  epoch: number,
): Promise<WitnessEvent[]> {
  const events: WitnessEvent[] = []
  for (const row of await allChanges(reader, cluster, epoch)) {
    const stored = row.op === 'delete' ? null : await reader.valueAt(cluster, epoch, row.key, row.revision)
    events.push({
      revision: row.revision,
      ordinal: row.ordinal,
      type: row.op === 'delete' ? 'delete' : 'put',
      key: Buffer.from(row.key).toString('base64'),
      value: Buffer.from(stored?.value ?? []).toString('base64'),
      createRevision: row.createRevision,
      version: row.version,
      leaseId: row.leaseId,
    })
  }
  return events
}

/** The keyspace at a revision: base64 key → [base64 value, mod_revision]. */
export async function recordedState(
  reader: RecordReader,
  cluster: ClusterRow,
  epoch: number,
  revision: bigint,
): Promise<Map<string, [string, bigint]>> {
  const state = new Map<string, [string, bigint]>()
  let afterKey: Uint8Array | null = null
  for (;;) {
    const page: Awaited<ReturnType<RecordReader['keysAt']>> = await reader.keysAt(
      cluster,
      epoch,
      revision,
      everything,
      {
        limit: 1000,
        afterKey,
      },
    )
    for (const row of page) {
      const value = await reader.valueAt(cluster, epoch, row.key, revision)
      state.set(Buffer.from(row.key).toString('base64'), [
        Buffer.from(value?.value ?? []).toString('base64'),
        row.modRevision,
      ])
    }
    if (page.length < 1000) return state
    afterKey = page.at(-1)?.key ?? null
  }
}
