import { type Clock, systemClock } from '../core/clock'

/**
 * A bounded hand-over between the watch session and the transaction loop: while one transaction runs, deliveries
 * gather here, and `put` waits once the bound is reached, which pauses the stream. Order is kept; nothing is dropped.
 */
export interface Inbox<T> {
  /** Resolves once there is room for more. */
  put(item: T, weight: number): Promise<void>
  /** No more items; `take` answers what is left, then null. A cause makes `take` reject after the rest. */
  end(cause?: unknown): void
  /** Resolves after `ms`, or sooner: once `enough` weight waits, or nothing more will come. */
  gather(ms: number, enough: number): Promise<void>
  /** Everything that waits, at least one item; null at the end. */
  take(): Promise<T[] | null>
  /** The taker gave up: what waits is dropped and `put` no longer waits. */
  close(): void
}

export function createInbox<T>(limitWeight: number, clock: Clock = systemClock): Inbox<T> {
  let items: T[] = []
  let weight = 0
  let ended: { cause: unknown } | null = null
  let wakeTaker: (() => void) | null = null
  let gathering: { enough: number; stop: AbortController } | null = null
  let wakePutters: (() => void)[] = []
  let closed = false

  const letPuttersGo = () => {
    const waiting = wakePutters
    wakePutters = []
    for (const wake of waiting) wake()
  }

  return {
    async put(item, itemWeight) {
      if (closed) return
      items.push(item)
      weight += itemWeight
      wakeTaker?.()
      if (gathering !== null && weight >= gathering.enough) gathering.stop.abort()
      if (weight >= limitWeight) await new Promise<void>((resolve) => wakePutters.push(resolve))
    },
    end(cause) {
      ended = { cause }
      wakeTaker?.()
      gathering?.stop.abort()
    },
    async gather(ms, enough) {
      if (ms <= 0 || weight >= enough || ended !== null || closed) return
      const stop = new AbortController()
      gathering = { enough: Math.min(enough, limitWeight), stop }
      await clock.sleep(ms, stop.signal)
      gathering = null
    },
    async take() {
      while (items.length === 0) {
        if (ended !== null) {
          if (ended.cause !== undefined) throw ended.cause
          return null
        }
        await new Promise<void>((resolve) => {
          wakeTaker = resolve
        })
        wakeTaker = null
      }
      const taken = items
      items = []
      weight = 0
      letPuttersGo()
      return taken
    },
    close() {
      closed = true
      items = []
      letPuttersGo()
    },
  }
}
