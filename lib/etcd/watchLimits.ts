/** Bounds of one watch session. */
export interface WatchLimits {
  /** Delivered and not yet taken by the consumer; above either the stream is paused, and goes on at half. */
  readonly queueBytes: number
  readonly queueEvents: number
  /** Kept while a stretch before is still missing. */
  readonly reorderBytes: number
  /** What one watcher takes while far behind: etcd's own batch, so that one round completes it. */
  readonly segmentRevisions: bigint
  /** Watchers at once while catching up. */
  readonly maxWatchers: number
  /** Watchers before the size of a revision is known. */
  readonly firstWatchers: number
  /** Distance to the head above which staggered watchers pay off. */
  readonly staggerAboveRevisions: bigint
  /** Distance at which a live watcher is given up for staggered ones. */
  readonly relapseRevisions: bigint
  /** Silence while the other members are ahead, after which the watch is questioned. */
  readonly stallMs: number
}

export const defaultWatchLimits: WatchLimits = {
  queueBytes: 16 * 1024 * 1024,
  queueEvents: 50_000,
  reorderBytes: 64 * 1024 * 1024,
  segmentRevisions: 1_000n,
  maxWatchers: 32,
  firstWatchers: 8,
  staggerAboveRevisions: 2_000n,
  relapseRevisions: 10_000n,
  stallMs: 5_000,
}
