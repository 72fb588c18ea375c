import {
  type ApiClient,
  type ApiLimits,
  type ApiResource,
  apiLimits,
  createApiClient,
  ObjectStream,
  RetryLater,
  resourceName,
  watchCluster,
} from '../../apiserver'
import type { ClusterSettings, KubernetesSettings } from '../../config/settings'
import { createBackoff } from '../../core/backoff'
import { isTransient, ScopeError, sentenceOf } from '../../core/errors'
import { minBigInt } from '../../core/int64'
import { storagePrefix } from '../../kubernetes'
import type { Cursor } from '../../store'
import { recordSession, type SessionItem } from '../recorder'
import { resync } from '../resync'
import type { SupervisorContext } from '../supervisor'
import { type ApiInventory, clusterIdOf, takeInventory, versionOf } from './apiConnection'
import { apiPages, type KeyRange, prefixEnd } from './apiPages'
import type { ApiView } from './apiView'
import { sessionItems } from './sessionItems'

/**
 * Keeps the record of a cluster going that is seen through its apiserver: first sight, live, and after every
 * interruption the way back. It never gives up; what the apiserver can no longer tell becomes a gap with everything
 * read anew behind it, at one revision.
 */
export interface ApiSupervisorContext extends Omit<SupervisorContext, 'members' | 'lastRevision'> {
  readonly kubernetes: KubernetesSettings
  readonly view: ApiView
  readonly limits?: ApiLimits
}

/** A session's surroundings: one set of credentials, one look at what is served. */
interface Session extends ApiSupervisorContext {
  readonly client: ApiClient
  readonly limits: ApiLimits
}

export async function superviseApiserver(context: ApiSupervisorContext): Promise<void> {
  const { signal, clock, status, log, cluster } = context
  const limits = context.limits ?? apiLimits
  const client = createApiClient({ settings: context.kubernetes, clock, limits })
  const backoff = createBackoff({ firstMs: 200, limitMs: 10_000 })
  while (!signal.aborted) {
    try {
      await recordOnce({ ...context, client, limits }, () => backoff.reset())
      if (!signal.aborted) await clock.sleep(backoff.next(), signal)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ScopeError && error.code === 'NOT_OWNER') throw error
      status.failed(error)
      log(`${cluster.name}: ${sentenceOf(error)}`)
      if (!(error instanceof ScopeError)) log(error instanceof Error ? (error.stack ?? error.message) : String(error))
      const askedMs = error instanceof RetryLater ? error.afterMs : 0
      await clock.sleep(Math.max(askedMs, isTransient(error) ? backoff.next() : 5_000), signal)
    }
  }
}

async function recordOnce(session: Session, onProgress: () => void): Promise<void> {
  const { writer, cluster, client, signal, view } = session
  const clusterId = await clusterIdOf(client, signal)
  const inventory = await takeInventory(client, session.limits, signal)
  const cursor = await presentEpoch(session, clusterId, inventory.head)
  view.identified({ clusterId, version: await versionOf(client, signal) })
  view.reached(inventory.head)
  session.status.recordedThrough(cursor.revision)
  const saved = await writer.resourceCursors(cluster, cursor.epoch)
  tellUnread(session, inventory)
  const lost = vanished(saved, inventory)
  if (cursor.revision === 0n || lost.length > 0) {
    await (cursor.revision === 0n
      ? readFirst(session, inventory, cursor)
      : readGone(session, inventory, cursor, saved, lost))
    return recordOnce(session, onProgress)
  }
  const expired = await watch(
    session,
    inventory,
    await streamsOf(session, inventory, saved, cursor),
    cursor,
    onProgress,
  )
  if (expired !== null) await readExpired(session, expired)
}

/** First sight: what was before is not in the record. */
async function readFirst(session: Session, inventory: ApiInventory, cursor: Cursor): Promise<void> {
  await readAnew(session, inventory, cursor, {
    names: inventory.readable.map(resourceName),
    gapFrom: 1n,
    reason: 'before this record began',
  })
}

/** Kinds that are no longer served: their objects are gone, nobody saw when. */
async function readGone(
  session: Session,
  inventory: ApiInventory,
  cursor: Cursor,
  saved: ReadonlyMap<string, bigint>,
  names: readonly string[],
): Promise<void> {
  const gapFrom = names.map((name) => saved.get(name) ?? cursor.revision).reduce(minBigInt, cursor.revision) + 1n
  const reason = `${names.join(', ')} went away while nobody watched`
  await readAnew(session, inventory, cursor, { names, gapFrom, reason })
}

