import { maxBigInt } from '../core/int64'
import type { ApiLimits } from './limits'

/**
 * Puts the streams of many resources into the one order of their revisions. Each stream is in order by itself, and
 * says how far it is complete (its frontier: what it has told, and bookmarks).
 *
 * A revision goes on when nothing below it is missing: because every revision below was seen (etcd counts them without
 * holes, one object each), or because every stream's frontier is past the hole. Holes are also what no stream ever
 * tells: the apiserver's own leases, resources that may not be read. So a hole holds up what is above it only until the
 * streams that are not past it have been silent for a while; what then still arrives below is late, and the record
 * takes it at its own place.
 *
 * Invariant: `take` gives whole revisions in ascending order, and every pushed event exactly once, here or as late.
 */
export type MergerLimits = Pick<ApiLimits, 'holdMs' | 'holdUnopenedMs' | 'settleMs' | 'heldBytes'>

export interface Mergeable {
  readonly modRevision: bigint
  readonly type: 'put' | 'delete'
}

export interface Taken<E> {
  /** Below what was taken before. */
  readonly late: readonly E[]
  /** Ascending, all above what was taken before. */
  readonly events: readonly E[]
  /** Everything up to here was given, or is not told by any stream. */
  readonly through: bigint
  /** When to ask again although nothing arrives; null when only an arrival can help. */
  readonly wakeAtMs: number | null
}

interface Stream {
  frontier: bigint
  /** When it last told anything. */
  heardMs: number
  /** Since when it is not open; null while it is. */
  unopenedMs: number | null
}

interface Held<E> {
  readonly revision: bigint
  readonly stream: string
  readonly arrivedMs: number
  readonly events: { readonly event: E; readonly bytes: number }[]
  hasPut: boolean
}

export class RevisionMerger<E extends Mergeable> {
  readonly #limits: MergerLimits
  readonly #streams = new Map<string, Stream>()
  /** Ascending by revision from `#first` on. */
  #held: Held<E>[] = []
  #first = 0
  #bytes = 0
  #late: E[] = []
  #through: bigint

  constructor(through: bigint, limits: MergerLimits) {
    this.#through = through
    this.#limits = limits
  }

  get heldBytes(): number {
    return this.#bytes
  }

  get isFull(): boolean {
    return this.#bytes >= this.#limits.heldBytes
  }

  addStream(stream: string, frontier: bigint, nowMs: number): void {
    this.#streams.set(stream, { frontier, heardMs: nowMs, unopenedMs: nowMs })
  }

  removeStream(stream: string): void {
    this.#streams.delete(stream)
  }

  setOpen(stream: string, open: boolean, nowMs: number): void {
    const known = this.#streams.get(stream)
    if (known !== undefined) known.unopenedMs = open ? null : (known.unopenedMs ?? nowMs)
  }

  push(stream: string, event: E, bytes: number, nowMs: number): void {
    const revision = event.modRevision
    this.#hear(stream, nowMs)
    if (revision <= this.#through) {
      this.#late.push(event)
      return
    }
    this.#bytes += bytes
    const at = this.#placeOf(revision)
    const there = this.#held[at]
    if (there?.revision === revision) {
      there.events.push({ event, bytes })
      there.hasPut ||= event.type === 'put'
      return
    }
    const held = { revision, stream, arrivedMs: nowMs, events: [{ event, bytes }], hasPut: event.type === 'put' }
    this.#held.splice(at, 0, held)
  }

  /** The stream has told everything up to `revision`. */
  advance(stream: string, revision: bigint, nowMs: number): void {
    const known = this.#streams.get(stream)
    if (known !== undefined) known.frontier = maxBigInt(known.frontier, revision)
    this.#hear(stream, nowMs)
  }

  take(nowMs: number): Taken<E> {
    const late = this.#late
    this.#late = []
    const proven = this.#proven()
    const events: E[] = []
    let wakeAtMs: number | null = null
    for (;;) {
      const next = this.#held[this.#first]
      if (next === undefined) break
      const dueMs = this.#dueMs(next, proven, nowMs)
      if (nowMs < dueMs && !this.isFull) {
        wakeAtMs = dueMs
        break
      }
      for (const { event, bytes } of next.events) {
        events.push(event)
        this.#bytes -= bytes
      }
      this.#through = next.revision
      this.#first++
    }
    this.#compact()
    const next = this.#held[this.#first]
    const reachable = next === undefined || proven < next.revision ? proven : next.revision - 1n
    this.#through = maxBigInt(this.#through, reachable)
    return { late, events, through: this.#through, wakeAtMs }
  }

  /** When it may go on: in the past when nothing keeps it. */
  #dueMs(next: Held<E>, proven: bigint, nowMs: number): number {
    if (proven >= next.revision) return next.arrivedMs
    if (next.revision > this.#through + 1n && proven < next.revision - 1n) return this.#afterHoleMs(next, nowMs)
    const whole = next.hasPut || (this.#streams.get(next.stream)?.frontier ?? 0n) >= next.revision
    return next.arrivedMs + (whole ? 0 : this.#limits.settleMs)
  }

  /** A stream that is behind but tells something is waited for; one that is silent, or stays away, only for so long. */
  #afterHoleMs({ revision, arrivedMs }: Held<E>, nowMs: number): number {
    const { holdMs, holdUnopenedMs } = this.#limits
    let dueMs = arrivedMs
    for (const { frontier, heardMs, unopenedMs } of this.#streams.values()) {
      if (frontier >= revision - 1n) continue
      const opening = unopenedMs !== null && nowMs - unopenedMs < holdUnopenedMs
      dueMs = Math.max(dueMs, Math.max(arrivedMs, heardMs) + (opening ? holdUnopenedMs : holdMs))
    }
    return dueMs
  }

  #hear(stream: string, nowMs: number): void {
    const known = this.#streams.get(stream)
    if (known !== undefined) known.heardMs = nowMs
  }

  #proven(): bigint {
    let least: bigint | null = null
    for (const { frontier } of this.#streams.values()) if (least === null || frontier < least) least = frontier
    return least ?? this.#through
  }

  /** Index of the first entry at or above the revision; most arrive near the end. */
  #placeOf(revision: bigint): number {
    let low = this.#first
    let high = this.#held.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#held[middle] as Held<E>).revision < revision) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Removing one by one from the front would be quadratic. */
  #compact(): void {
    if (this.#first < 1_024 && this.#first < this.#held.length) return
    this.#held = this.#held.slice(this.#first)
    this.#first = 0
  }
}
