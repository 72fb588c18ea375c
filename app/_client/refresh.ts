import type { ChangedFrame, StreamTopic } from '../../lib/contract'

/**
 * Decides which queries to refetch when `changed` frames come in. Pure: the stream hook feeds it and carries it out.
 *
 * A query belongs to the topic and cluster at the head of its key, `[topic, cluster, …]`; cluster `*` means all. More
 * topics stand in `meta.topics`. `meta.everyMs` bounds how often a costly query may run, however busy etcd is.
 */

declare module '@tanstack/react-query' {
  interface Register {
    queryMeta: { readonly topics?: readonly StreamTopic[]; readonly everyMs?: number }
  }
}

/** Cancelling a request for the next one would starve a slow answer under steady load, so it is looked at again. */
const RECHECK_MS = 30

export interface WatchedQuery {
  readonly key: readonly unknown[]
  readonly topics: readonly StreamTopic[]
  readonly everyMs: number
  readonly updatedAtMs: number
  /** A request is under way. It may have read before the change: the query waits for its end and asks again. */
  readonly fetching: boolean
}

export interface RefreshPlan<Q> {
  readonly now: readonly Q[]
  /** Milliseconds until the first of the postponed ones may run; null when nothing waits. */
  readonly laterMs: number | null
  /** Frames that postponed queries still wait for. */
  readonly waiting: readonly ChangedFrame[]
}

/** Frames of one topic and cluster say the same thing: the newest stands for all. */
export function mergeFrames(frames: readonly ChangedFrame[]): readonly ChangedFrame[] {
  const newest = new Map<string, ChangedFrame>()
  for (const frame of frames) newest.set(`${frame.topic}\n${frame.cluster}`, frame)
  return [...newest.values()]
}

export function concerns(frame: ChangedFrame, query: Pick<WatchedQuery, 'key' | 'topics'>): boolean {
  const [topic, cluster] = query.key
  if (cluster !== '*' && cluster !== frame.cluster) return false
  return topic === frame.topic || query.topics.includes(frame.topic)
}

export function planRefresh<Q extends WatchedQuery>(
  frames: readonly ChangedFrame[],
  queries: readonly Q[],
  nowMs: number,
): RefreshPlan<Q> {
  const now: Q[] = []
  const waiting = new Set<ChangedFrame>()
  let laterMs: number | null = null
  for (const query of queries) {
    const cause = frames.find((frame) => concerns(frame, query))
    if (cause === undefined) continue
    const waitMs = query.fetching ? RECHECK_MS : query.updatedAtMs + query.everyMs - nowMs
    if (waitMs <= 0) {
      now.push(query)
      continue
    }
    waiting.add(cause)
    laterMs = laterMs === null ? waitMs : Math.min(laterMs, waitMs)
  }
  return { now, laterMs, waiting: [...waiting] }
}
