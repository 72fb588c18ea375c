import type { CollectorState } from '../contract'
import { sentenceOf } from '../core/errors'
import type { WatchItem } from '../etcd'

/**
 * What the collector says of itself: a state in one word, since when, the last error in one sentence, how far the
 * record reaches and how far it lags. Pure bookkeeping, no timers; `nowMs` is passed in.
 */

export interface CollectorView {
  readonly state: CollectorState
  readonly sinceMs: number
  readonly error: string | null
  readonly endpoint: string | null
  readonly storedRevision: bigint | null
  /** Age of the oldest revision that is not yet stored; 0 when there is none. Null before anything is known. */
  readonly lagMs: number | null
  readonly eventsPerSecond: number | null
}

export interface CollectorStatus {
  failed(error: unknown): void
  resyncing(pinned: bigint): void
  recordedThrough(revision: bigint): void
  connection(item: Extract<WatchItem, { kind: 'connection' }>): void
  durable(progress: { through: bigint; changes: number; lagMs: number; catchingUp: boolean }): void
  stopped(): void
  view(headRevision: bigint | null): CollectorView
}

/** Window of the shown rate. */
const rateWindowMs = 5_000
/** A back-fill is called live once the record is this close to the head. */
const liveWithinRevisions = 2n

export function createCollectorStatus(nowMs: () => number, onStateChange: () => void): CollectorStatus {
  let state: CollectorState = 'reconnecting'
  let sinceMs = nowMs()
  let error: string | null = null
  let endpoint: string | null = null
  let stored: bigint | null = null
  let lastLagMs = 0
  /** When the head was first seen above the record; null while the record is at the head. */
  let behindSinceMs: number | null = null
  let connected = false
  let recent: { atMs: number; changes: number }[] = []

  const enter = (next: CollectorState) => {
    if (next === state) return
    state = next
    sinceMs = nowMs()
    onStateChange()
  }

  return {
    failed(cause) {
      error = sentenceOf(cause)
      connected = false
      enter('reconnecting')
    },
    resyncing() {
      error = null
      enter('backfilling')
    },
    recordedThrough(revision) {
      stored = revision
    },
    connection(item) {
      endpoint = item.endpoint
      connected = item.state === 'open'
      if (item.state === 'open') {
        error = null
        if (state === 'reconnecting') enter('live')
      } else if (item.state === 'lost') {
        error = item.error === null ? 'The watch was closed' : sentenceOf(item.error)
        enter('reconnecting')
      }
    },
    durable(progress) {
      stored = progress.through
      lastLagMs = Math.max(0, progress.lagMs)
      const now = nowMs()
      recent.push({ atMs: now, changes: progress.changes })
      if (recent.length > 512 || (recent[0]?.atMs ?? now) < now - rateWindowMs) {
        recent = recent.filter((r) => r.atMs >= now - rateWindowMs)
      }
      if (connected) enter(progress.catchingUp ? 'backfilling' : 'live')
    },
    stopped() {
      connected = false
      enter('stopped')
    },
    view(head) {
      const now = nowMs()
      const behind = head !== null && stored !== null && head > stored
      if (!behind) behindSinceMs = null
      else behindSinceMs ??= now
      if (
        state === 'backfilling' &&
        connected &&
        head !== null &&
        stored !== null &&
        head - stored <= liveWithinRevisions
      ) {
        enter('live')
      }
      const windowed = recent.filter((r) => r.atMs >= now - rateWindowMs)
      return {
        state,
        sinceMs,
        error,
        endpoint,
        storedRevision: stored,
        lagMs: stored === null ? null : behindSinceMs === null ? lastLagMs : now - behindSinceMs,
        eventsPerSecond: windowed.reduce((n, r) => n + r.changes, 0) / (rateWindowMs / 1000),
      }
    },
  }
}
