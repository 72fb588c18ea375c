import {
  type ApiClient,
  type ApiLimits,
  type ApiResource,
  apiLimits,
  createApiClient,
  headOf,
  ObjectStream,
  RetryLater,
  resourceName,
  watchCluster,
} from '../../apiserver'
import type { ClusterSettings, KubernetesSettings } from '../../config/settings'
import { createBackoff } from '../../core/backoff'
import { isTransient, ScopeError, sentenceOf } from '../../core/errors'
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
 * interruption the way back. It never gives up.
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
  if (cursor.revision === 0n) {
    await readFirst(session, inventory, cursor)
    return recordOnce(session, onProgress)
  }
  await watch(session, inventory, saved, cursor, onProgress)
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
function vanished(saved: ReadonlyMap<string, bigint>, { served, unknownGroups }: ApiInventory): readonly string[] {
  return [...saved.keys()].filter((name) => !served.has(name) && !unknownGroups.has(groupOf(name)))
}

/** First sight: everything as it is at one revision; what was before is not in the record. */
async function readFirst(session: Session, { readable, head }: ApiInventory, cursor: Cursor): Promise<void> {
  const { writer, cluster, client, limits, signal, settings, status, clock, describer } = session
  status.resyncing(head)
  const ranges: KeyRange[] = readable.map((resource) => ({ keyPrefix: prefixOf(settings, resource), resource }))
  ranges.sort((a, b) => Buffer.compare(Buffer.from(a.keyPrefix), Buffer.from(b.keyPrefix)))
  const pages = apiPages(ranges, head, { client, limits, signal })
  const write = { writer, describer, cluster, ownership: session.ownership(), nowMs: () => clock.nowMs() }
  await resync(pages, head, cursor, 'before this record began', write)
  const cursors = new Map(readable.map((resource) => [resourceName(resource), head]))
  await writer.saveResourceCursors(cluster, cursor.epoch, session.ownership(), cursors)
}

/** A resource's stream, from where the record has it; one that it does not have begins with a list. */
async function streamOf(
  { writer, cluster, settings }: Session,
  resource: ApiResource,
  saved: ReadonlyMap<string, bigint>,
  epoch: number,
): Promise<ObjectStream> {
  const keyPrefix = prefixOf(settings, resource)
  const live = await writer.liveKeys(cluster, epoch, Buffer.from(keyPrefix), prefixEnd(keyPrefix))
  const known = live.map((own) => [Buffer.from(own.key).toString('utf8').slice(keyPrefix.length), own] as const)
  return new ObjectStream(resource, keyPrefix, saved.get(resourceName(resource)) ?? 0n, known)
}

async function watch(
  session: Session,
  inventory: ApiInventory,
  saved: ReadonlyMap<string, bigint>,
  cursor: Cursor,
  onProgress: () => void,
): Promise<void> {
  const { client, limits, clock, status, view, log, cluster } = session
  const streams: ObjectStream[] = []
  for (const [name, resource] of inventory.served) {
    // One that was recorded and cannot be read now is tried on, from where it stands.
    if (inventory.unread.has(name) && !saved.has(name)) continue
    streams.push(await streamOf(session, resource, saved, cursor.epoch))
  }
  const gone: ObjectStream[] = []
  for (const name of vanished(saved, inventory)) {
    gone.push(await streamOf(session, resourceNamed(name), saved, cursor.epoch))
  }
  // Of a group that discovery does not tell of at the moment: they go on from where they stand when it does.
  const parked = new Map(
    [...saved].filter(([name]) => !inventory.served.has(name) && inventory.unknownGroups.has(groupOf(name))),
  )
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
          gone,
          readHead: (now) => headOf(client, inventory.reference, now),
          async rediscover(watched) {
            const now = await takeInventory(client, limits, signal, new Set(watched.keys()))
            unread = now.unread
            const kept = [...watched].filter(([name]) => now.served.has(name) || now.unknownGroups.has(groupOf(name)))
            const fresh = now.readable.filter((resource) => !watched.has(resourceName(resource)))
            for (const resource of fresh) log(`${cluster.name}: ${resourceName(resource)} is recorded from now on`)
            const begun = await Promise.all(fresh.map((resource) => streamOf(session, resource, parked, cursor.epoch)))
            for (const resource of fresh) parked.delete(resourceName(resource))
            for (const [name, stream] of kept) stream.servedAs(now.served.get(name) ?? stream.resource)
            return { streams: [...kept.map(([, stream]) => stream), ...begun], head: now.head }
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
          saveFrontiers: (frontiers) =>
            session.writer.saveResourceCursors(
              cluster,
              cursor.epoch,
              session.ownership(),
              new Map([...parked, ...frontiers]),
            ),
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

/** Of one that is no longer served only the name is left. */
function resourceNamed(name: string): ApiResource {
  return { ...partsOf(name), version: '', kind: '', namespaced: false, shortNames: [] }
}

const groupOf = (name: string) => partsOf(name).group