/** What a watch can no longer tell is read anew, and only that: the other resources go on where they are. */
async function readExpired(session: Session, expired: ReadonlyMap<string, bigint>): Promise<void> {
  const { client, limits, signal, writer, cluster, log } = session
  const inventory = await takeInventory(client, limits, signal)
  const cursor = await writer.cursor(cluster)
  // A cluster that was set back is the next session's to recognise.
  if (inventory.head < cursor.revision) return
  const after = [...expired.values()].reduce(minBigInt)
  log(`${cluster.name}: the apiserver no longer has what follows revision ${after}, a gap is recorded`)
  const names = [...expired.keys()]
  const shown = names.length > 3 ? `${names.length} resources` : names.join(', ')
  const reason = `the apiserver had dropped changes of ${shown} before they were read`
  await readAnew(session, inventory, cursor, { names, gapFrom: minBigInt(after, cursor.revision) + 1n, reason })
}

/** The epoch to go on in; a new one when another cluster answers, or one that was set back in time. */
async function presentEpoch(session: Session, clusterId: string | null, head: bigint): Promise<Cursor> {
  const { writer, cluster, clock, log, view } = session
  const cursor = await writer.cursor(cluster)
  const isOther = clusterId !== null && cursor.etcdClusterId !== null && cursor.etcdClusterId !== clusterId
  if (isOther || head < cursor.revision) {
    const reason = isOther
      ? `cluster id changed from ${cursor.etcdClusterId} to ${clusterId}`
      : `the newest revision fell from ${cursor.revision} to ${head}`
    log(`${cluster.name}: ${reason}, a new epoch begins`)
    view.restarted()
    const epoch = { etcdClusterId: clusterId ?? cursor.etcdClusterId ?? 'unknown', reason, atMs: clock.nowMs() }
    return writer.openEpoch(cluster, session.ownership(), epoch)
  }
  if (cursor.etcdClusterId === null && clusterId !== null) {
    await writer.nameEpoch(cluster, session.ownership(), clusterId)
  }
  return writer.cursor(cluster)
}

/** Recorded resources that are no longer served: the ends of their objects were not seen. */
function vanished(saved: ReadonlyMap<string, bigint>, { named, unknownGroups }: ApiInventory): readonly string[] {
  return [...saved.keys()].filter((name) => !named.has(name) && !unknownGroups.has(groupOf(name)))
}

interface Reading {
  readonly names: readonly string[]
  readonly gapFrom: bigint
  readonly reason: string
}

/**
 * Reads these resources into the record at one revision, behind a gap; those that are no longer served end there.
 * Where the others stand is kept: what they tell of revisions up to there comes late.
 */
async function readAnew(session: Session, inventory: ApiInventory, cursor: Cursor, reading: Reading): Promise<void> {
  const { writer, cluster, client, limits, signal, settings } = session
  const pinned = inventory.head
  session.status.resyncing(pinned)
  const served = new Map(inventory.readable.map((resource) => [resourceName(resource), resource]))
  const ranges: KeyRange[] = reading.names
    // Served, but not readable at the moment: the next session sees.
    .filter((name) => served.has(name) || !inventory.named.has(name))
    .map((name) => {
      const resource = served.get(name) ?? null
      return { keyPrefix: prefixOf(settings, resource ?? partsOf(name)), resource }
    })
  ranges.sort((a, b) => Buffer.compare(Buffer.from(a.keyPrefix), Buffer.from(b.keyPrefix)))
  const pages = apiPages(ranges, pinned, { client, limits, signal })
  const write = {
    writer,
    describer: session.describer,
    cluster,
    ownership: session.ownership(),
    nowMs: () => session.clock.nowMs(),
  }
  await resync(pages, pinned, cursor, reading.reason, write, reading.gapFrom)
  const cursors = new Map(await writer.resourceCursors(cluster, cursor.epoch))
  for (const name of reading.names) {
    if (served.has(name)) cursors.set(name, pinned)
    else if (!inventory.named.has(name)) cursors.delete(name)
  }
  await writer.saveResourceCursors(cluster, cursor.epoch, session.ownership(), cursors)
}

