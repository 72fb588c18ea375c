import type { ClusterSettings } from '../config/settings'
import { createBackoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { maxBigInt } from '../core/int64'
import { ItemQueue } from './itemQueue'
import { connectMember } from './memberConnection'
import { type Stay, type StayEnd, watchAt } from './watchEndpoint'
import type { WatchItem } from './watchItem'
import { defaultWatchLimits, type WatchLimits } from './watchLimits'
import type { Run } from './watchSegment'
import type { ResponseHeader } from './wire/header'
import type { KeyEvent } from './wire/keyValue'

/**
 * The watch over the whole keyspace, from one revision on, for as long as the signal allows: every event once, in
 * order, whole revisions, over cut connections and lost members. It resumes from the last delivered event, never from
 * a header. It ends by itself only with `compacted` or `restored`, and throws only what a person must mend (login,
 * permission, TLS), once every endpoint has said so.
 */

export interface WatchKeyspaceOptions {
  readonly settings: ClusterSettings
  /** Where to watch, in order of preference; by default the settings' endpoints. */
  readonly endpoints?: readonly string[]
  /** Everything up to here is had already; 0n: from the beginning. */
  readonly afterRevision: bigint
  /** Hex; null before the first contact. */
  readonly expectedClusterId: string | null
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Newest head that the members report, for telling silence from stillness. */
  readonly headRevision?: () => bigint | null
  readonly limits?: Partial<WatchLimits>
}

export async function* watchKeyspace(options: WatchKeyspaceOptions): AsyncGenerator<WatchItem, void, undefined> {
  const own = new AbortController()
  const signal = AbortSignal.any([options.signal, own.signal])
  const session = new WatchSession({ ...options, signal })
  const running = session.run()
  try {
    yield* session.queue.drain()
  } finally {
    own.abort()
    await running
  }
}

const permanent: ReadonlySet<string> = new Set([
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'TLS',
  'BAD_SETTING',
  'UNSUPPORTED',
])

class WatchSession {
  readonly queue: ItemQueue<WatchItem>
  readonly #options: WatchKeyspaceOptions
  readonly #limits: WatchLimits
  readonly #endpoints: readonly string[]
  #resume: () => void = () => undefined
  /** Revision of the last delivered event, or a genuine progress: the only resume point. */
  #cursor: bigint
  #clusterId: string | null
  #highestTerm = 0n

  constructor(options: WatchKeyspaceOptions) {
    this.#options = options
    this.#limits = { ...defaultWatchLimits, ...options.limits }
    this.#endpoints = options.endpoints ?? options.settings.endpoints
    this.#cursor = options.afterRevision
    this.#clusterId = options.expectedClusterId
    this.queue = new ItemQueue({ bytes: this.#limits.queueBytes, count: this.#limits.queueEvents }, () =>
      this.#resume(),
    )
  }

  /** Never rejects: an error goes to the consumer, behind what was delivered before. */
  async run(): Promise<void> {
    try {
      await this.#stayWhereverPossible()
      this.queue.end()
    } catch (error) {
      this.queue.end(error)
    }
  }

  async #stayWhereverPossible(): Promise<void> {
    const { clock, signal } = this.#options
    const backoff = createBackoff({ firstMs: 100, limitMs: 5_000 })
    let failures = 0
    let refusals = 0
    for (let turn = 0; !signal.aborted; turn++) {
      const endpoint = this.#endpoints[turn % this.#endpoints.length]
      if (endpoint === undefined) throw new ScopeError('BAD_SETTING', 'There is no endpoint to watch.')
      const end = await this.#stayAt(endpoint, () => {
        failures = 0
        refusals = 0
        backoff.reset()
      })
      if (end.kind === 'aborted') return
      if (end.kind === 'compacted' || end.kind === 'restored') return this.#finish(end)
      this.#connection('lost', endpoint, end.error)
      // A refusal on a watch that had been open is most often an expired token: the next stay logs in anew.
      if (permanent.has(end.error.code) && !end.opened) refusals++
      else refusals = 0
      if (refusals >= this.#endpoints.length) throw end.error
      failures++
      if (failures % this.#endpoints.length === 0) await clock.sleep(backoff.next(), signal)
    }
  }

  async #stayAt(endpoint: string, onOpen: () => void): Promise<StayEnd> {
    const { settings, clock, signal, headRevision } = this.#options
    this.#connection('connecting', endpoint, null)
    const connection = connectMember(endpoint, settings)
    const stay: Stay = {
      connection,
      afterRevision: this.#cursor,
      user: settings.auth?.user,
      limits: this.#limits,
      clock,
      signal,
      headRevision: () => headRevision?.() ?? null,
      restored: (header) => this.#restored(header),
      onOpen: (header) => {
        onOpen()
        this.#clusterId = header.clusterId
        this.#connection('open', endpoint, null)
      },
      deliver: (run, liveFrom) => this.#deliver(run, liveFrom),
      progress: (through) => {
        if (through <= this.#cursor) return
        this.#cursor = through
        this.queue.push({ kind: 'progress', through }, 0, 1)
      },
      isFull: () => this.queue.isFull,
      onRoom: (resume) => {
        this.#resume = resume
      },
    }
    try {
      return await watchAt(stay)
    } finally {
      connection.close()
    }
  }

  #restored(header: ResponseHeader): string | null {
    if (this.#clusterId !== null && header.clusterId !== this.#clusterId) {
      return `another cluster answers: its id is ${header.clusterId} instead of ${this.#clusterId}`
    }
    if (header.revision < this.#cursor) {
      return `the cluster's head is revision ${header.revision}, below ${this.#cursor}, which was seen before`
    }
    if (header.raftTerm < this.#highestTerm) {
      return `the cluster's term is ${header.raftTerm}, below ${this.#highestTerm}, which was seen before`
    }
    this.#highestTerm = maxBigInt(this.#highestTerm, header.raftTerm)
    return null
  }

  #deliver(run: Run, liveFrom: bigint | null): void {
    const split = liveFrom === null ? run.events.length : run.events.findIndex((event) => event.modRevision >= liveFrom)
    const old = split === -1 ? run.events.length : split
    this.#push(old === run.events.length ? run.events : run.events.slice(0, old), true, run)
    this.#push(old === 0 ? run.events : run.events.slice(old), false, run)
  }

  #push(events: readonly KeyEvent[], catchingUp: boolean, run: Run): void {
    const last = events.at(-1)
    if (!last) return
    const through = last.modRevision
    this.#cursor = through
    const item = { kind: 'events', events, through, receivedAtMs: this.#options.clock.nowMs(), catchingUp } as const
    this.queue.push(item, run.bytes * (events.length / run.events.length), events.length)
  }

  #finish(end: Extract<StayEnd, { kind: 'compacted' | 'restored' }>): void {
    if (end.kind === 'compacted') {
      this.queue.push({ kind: 'compacted', compactRevision: end.compactRevision }, 0, 1)
      return
    }
    const { header, reason } = end
    const { clusterId: etcdClusterId, revision: headRevision } = header
    this.queue.push({ kind: 'restored', etcdClusterId, headRevision, reason }, 0, 1)
  }

  #connection(state: 'connecting' | 'open' | 'lost', endpoint: string, error: ScopeError | null): void {
    const etcdClusterId = state === 'open' ? this.#clusterId : null
    this.queue.push({ kind: 'connection', state, endpoint, error, etcdClusterId }, 0, 1)
  }
}
