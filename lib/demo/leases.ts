import type { Clock } from '../core/clock'

export interface RenewedLease {
  /** Undefined until the first one is granted. */
  current(): string | undefined
}

/**
 * A lease that many keys share, replaced by a new one now and then, as the apiserver does for Events: when an old one
 * ends, etcd deletes all its keys in one revision.
 */
export function keepLease(options: {
  grant: (ttlSeconds: number) => Promise<string>
  ttlSeconds: number
  renewMs: number
  clock: Clock
  signal: AbortSignal
}): RenewedLease {
  const { clock, signal } = options
  let current: string | undefined
  void (async () => {
    while (!signal.aborted) {
      try {
        current = await options.grant(options.ttlSeconds)
        await clock.sleep(options.renewMs, signal)
      } catch {
        await clock.sleep(1000, signal) // no leader at the moment: the old lease does for another second
      }
    }
  })()
  return { current: () => current }
}