/** One stream a resource, from where the record has it; a resource that it does not have begins with a list. */
async function streamsOf(
  session: Session,
  inventory: ApiInventory,
  saved: ReadonlyMap<string, bigint>,
  cursor: Cursor,
): Promise<ObjectStream[]> {
  const streams: ObjectStream[] = []
  for (const resource of inventory.readable) {
    const keyPrefix = prefixOf(session.settings, resource)
    const live = await session.writer.liveKeys(
      session.cluster,
      cursor.epoch,
      Buffer.from(keyPrefix),
      prefixEnd(keyPrefix),
    )
    const known = live.map((own) => [Buffer.from(own.key).toString('utf8').slice(keyPrefix.length), own] as const)
    streams.push(new ObjectStream(resource, keyPrefix, saved.get(resourceName(resource)) ?? 0n, known))
  }
  return streams
}

/** Null when the signal ended it; otherwise the resources of which something is lost, and behind which revision. */
async function watch(
  session: Session,
  inventory: ApiInventory,
  streams: readonly ObjectStream[],
  cursor: Cursor,
  onProgress: () => void,
): Promise<ReadonlyMap<string, bigint> | null> {
  let expired: ReadonlyMap<string, bigint> | null = null
  const { client, limits, clock, status, view, log, cluster, settings } = session
  let unread = inventory.unread
  let trouble: string | null = null
  const tell = () => view.trouble(trouble ?? unreadWords(unread))
  await recordSession(
    (signal): AsyncIterable<SessionItem> =>
      sessionItems(
        watchCluster({
          client,
          clock,
          signal,
          limits,
          through: cursor.revision,
          head: inventory.head,
          streams,
          async rediscover(watched) {
            const now = await takeInventory(client, limits, signal, new Set(watched.keys()))
            unread = now.unread
            const kept = [...watched].filter(([name]) => now.named.has(name) || now.unknownGroups.has(groupOf(name)))
            const fresh = now.readable.filter((resource) => !watched.has(resourceName(resource)))
            for (const resource of fresh) log(`${cluster.name}: ${resourceName(resource)} is recorded from now on`)
            return [
              ...kept.map(([, stream]) => stream),
              ...fresh.map((resource) => new ObjectStream(resource, prefixOf(settings, resource), 0n)),
            ]
          },
          onTrouble(sentence) {
            trouble = sentence
            tell()
          },
          log: (message) => log(`${cluster.name}: ${message}`),
        }),
        {
          view,
          server: client.server,
          expired: (after) => {
            expired = after
          },
          saveFrontiers: (frontiers) =>
            session.writer.saveResourceCursors(cluster, cursor.epoch, session.ownership(), frontiers),
        },
      ),
    session.signal,
    cursor,
    {
      writer: session.writer,
      describer: session.describer,
      cluster,
      ownership: session.ownership,
      nowMs: () => clock.nowMs(),
      onDurable: (progress) => {
        onProgress()
        status.durable(progress)
      },
      onConnection: (item) => {
        status.connection(item)
        if (item.error !== null) log(`${cluster.name}: ${sentenceOf(item.error)}`)
      },
    },
  )
  return expired
}

function tellUnread({ log, cluster, view }: Session, { unread }: ApiInventory): void {
  const words = unreadWords(unread)
  view.trouble(words)
  if (words !== null) log(`${cluster.name}: ${words}`)
}

/** One sentence; null when everything is recorded. */
export function unreadWords(unread: ReadonlyMap<string, string>): string | null {
  if (unread.size === 0) return null
  const shown = [...unread].slice(0, 4).map(([name, reason]) => `${name} (${reason})`)
  const rest = unread.size > shown.length ? ` and ${unread.size - shown.length} more` : ''
  return `Not recorded: ${shown.join(', ')}${rest}`
}

function prefixOf({ kubernetesPrefixes }: ClusterSettings, resource: Pick<ApiResource, 'group' | 'plural'>): string {
  return storagePrefix(kubernetesPrefixes[0] ?? '/registry', resource)
}

/** Of a name such as `deployments.apps`: plurals hold no dot. */
function partsOf(name: string): { readonly plural: string; readonly group: string } {
  const dot = name.indexOf('.')
  return dot === -1 ? { plural: name, group: '' } : { plural: name.slice(0, dot), group: name.slice(dot + 1) }
}

const groupOf = (name: string) => partsOf(name).group
