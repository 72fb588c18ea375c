import type { ChangedFrame, StreamTopic } from '../contract'

/** What one client is told. `id` is the cursor to resume from: everything up to it has been told. */
export type Frame =
  | { readonly event: 'changed'; readonly id: number; readonly data: ChangedFrame }
  | { readonly event: 'resync'; readonly id: number; readonly data: { readonly reason: string } }

/** A movement of one topic of one cluster, at its place in the sequence of all movements. */
export interface Movement extends ChangedFrame {
  readonly seq: number
}

/** A topic is told at once and then at most this often: a screen repaints no faster. */
const spacingMs: Readonly<Record<StreamTopic, number>> = {
  changes: 100,
  members: 500,
  leader: 500,
  metrics: 500,
  state: 500,
  alerts: 250,
  workloads: 200,
}
/** A client that takes nothing for this long while something waits is gone or hopelessly behind. */
export const stalledAfterMs = 15_000
/** One frame a cluster and topic is all that ever waits; this bounds it also for a thousand clusters. */
export const waitingLimit = 256

interface Waiting {
  readonly frame: ChangedFrame
  /** Everything of this topic up to here has been told. */
  readonly toldThrough: number
}

/**
 * One client's waiting frames. There is at most one a cluster and topic, the newest, so a slow client costs a bounded
 * amount of memory and, when it reads again, gets the present and not the past.
 */
export class Subscription {
  readonly #cluster: string | null
  readonly #leave: (self: Subscription) => void
  readonly #waiting = new Map<string, Waiting>()
  readonly #toldAtMs = new Map<string, number>()
  #seenThrough: number
  #told: number
  #resync: string | null = null
  #ended = false
  #takenAtMs: number
  #wake: (() => void) | null = null

  constructor(options: {
    cluster: string | null
    seenThrough: number
    nowMs: number
    leave: (self: Subscription) => void
  }) {
    this.#cluster = options.cluster
    this.#leave = options.leave
    this.#seenThrough = options.seenThrough
    this.#told = options.seenThrough
    this.#takenAtMs = options.nowMs
  }

  /** Takes what moved since the last offer; what this client does not watch moves its cursor only. */
  offer(movements: readonly Movement[]): void {
    if (this.#ended) return
    const toldThrough = this.#seenThrough
    for (const { topic, cluster, cursor, seq } of movements) {
      if (seq <= toldThrough) continue
      this.#seenThrough = Math.max(this.#seenThrough, seq)
      if (this.#cluster !== null && cluster !== this.#cluster) continue
      const key = `${cluster} ${topic}`
      const earlier = this.#waiting.get(key)
      this.#waiting.set(key, { frame: { topic, cluster, cursor }, toldThrough: earlier?.toldThrough ?? toldThrough })
    }
    if (this.#waiting.size > waitingLimit) this.resync('Too much changed at once.')
  }

  /** Everything the client shows may be old. */
  resync(reason: string): void {
    this.#waiting.clear()
    this.#resync = reason
    this.#wake?.()
  }

  /** Lets frames out whose time has come, and gives up on a client that takes none. */
  tick(nowMs: number): void {
    if (this.#waiting.size === 0) return
    if (this.#wake) {
      if (this.#due(nowMs).length > 0) this.#wake()
    } else if (nowMs - this.#takenAtMs > stalledAfterMs) {
      this.resync('The connection was too slow to follow.')
      this.close()
    }
  }

  /** Frames to send now: waits for them as long as `wait` lets it. Null once the subscription is over. */
  async take(nowMs: () => number, wait: (woken: Promise<void>) => Promise<void>): Promise<Frame[] | null> {
    if (!this.#ended && this.#resync === null && this.#due(nowMs()).length === 0) {
      await wait(
        new Promise((resolve) => {
          this.#wake = resolve
        }),
      )
      this.#wake = null
    }
    this.#takenAtMs = nowMs()
    if (this.#resync !== null) return this.#takeResync(this.#resync)
    return this.#ended ? null : this.#takeDue(nowMs())
  }

  /** Idempotent. A resync that was announced is still handed out. */
  close(): void {
    this.#ended = true
    this.#waiting.clear()
    this.#wake?.()
    this.#leave(this)
  }

  #takeResync(reason: string): Frame[] {
    this.#resync = null
    this.#told = this.#seenThrough
    return [{ event: 'resync', id: this.#told, data: { reason } }]
  }

  #takeDue(nowMs: number): Frame[] {
    const due = this.#due(nowMs)
    for (const [key] of due) {
      this.#waiting.delete(key)
      this.#toldAtMs.set(key, nowMs)
    }
    // A connection may be cut between two frames: only the last one says that all of them were told.
    const before = this.#told
    this.#told = Math.min(this.#seenThrough, ...[...this.#waiting.values()].map((w) => w.toldThrough))
    return due.map(([, { frame }], i) => ({
      event: 'changed',
      id: i === due.length - 1 ? this.#told : before,
      data: frame,
    }))
  }

  #due(nowMs: number): [string, Waiting][] {
    return [...this.#waiting].filter(
      ([key, { frame }]) => nowMs - (this.#toldAtMs.get(key) ?? Number.NEGATIVE_INFINITY) >= spacingMs[frame.topic],
    )
  }
}
