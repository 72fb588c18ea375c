import type { KeyEvent } from './wire/keyValue'
import type { WatchResponse } from './wire/watch'

/** A run of whole revisions as it came in. */
export interface Run {
  readonly events: readonly KeyEvent[]
  /** What keeping it costs: the size of the messages it came in. */
  readonly bytes: number
}

/**
 * One watcher and the stretch of revisions it is to deliver, `[from, end)`, or everything from `from` on when it is the
 * live one. It turns responses into whole revisions: of an unfinished batch of fragments the last revision is held
 * back, and events outside the stretch or delivered before are dropped.
 *
 * `done` is only set on proof: an event at `end - 1` or beyond, or a progress response there. The header revision of
 * a response with events proves nothing, because a watcher that catches up is given the head's.
 */
export class WatchSegment {
  readonly watchId: bigint
  readonly from: bigint
  end: bigint | null
  done = false
  /** Set when the member has compacted what this stretch needs. */
  compactRevision: bigint | null = null
  /** Head when the watcher was created: later revisions were written while it watched. */
  createdAtHead: bigint | null = null
  /** Runs that wait for the stretches before this one. */
  held: Run[] = []
  heldBytes = 0
  /** Everything below was received as whole revisions. */
  next: bigint
  #unfinished: KeyEvent[] = []
  #unfinishedBytes = 0

  constructor(watchId: bigint, from: bigint, end: bigint | null) {
    this.watchId = watchId
    this.from = from
    this.end = end
    this.next = from
  }

  /** The whole revisions that this response completes; null when there are none. */
  accept(response: WatchResponse): Run | null {
    if (response.events.length === 0) {
      if (!response.fragment) this.#acceptProgress(response)
      return null
    }
    const pending = this.#unfinished
    const events = pending.length === 0 ? response.events : [...pending, ...response.events]
    const bytes = this.#unfinishedBytes + response.sizeBytes
    const wholeUpTo = response.fragment ? startOfLastRevision(events) : events.length
    this.#unfinished = wholeUpTo === events.length ? [] : events.slice(wholeUpTo)
    const share = wholeUpTo / events.length
    this.#unfinishedBytes = this.#unfinished.length === 0 ? 0 : Math.ceil(bytes * (1 - share))
    return this.#deliver(events, wholeUpTo, bytes * share)
  }

  hold(run: Run): void {
    this.held.push(run)
    this.heldBytes += run.bytes
  }

  /** Bytes that this segment keeps from the consumer: held runs and the unfinished revision. */
  get keptBytes(): number {
    return this.heldBytes + this.#unfinishedBytes
  }

  #deliver(events: readonly KeyEvent[], wholeUpTo: number, bytes: number): Run | null {
    const lastWhole = events[wholeUpTo - 1]
    if (!lastWhole) return null
    const first = lowerBound(events, wholeUpTo, this.next)
    const behind = this.end === null ? wholeUpTo : lowerBound(events, wholeUpTo, this.end)
    if (lastWhole.modRevision >= this.next) this.next = lastWhole.modRevision + 1n
    if (this.end !== null && this.next >= this.end) this.#finish(this.end)
    if (first >= behind) return null
    const wanted = first === 0 && behind === events.length ? events : events.slice(first, behind)
    return { events: wanted, bytes }
  }

  #acceptProgress(response: WatchResponse): void {
    // An unfinished batch contradicts a progress; then the batch's own end decides.
    if (this.#unfinished.length > 0) return
    if (response.header.revision >= this.next) this.next = response.header.revision + 1n
    if (this.end !== null && this.next >= this.end) this.#finish(this.end)
  }

  #finish(end: bigint): void {
    this.done = true
    this.next = end
    this.#unfinished = []
    this.#unfinishedBytes = 0
  }
}

/** Index of the first event of the newest revision in the list. */
function startOfLastRevision(events: readonly KeyEvent[]): number {
  const newest = events.at(-1)?.modRevision
  let index = events.length
  while (index > 0 && events[index - 1]?.modRevision === newest) index--
  return index
}

/** Index of the first of the first `count` events at or above the revision; events are in ascending order. */
function lowerBound(events: readonly KeyEvent[], count: number, revision: bigint): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >> 1
    const event = events[middle]
    if (event && event.modRevision < revision) low = middle + 1
    else high = middle
  }
  return low
}
