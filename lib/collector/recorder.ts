import type { KeyEvent, WatchItem } from '../etcd'
import type { Describer } from '../kubernetes'
import type { ClusterRef, Cursor, Ownership, RecordWriter } from '../store'
import { describeEvents } from './describeEvents'
import { batchLimits, type Delivery, gatherMs, joined, transactionsOf } from './eventBatch'
import { createInbox } from './inbox'

/**
 * Carries one watch session into the record: deliveries become transactions in order, each moving changes and cursor
 * together. Invariant: what `onDurable` reports is on disk.
 */

export interface RecorderContext {
  readonly writer: RecordWriter
  readonly describer: Describer
  readonly cluster: ClusterRef
  readonly ownership: () => Ownership
  readonly onDurable: (progress: { through: bigint; changes: number; lagMs: number; catchingUp: boolean }) => void
  readonly onConnection: (item: Extract<WatchItem, { kind: 'connection' }>) => void
  readonly nowMs: () => number
}

/** What only streams tell that are not one etcd's: changes below what is stored, and holes in between. */
export type AsideItem =
  | { readonly kind: 'late'; readonly events: readonly KeyEvent[]; readonly receivedAtMs: number }
  | { readonly kind: 'gap'; readonly fromRevision: bigint; readonly toRevision: bigint; readonly reason: string }
  /** Called when everything before it is on disk. */
  | { readonly kind: 'after'; readonly run: () => Promise<void> }

export type SessionItem = WatchItem | AsideItem

/** Why a session ended by itself; null when the signal ended it. */
export type SessionEnd = Extract<WatchItem, { kind: 'compacted' | 'restored' }> | null

/** Room for what arrives during one transaction; beyond it the stream is paused. */
const inboxLimitBytes = 2 * batchLimits.bytes

/** Records until the session ends. Rejects when the session or the store fails for good. */
export async function recordSession(
  openSession: (signal: AbortSignal) => AsyncIterable<SessionItem>,
  signal: AbortSignal,
  cursor: Cursor,
  context: RecorderContext,
): Promise<SessionEnd> {
  const inbox = createInbox<SessionItem>(inboxLimitBytes)
  const own = new AbortController()
  const session = openSession(AbortSignal.any([signal, own.signal]))
  const pump = (async () => {
    try {
      for await (const item of session) await inbox.put(item, weightOf(item))
      inbox.end()
    } catch (error) {
      inbox.end(error)
    }
  })()

  let end: SessionEnd = null
  let lastAtMs = cursor.lastAtMs
  let through = cursor.revision
  try {
    for (;;) {
      const items = await inbox.take()
      if (items === null) break
      let written = 0
      for (const item of deliveriesOf(items)) {
        if ('kind' in item) {
          if (item.kind === 'connection') context.onConnection(item)
          else if (item.kind === 'compacted' || item.kind === 'restored') end = item
          else await takeAside(item, through, { ...context, epoch: cursor.epoch })
        } else {
          for (const transaction of transactionsOf(item)) {
            if (transaction.through <= through) continue
            lastAtMs = await write(transaction, lastAtMs, cursor.epoch, context)
            through = transaction.through
            written += transaction.events.length
          }
        }
      }
      await inbox.gather(gatherMs(written), batchLimits.gatherBytes)
    }
  } finally {
    // A failing store must also end the session, or its pump would wait for room forever.
    own.abort()
    inbox.close()
    await pump
  }
  return end
}

type Other = Exclude<SessionItem, { kind: 'events' | 'progress' }>

/** A late change takes its own place below the cursor: see `appendResync`, which leaves alone what is there. */
async function takeAside(item: AsideItem, through: bigint, context: RecorderContext & { epoch: number }) {
  const { writer, cluster, epoch } = context
  if (item.kind === 'after') return item.run()
  if (item.kind === 'late') {
    const timing = { receivedAtMs: item.receivedAtMs, lastAtMs: null, catchingUp: true }
    const changes = await describeEvents(item.events, timing, context)
    await writer.appendResync({ cluster, epoch, ownership: context.ownership(), changes })
    return
  }
  const { fromRevision, toRevision, reason } = item
  const gap = { fromRevision, toRevision, reason, atMs: context.nowMs() }
  await writer.finishResync(cluster, epoch, context.ownership(), { through, gap })
}

/** Deliveries in order, neighbours joined; a progress is a delivery without events. */
function* deliveriesOf(items: readonly SessionItem[]): Generator<Delivery | Other> {
  let waiting: Delivery | null = null
  for (const item of items) {
    if (item.kind !== 'events' && item.kind !== 'progress') {
      if (waiting !== null) yield waiting
      waiting = null
      yield item
      continue
    }
    const delivery: Delivery =
      item.kind === 'events'
        ? { events: item.events, through: item.through, receivedAtMs: item.receivedAtMs, catchingUp: item.catchingUp }
        : { events: [], through: item.through, receivedAtMs: 0, catchingUp: false }
    const both: Delivery | null = waiting === null ? delivery : joined(waiting, delivery)
    if (both === null && waiting !== null) yield waiting
    waiting = both ?? delivery
  }
  if (waiting !== null) yield waiting
}

async function write(
  delivery: Delivery,
  lastAtMs: number | null,
  epoch: number,
  context: RecorderContext,
): Promise<number | null> {
  const { writer, cluster } = context
  const changes = await describeEvents(delivery.events, { ...delivery, lastAtMs }, { ...context, epoch })
  await writer.append({ cluster, epoch, ownership: context.ownership(), changes, through: delivery.through })
  context.onDurable({
    through: delivery.through,
    changes: changes.length,
    lagMs: changes.length === 0 ? 0 : context.nowMs() - delivery.receivedAtMs,
    catchingUp: delivery.catchingUp,
  })
  return changes.at(-1)?.atMs ?? lastAtMs
}

function weightOf(item: SessionItem): number {
  if (item.kind !== 'events' && item.kind !== 'late') return 1
  return item.events.reduce((bytes: number, e: KeyEvent) => bytes + e.key.byteLength + e.value.byteLength, 0)
}
