import { type Clock, systemClock } from '../core/clock'
import type { RecordReader } from '../store/store'
import { type Movement, Subscription } from './subscription'

export interface LiveOptions {
  readonly clock?: Clock
  readonly pollMs?: number
}

/** Half of this is the mean delay that the hub adds between a commit and a frame. */
const pollEveryMs = 20
/** A database that cannot be read is asked less often. */
const retryAfterMs = 1_000

/**
 * Tells subscribers what moved in the record, whichever process wrote it. One poller for all of them, of a number that
 * costs no table read; it starts with the first subscriber and stops with the last.
 */
export class LiveHub {
  readonly #reader: Pick<RecordReader, 'version' | 'pulses'>
  readonly #clock: Clock
  readonly #pollMs: number
  readonly #subscriptions = new Set<Subscription>()
  #version: number | null = null
  #stop: AbortController | null = null
  #closed = false

  constructor(reader: Pick<RecordReader, 'version' | 'pulses'>, options: LiveOptions = {}) {
    this.#reader = reader
    this.#clock = options.clock ?? systemClock
    this.#pollMs = options.pollMs ?? pollEveryMs
  }

  get subscribers(): number {
    return this.#subscriptions.size
  }

  /**
   * Rejects when the record cannot be read, so that a stream is opened only once it can be served. With `lastEventId`
   * everything that moved since is offered at once; one that this record has not handed out leads to a resync.
   */
  async subscribe(options: { cluster: string | null; lastEventId: string | null }): Promise<Subscription> {
    const movements = await this.#reader.pulses()
    const newest = movements.reduce((max, { seq }) => Math.max(max, seq), 0)
    const asked = options.lastEventId
    const resumable = asked !== null && /^\d{1,15}$/.test(asked) && Number(asked) <= newest
    const subscription = new Subscription({
      cluster: options.cluster,
      seenThrough: resumable ? Number(asked) : newest,
      nowMs: this.#clock.nowMs(),
      leave: (self) => this.#leave(self),
    })
    subscription.offer(movements)
    if (asked !== null && !resumable) subscription.resync('This cursor is not of this record.')
    if (this.#closed) {
      subscription.close()
      return subscription
    }
    this.#subscriptions.add(subscription)
    // The poller may have read a newer state than `movements` before this client was in the set: look again.
    this.#version = null
    this.#start()
    return subscription
  }

  /** Ends every subscription. Idempotent. */
  close(): void {
    this.#closed = true
    for (const subscription of [...this.#subscriptions]) subscription.close()
  }

  #leave(subscription: Subscription): void {
    this.#subscriptions.delete(subscription)
    if (this.#subscriptions.size > 0) return
    this.#stop?.abort()
    this.#stop = null
  }

  #start(): void {
    if (this.#stop) return
    this.#stop = new AbortController()
    void this.#poll(this.#stop.signal)
  }

  async #poll(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const read = await this.#look()
      const nowMs = this.#clock.nowMs()
      for (const subscription of [...this.#subscriptions]) subscription.tick(nowMs)
      await this.#clock.sleep(read ? this.#pollMs : retryAfterMs, signal)
    }
  }

  /** False when the record could not be read; the next look then starts afresh, so nothing is missed. */
  async #look(): Promise<boolean> {
    try {
      const version = this.#reader.version()
      if (version === this.#version) return true
      const movements: readonly Movement[] = await this.#reader.pulses()
      this.#version = version
      for (const subscription of [...this.#subscriptions]) subscription.offer(movements)
      return true
    } catch {
      // Readiness and every query report the same fault with its sentence; streams only wait for its end.
      this.#version = null
      return false
    }
  }
}
