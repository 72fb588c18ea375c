import type { KeyEvent } from '../etcd'

/**
 * Gathers whole revisions between two transactions. A single put is written at once; what follows closely becomes one
 * transaction every few milliseconds, so that a stream of puts costs few fsyncs: each one stalls this process, and the
 * etcd beside it when they share a disk.
 */
export const batchLimits = {
  /** Changes in one transaction; the last revision may go over, since a revision is never split. */
  changes: 2_000,
  /** Bytes of keys and values in one transaction. */
  bytes: 8 * 1024 * 1024,
  /**
   * From the end of one transaction to the start of the next: longer by half a millisecond for each change that the
   * last one held, within bounds, unless `gatherBytes` wait before.
   */
  gatherLeastMs: 8,
  gatherMostMs: 40,
  gatherBytes: 256 * 1024,
  /** Deliveries that came further apart than this keep times of their own. */
  sameMomentMs: 250,
} as const

export interface Delivery {
  readonly events: readonly KeyEvent[]
  /** Everything up to here is delivered with these events. */
  readonly through: bigint
  readonly receivedAtMs: number
  readonly catchingUp: boolean
}

/** How long to gather after a transaction of so many changes: the busier etcd is, the fewer fsyncs disturb it. */
export function gatherMs(changes: number): number {
  return Math.min(batchLimits.gatherMostMs, batchLimits.gatherLeastMs + changes / 2)
}

/** Cuts a delivery into transactions at revision borders. Only the last piece reaches the delivery's `through`. */
export function* transactionsOf(delivery: Delivery): Generator<Delivery> {
  const { events } = delivery
  let start = 0
  let bytes = 0
  for (let i = 0; i < events.length; i++) {
    const event = events[i] as KeyEvent
    const atBorder = i > start && events[i - 1]?.modRevision !== event.modRevision
    if (atBorder && (i - start >= batchLimits.changes || bytes >= batchLimits.bytes)) {
      const through = (events[i - 1] as KeyEvent).modRevision
      yield { ...delivery, events: events.slice(start, i), through }
      start = i
      bytes = 0
    }
    bytes += event.key.byteLength + event.value.byteLength
  }
  yield start === 0 ? delivery : { ...delivery, events: events.slice(start) }
}

/** Joins deliveries that are of one kind, so that small live ones share a transaction; null when they may not. */
export function joined(a: Delivery, b: Delivery): Delivery | null {
  if (b.events.length === 0) return { ...a, through: b.through }
  if (a.events.length === 0) return b
  if (a.catchingUp !== b.catchingUp) return null
  if (!a.catchingUp && Math.abs(b.receivedAtMs - a.receivedAtMs) > batchLimits.sameMomentMs) return null
  if (a.events.length + b.events.length > batchLimits.changes) return null
  return { ...b, events: [...a.events, ...b.events] }
}
