import { createCollectorStatus, isOwnerGone, ownerName, snapshotOf, superviseRecording } from '../collector'
import type { ClusterSettings } from '../config/settings'
import { clusterSnapshot } from '../contract'
import type { Clock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { connectMember, RevisionCompactedError } from '../etcd'
import { createDescriber } from '../kubernetes'
import type { ClusterRef, Ownership, RecordReader, RecordWriter } from '../store'
import { createDeriver } from '../workloads/deriver'
import { startRestored } from './restoredEtcd'

/**
 * One etcd snapshot into the record, as an archived cluster: every revision that it still holds, by the same path as a
 * live cluster's. Several snapshots of one cluster are imported oldest first; where a later one has compacted what lies
 * between, that is a declared gap.
 */

export interface ImportOptions {
  readonly file: string
  /** Endpoints are not used: the restored etcd has its own. */
  readonly settings: ClusterSettings
  readonly writer: RecordWriter
  readonly reader: RecordReader
  readonly fingerprintKey: Buffer
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (line: string) => void
}

export interface ImportResult {
  readonly fromRevision: bigint
  readonly throughRevision: bigint
}

const leaseTtlMs = 10_000
const leaseRenewMs = 3_000
const progressEveryMs = 2_000

/** Rejects, with nothing changed, when the snapshot cannot be read or does not continue the archive. */
export async function importSnapshot(options: ImportOptions): Promise<ImportResult> {
  const { settings, reader, log } = options
  await refuseLive(settings.name, reader)
  log(`Restoring ${options.file} …`)
  const etcd = await startRestored(options)
  try {
    const local = { ...settings, endpoints: [etcd.endpoint] }
    const known = await storedThrough(settings.name, reader)
    if (known > etcd.lastRevision) throw outOfOrder(options, etcd.lastRevision, known)
    await refuseOther(local, reader, known)
    if (known < etcd.lastRevision) {
      log(`Recording ${settings.name} from revision ${known + 1n} to ${etcd.lastRevision} …`)
    }
    await record(local, etcd.lastRevision, options)
    return { fromRevision: known + 1n, throughRevision: etcd.lastRevision }
  } finally {
    await etcd.stop()
  }
}

async function storedThrough(name: string, reader: RecordReader): Promise<bigint> {
  return (await reader.cluster(name))?.epochs.at(-1)?.storedRevision ?? 0n
}

/** An archive under the name of a watched cluster would begin a new epoch of it, and the next watch another. */
async function refuseLive(name: string, reader: RecordReader): Promise<void> {
  const row = await reader.cluster(name)
  if (row === null || (row.snapshot === null && row.epochs.every((epoch) => epoch.storedRevision === 0n))) return
  const document = clusterSnapshot.safeParse(row.snapshot?.document)
  if (document.success && document.data.state === 'archived') return
  throw new ScopeError('BAD_SETTING', `--cluster: ${name} is a watched cluster; an archive needs a name of its own.`, {
    subject: 'cluster',
  })
}

function outOfOrder({ file, settings }: ImportOptions, last: bigint, known: bigint): ScopeError {
  return new ScopeError(
    'BAD_SETTING',
    `${file} ends at revision ${last}, and ${settings.name} is recorded up to ${known} already: snapshots of one cluster are imported oldest first.`,
    { subject: 'FILE' },
  )
}

/** The newest recorded key must stand in the snapshot as it was recorded; where that is compacted nothing is said. */
async function refuseOther(settings: ClusterSettings, reader: RecordReader, known: bigint): Promise<void> {
  const row = await reader.cluster(settings.name)
  if (row === null || known === 0n) return
  const [newest] = await reader.changes(row, {}, { order: 'desc', limit: 1, after: null })
  if (newest === undefined || newest.op === 'delete') return
  const connection = connectMember(settings.endpoints[0] ?? '', settings)
  try {
    const { kvs } = await connection
      .range({ key: newest.key, rangeEnd: new Uint8Array(), revision: newest.revision })
      .catch((error: unknown) => {
        if (error instanceof RevisionCompactedError) return { kvs: null }
        throw error
      })
    if (kvs === null) return
    const same = kvs[0]?.modRevision === newest.revision && kvs[0].version === newest.version
    if (same) return
  } finally {
    connection.close()
  }
  throw new ScopeError(
    'BAD_SETTING',
    `The snapshot is not of the cluster that is recorded as ${settings.name}: they differ at revision ${newest.revision}.`,
    { subject: 'cluster' },
  )
}

async function record(settings: ClusterSettings, lastRevision: bigint, options: ImportOptions): Promise<void> {
  const { writer, clock, log } = options
  const cluster = await writer.ensureCluster(settings.name, 'etcd', false)
  const first = await writer.acquire(cluster, ownerName(), leaseTtlMs, clock.nowMs(), isOwnerGone)
  if (first === null) {
    throw new ScopeError('NOT_OWNER', `Another process writes ${settings.name} at the moment.`, { subject: 'cluster' })
  }
  const own = new AbortController()
  const signal = AbortSignal.any([options.signal, own.signal])
  let ownership: Ownership = first
  const renewal = (async () => {
    while (!signal.aborted) {
      await clock.sleep(leaseRenewMs, signal)
      const renewed = signal.aborted ? null : await writer.acquire(cluster, ownership.owner, leaseTtlMs, clock.nowMs())
      if (renewed !== null) ownership = renewed
    }
  })()
  const status = createCollectorStatus(clock.nowMs, () => undefined)
  const progress = (async () => {
    while (!signal.aborted) {
      await clock.sleep(progressEveryMs, signal)
      const { storedRevision, eventsPerSecond } = status.view(lastRevision)
      if (!signal.aborted)
        log(`  revision ${storedRevision ?? 0n} of ${lastRevision}, ${Math.round(eventsPerSecond ?? 0)} changes/s`)
    }
  })()
  try {
    const describer = createDescriber({
      prefixes: settings.kubernetesPrefixes,
      redact: settings.redact,
      fingerprintKey: options.fingerprintKey,
    })
    await superviseRecording({
      settings,
      cluster,
      ownership: () => ownership,
      writer,
      describer,
      members: { headRevision: () => lastRevision },
      status,
      clock,
      signal,
      log,
      lastRevision,
    })
    options.signal.throwIfAborted()
    await createDeriver({ cluster, writer, clock, signal, log, ownership: () => ownership }).catchUp()
    options.signal.throwIfAborted()
    await writeArchived(cluster, status, lastRevision, options)
  } finally {
    own.abort()
    await Promise.all([renewal, progress])
    await writer.release(cluster, ownership)
  }
}

/** An archive's state holds since its last revision: what the charts show ends there. */
async function writeArchived(
  cluster: ClusterRef,
  status: ReturnType<typeof createCollectorStatus>,
  lastRevision: bigint,
  { writer, reader, clock }: ImportOptions,
): Promise<void> {
  const atMs = clock.nowMs()
  const lastMs = (await reader.cluster(cluster.name))?.epochs.at(-1)?.lastMs ?? atMs
  const document = {
    ...snapshotOf(null, status, lastRevision),
    state: 'archived' as const,
    since: new Date(lastMs).toISOString(),
    error: null,
    endpoint: null,
    lagMs: null,
    eventsPerSecond: null,
  }
  await writer.writeSnapshot(cluster, { state: document.state, document, atMs })
}
