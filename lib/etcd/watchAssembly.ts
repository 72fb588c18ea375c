import { maxBigInt } from '../core/int64'
import type { WatchLimits } from './watchLimits'
import { type Run, WatchSegment } from './watchSegment'
import { wholeKeyspace } from './wholeKeyspace'
import type { WatchRequest, WatchResponse } from './wire/watch'

/**
 * Puts the watchers of one stream together into one ordered delivery. etcd gives a watcher that is behind at most
 * 1,000 revisions per round of about 100 ms, so while far behind, many short watchers run at staggered revisions, each
 * for its own stretch; a reorder buffer releases them strictly in order, and the last, open-ended one is the live
 * watcher. Pure: responses in, requests and deliveries out; no time, no network.
 *
 * Invariants: the stretches touch without hole or overlap; a run is released only when everything before it was;
 * what is kept for reordering stays below `reorderBytes`, plus what the foremost watcher alone makes necessary.
 */

export interface AssemblyOutput {
  send(request: WatchRequest): void
  /** Whole revisions in order; `liveFrom`: revisions at or above were written while we watched, null: none of them. */
  deliver(run: Run, liveFrom: bigint | null): void
  progress(through: bigint): void
  compacted(compactRevision: bigint): void
  /** The member refuses a watcher for another reason. */
  refused(reason: string): void
}

export class WatchAssembly {
  readonly #limits: WatchLimits
  readonly #out: AssemblyOutput
  /** Ascending, touching; the first is the one whose runs go straight out. */
  #segments: WatchSegment[] = []
  #byId = new Map<bigint, WatchSegment>()
  #nextWatchId = 1n
  #head = 0n
  /** Start of the next stretch. */
  #frontier: bigint
  #width: number
  #meanRevisionBytes: number | null = null
  #ended = false

  constructor(afterRevision: bigint, limits: WatchLimits, out: AssemblyOutput) {
    this.#frontier = afterRevision + 1n
    this.#limits = limits
    this.#out = out
    this.#width = limits.firstWatchers
  }

  start(headRevision: bigint): void {
    this.#head = headRevision
    this.#openSegments()
  }

  /** Everything up to here was released to `deliver`. */
  get through(): bigint {
    return (this.#segments[0]?.next ?? this.#frontier) - 1n
  }

  /** True once the live watcher alone is left. */
  get isLive(): boolean {
    return this.#segments.length === 1 && this.#segments[0]?.end === null
  }

  /** Bytes kept for reordering. */
  get keptBytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.keptBytes, 0)
  }

  accept(response: WatchResponse): void {
    if (this.#ended) return
    this.#head = maxBigInt(this.#head, response.header.revision)
    const segment = this.#byId.get(response.watchId) ?? this.#addressedToAll(response)
    if (response.canceled) this.#acceptCanceled(response, segment)
    else if (!segment) return
    else if (response.created) segment.createdAtHead = response.header.revision
    else this.#acceptData(response, segment)
    if (this.#ended) return
    this.#releaseInOrder()
    this.#shedBeyondLimit()
    this.#openSegments()
  }

  /** A progress on request names no watcher (-1): it speaks of the live one when that is alone on the stream. */
  #addressedToAll(response: WatchResponse): WatchSegment | undefined {
    const isProgress = response.events.length === 0 && !response.created && !response.canceled
    return isProgress && response.watchId === -1n && this.isLive ? this.#segments[0] : undefined
  }

  #acceptCanceled(response: WatchResponse, segment: WatchSegment | undefined): void {
    if (segment && response.compactRevision > 0n) {
      segment.compactRevision = response.compactRevision
      this.#byId.delete(segment.watchId)
    } else if (segment || response.watchId === -1n) {
      this.#ended = true
      this.#out.refused(response.cancelReason)
    }
  }

  #acceptData(response: WatchResponse, segment: WatchSegment): void {
    const before = segment.next
    const run = segment.accept(response)
    if (segment.done) this.#cancel(segment)
    if (run) {
      this.#learnSize(run)
      if (segment === this.#segments[0]) this.#deliver(run, segment)
      else segment.hold(run)
    } else if (segment === this.#segments[0] && segment.end === null && segment.next > before) {
      this.#out.progress(segment.next - 1n)
    }
    this.#staggerAgainWhenFarBehind(segment, response)
  }

  /** A live watcher that fell far behind (the consumer was slow) catches up sooner as a row of short ones. */
  #staggerAgainWhenFarBehind(segment: WatchSegment, response: WatchResponse): void {
    if (segment.end !== null || response.events.length === 0) return
    if (response.header.revision - segment.next < this.#limits.relapseRevisions) return
    segment.end = segment.next
    segment.done = true
    this.#frontier = segment.next
    this.#cancel(segment)
  }

  #deliver(run: Run, segment: WatchSegment): void {
    const liveFrom = segment.end === null && segment.createdAtHead !== null ? segment.createdAtHead + 1n : null
    this.#out.deliver(run, liveFrom)
  }

  #releaseInOrder(): void {
    for (let first = this.#segments[0]; first; first = this.#segments[0]) {
      for (const run of first.held) this.#deliver(run, first)
      first.held = []
      first.heldBytes = 0
      if (first.compactRevision !== null) {
        this.#ended = true
        this.#out.compacted(first.compactRevision)
        return
      }
      if (!first.done) return
      this.#segments.shift()
    }
  }

  /** The newest stretches are given up and asked for again later: the foremost one must always be able to go on. */
  #shedBeyondLimit(): void {
    let kept = this.keptBytes
    while (kept > this.#limits.reorderBytes && this.#segments.length > 1) {
      const last = this.#segments.pop()
      if (!last) return
      kept -= last.keptBytes
      if (!last.done) this.#cancel(last)
      this.#frontier = last.from
      this.#width = Math.max(1, Math.min(this.#width - 1, this.#segments.length))
    }
  }

  #openSegments(): void {
    const { segmentRevisions, staggerAboveRevisions } = this.#limits
    while (this.#segments.length < this.#width && this.#segments.at(-1)?.end !== null) {
      const from = this.#frontier
      const farBehind = this.#head - from + 1n > staggerAboveRevisions
      this.#open(from, farBehind ? from + segmentRevisions : null)
    }
  }

  #open(from: bigint, end: bigint | null): void {
    const watchId = this.#nextWatchId++
    const segment = new WatchSegment(watchId, from, end)
    this.#segments.push(segment)
    this.#byId.set(watchId, segment)
    if (end !== null) this.#frontier = end
    const progressNotify = end === null
    this.#out.send({
      create: { ...wholeKeyspace, startRevision: from, progressNotify, fragment: true, watchId },
    })
  }

  #cancel(segment: WatchSegment): void {
    if (this.#byId.delete(segment.watchId)) this.#out.send({ cancel: segment.watchId })
  }

  /** As many watchers as fit into half of the reorder buffer when each brings a full stretch. */
  #learnSize(run: Run): void {
    const first = run.events[0]
    const last = run.events.at(-1)
    if (!first || !last) return
    const revisions = Number(last.modRevision - first.modRevision) + 1
    const mean = run.bytes / revisions
    this.#meanRevisionBytes = this.#meanRevisionBytes === null ? mean : this.#meanRevisionBytes * 0.8 + mean * 0.2
    const stretchBytes = this.#meanRevisionBytes * Number(this.#limits.segmentRevisions)
    const fitting = Math.floor(this.#limits.reorderBytes / 2 / Math.max(1, stretchBytes))
    this.#width = Math.max(1, Math.min(fitting, this.#width * 2, this.#limits.maxWatchers))
  }
}
