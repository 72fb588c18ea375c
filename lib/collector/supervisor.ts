import type { ClusterSettings } from '../config/settings'
import { createBackoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { isTransient, ScopeError, sentenceOf } from '../core/errors'
import {
  connectMember,
  findCompactRevision,
  linearizableRead,
  type MemberConnection,
  readKeyspace,
  watchKeyspace,
} from '../etcd'
import type { Describer } from '../kubernetes'
import type { ClusterRef, Cursor, Ownership, RecordWriter } from '../store'
import type { CollectorStatus } from './collectorStatus'
import { itemsThrough } from './itemsThrough'
import type { MemberWatch } from './members'
import { recordSession, type SessionEnd } from './recorder'
import { resync } from './resync'

/**
 * Keeps one cluster's record going for as long as the signal allows: first sight, back-fill, live, and after every
 * interruption the way back, each with its entry in the record (gap, re-sync, epoch). It never gives up: a permanent
 * error is shown in the cluster's state and tried again, since the operator may mend it on the other side.
 */

export interface SupervisorContext {
  readonly settings: ClusterSettings
  readonly cluster: ClusterRef
  readonly ownership: () => Ownership
  readonly writer: RecordWriter
  readonly describer: Describer
  readonly members: Pick<MemberWatch, 'headRevision'>
  readonly status: CollectorStatus
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
  /** Record up to this revision and no further, then return; without it, for as long as the signal allows. */
  readonly lastRevision?: bigint
}

/** What follows a session: nothing, or a repair before the next one. */
type Repair = SessionEnd

export async function superviseRecording(context: SupervisorContext): Promise<void> {
  const { signal, clock, status, log } = context
  const backoff = createBackoff({ firstMs: 200, limitMs: 10_000 })
  while (!signal.aborted) {
    try {
      const through = await recordOnce(context, () => backoff.reset())
      if (context.lastRevision !== undefined && through >= context.lastRevision) return
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ScopeError && error.code === 'NOT_OWNER') throw error
      status.failed(error)
      log(`${context.cluster.name}: ${sentenceOf(error)}`)
      if (!(error instanceof ScopeError)) log(error instanceof Error ? (error.stack ?? error.message) : String(error))
      await clock.sleep(isTransient(error) ? backoff.next() : 5_000, signal)
    }
  }
}

/** From the cursor to the end of one session, repairs included. Answers how far the record reaches then. */
async function recordOnce(context: SupervisorContext, onProgress: () => void): Promise<bigint> {
  const { writer, cluster, lastRevision } = context
  let cursor = await prepare(context, await writer.cursor(cluster))
  context.status.recordedThrough(cursor.revision)
  if (lastRevision !== undefined && cursor.revision >= lastRevision) return cursor.revision
  const end = await session(cursor, context, onProgress)
  cursor = await writer.cursor(cluster)
  await repair(end, cursor, context)
  return (await writer.cursor(cluster)).revision
}

/** Names a new epoch, recognises another cluster, and finds where history begins. */
async function prepare(context: SupervisorContext, known: Cursor): Promise<Cursor> {
  let cursor = known
  const { writer, cluster, log } = context
  return withConnection(context, async (connection) => {
    const status = await connection.status()
    const { clusterId } = status.header
    if (cursor.etcdClusterId === null) {
      await writer.nameEpoch(cluster, context.ownership(), clusterId)
      cursor = await writer.cursor(cluster)
    } else if (cursor.etcdClusterId !== clusterId) {
      log(`${cluster.name}: the endpoint now belongs to cluster ${clusterId}, a new epoch begins`)
      await openEpoch(context, clusterId, `cluster id changed from ${cursor.etcdClusterId} to ${clusterId}`)
      return prepareStart(context, connection)
    }
    return cursor.revision === 0n ? prepareStart(context, connection) : cursor
  })
}

/** First sight of an epoch: what is compacted already becomes a gap, with the keyspace behind it. */
async function prepareStart(context: SupervisorContext, connection: MemberConnection): Promise<Cursor> {
  const compacted = await findCompactRevision(connection)
  const cursor = await context.writer.cursor(context.cluster)
  if (compacted === 0n) return cursor
  await resyncAt(compacted, cursor, 'compacted before this record began', context, connection)
  return context.writer.cursor(context.cluster)
}

async function session(cursor: Cursor, context: SupervisorContext, onProgress: () => void): Promise<Repair> {
  const { settings, clock, status, members } = context
  return recordSession(
    (signal) => {
      const items = watchKeyspace({
        settings,
        afterRevision: cursor.revision,
        expectedClusterId: cursor.etcdClusterId,
        clock,
        signal,
        headRevision: () => members.headRevision(),
      })
      return context.lastRevision === undefined ? items : itemsThrough(items, context.lastRevision)
    },
    context.signal,
    cursor,
    {
      writer: context.writer,
      describer: context.describer,
      cluster: context.cluster,
      ownership: context.ownership,
      nowMs: () => clock.nowMs(),
      onDurable: (progress) => {
        onProgress()
        status.durable(progress)
      },
      onConnection: (item) => status.connection(item),
    },
  )
}

async function repair(end: Repair, cursor: Cursor, context: SupervisorContext): Promise<void> {
  if (end === null) return
  const { log, cluster } = context
  if (end.kind === 'restored') {
    log(`${cluster.name}: ${end.reason}, a new epoch begins`)
    await openEpoch(context, end.etcdClusterId, end.reason)
    return
  }
  log(`${cluster.name}: compacted up to ${end.compactRevision} while away, a gap is recorded`)
  await withConnection(context, (connection) =>
    resyncAt(end.compactRevision, cursor, 'compacted before the collector reconnected', context, connection),
  )
}

async function openEpoch(context: SupervisorContext, etcdClusterId: string, reason: string): Promise<void> {
  await context.writer.openEpoch(context.cluster, context.ownership(), {
    etcdClusterId,
    reason,
    atMs: context.clock.nowMs(),
  })
}

async function resyncAt(
  pinned: bigint,
  cursor: Cursor,
  reason: string,
  context: SupervisorContext,
  connection: MemberConnection,
): Promise<void> {
  context.status.resyncing(pinned)
  await resync(readKeyspace(connection, { revision: pinned }), pinned, cursor, reason, {
    writer: context.writer,
    describer: context.describer,
    cluster: context.cluster,
    ownership: context.ownership(),
    nowMs: () => context.clock.nowMs(),
  })
}

/** Runs `use` with the first endpoint that answers. The last error tells why none did. */
async function withConnection<T>(
  context: SupervisorContext,
  use: (connection: MemberConnection) => Promise<T>,
): Promise<T> {
  let failure: unknown = null
  for (const endpoint of context.settings.endpoints) {
    const connection = connectMember(endpoint, context.settings)
    try {
      await linearizableRead(connection)
    } catch (error) {
      failure = error
      connection.close()
      continue
    }
    try {
      return await use(connection)
    } finally {
      connection.close()
    }
  }
  throw failure
}
