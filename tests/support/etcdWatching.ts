import type { ClusterSettings } from '../../lib/config/settings'
import { systemClock } from '../../lib/core/clock'
import { type KeyEvent, type WatchItem, type WatchLimits, watchKeyspace } from '../../lib/etcd'
import type { WitnessEvent } from './etcdOracle'
import { until } from './until'

/** A watch session that gathers everything it is told. */
export interface Watching {
  readonly items: readonly WatchItem[]
  readonly events: readonly KeyEvent[]
  /** Null while it runs. */
  readonly ended: { readonly error: unknown } | null
  /** Resolves once this revision was delivered; rejects when the session ends before. */
  through(revision: bigint, deadlineMs?: number): Promise<void>
  item<K extends WatchItem['kind']>(kind: K): Promise<Extract<WatchItem, { kind: K }>>
  end(): Promise<unknown>
  stop(): Promise<void>
}

export interface WatchingOptions {
  readonly settings: ClusterSettings
  readonly after?: bigint
  readonly clusterId?: string | null
  readonly limits?: Partial<WatchLimits>
  readonly headRevision?: () => bigint | null
  /** Called with each item before the next is taken. */
  readonly consume?: (item: WatchItem) => Promise<void>
}

export function watching(options: WatchingOptions): Watching {
  const { settings, after = 0n, clusterId = null, limits, headRevision, consume } = options
  const abort = new AbortController()
  const items: WatchItem[] = []
  const events: KeyEvent[] = []
  let delivered = after
  let ended: { error: unknown } | null = null
  const session = watchKeyspace({
    settings,
    afterRevision: after,
    expectedClusterId: clusterId,
    clock: systemClock,
    signal: abort.signal,
    ...(limits ? { limits } : {}),
    ...(headRevision ? { headRevision } : {}),
  })
  const running = (async () => {
    try {
      for await (const item of session) {
        items.push(item)
        if (item.kind === 'events') {
          events.push(...item.events)
          delivered = item.through
        }
        await consume?.(item)
      }
      ended = { error: null }
    } catch (error) {
      ended = { error }
    }
  })()
  return {
    items,
    events,
    get ended() {
      return ended
    },
    through: async (revision, deadlineMs = 60_000) => {
      await until(
        `revision ${revision} to be delivered`,
        () => {
          if (ended && delivered < revision) throw ended.error ?? new Error('the session ended')
          return delivered >= revision
        },
        deadlineMs,
      )
    },
    item: (kind) =>
      until(`an item "${kind}"`, () =>
        items.find((item): item is Extract<WatchItem, { kind: typeof kind }> => item.kind === kind),
      ),
    end: async () => {
      await until('the end of the session', () => ended !== null)
      return ended?.error
    },
    stop: async () => {
      abort.abort()
      await running
    },
  }
}

/** Delivered events in the witness's words, for comparing the two. */
export function asWitnessed(events: readonly KeyEvent[]): WitnessEvent[] {
  let revision = -1n
  let ordinal = 0
  return events.map((event) => {
    ordinal = event.modRevision === revision ? ordinal + 1 : 0
    revision = event.modRevision
    return {
      revision,
      ordinal,
      type: event.type,
      key: Buffer.from(event.key).toString('base64'),
      value: Buffer.from(event.value).toString('base64'),
      createRevision: event.createRevision,
      version: event.version,
      leaseId: event.leaseId,
    }
  })
}

/** Where two event lists part, as one line; null when they are equal. A plain comparison would print megabytes. */
export function firstDifference(told: readonly WitnessEvent[], witnessed: readonly WitnessEvent[]): string | null {
  const print = (event: WitnessEvent | undefined) =>
    event
      ? `${event.revision}.${event.ordinal} ${event.type} ${event.key} v${event.version} ${event.value.length}`
      : 'nothing'
  const text = (event: WitnessEvent | undefined) =>
    event &&
    [
      event.revision,
      event.ordinal,
      event.type,
      event.key,
      event.value,
      event.createRevision,
      event.version,
      event.leaseId,
    ].join()
  for (let i = 0; i < Math.max(told.length, witnessed.length); i++) {
    if (text(told[i]) !== text(witnessed[i]))
      return `event ${i}: told ${print(told[i])}, witnessed ${print(witnessed[i])}`
  }
  return null
}
