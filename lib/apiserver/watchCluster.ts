import { createBackoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import { minBigInt } from '../core/int64'
import type { ApiClient } from './apiClient'
import { type ObjectEvent, resourceName } from './apiEvent'
import type { ApiLimits } from './limits'
import { listResource } from './listResource'
import type { ObjectStream } from './objectStream'
import { RevisionMerger } from './revisionMerger'
import type { SourceItem } from './sourceItem'
import { itemsOf, type Received } from './takenItems'
import { watchResource } from './watchResource'

/**
 * All watches of one cluster as one stream in the order of revisions, which goes on while kinds come and go. It ends
 * when the signal aborts, or when a resource has to be read anew.
 */
export interface WatchClusterOptions {
  readonly client: ApiClient
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly limits: ApiLimits
  /** Everything up to here is recorded. */
  readonly through: bigint
  /** The newest revision when this began: what lies below was not seen live. */
  readonly head: bigint
  /** Each begins where its frontier stands. */
  readonly streams: readonly ObjectStream[]
  /** The streams of now: those that are watched already as they are, new ones at revision 0. */
  readonly rediscover: (watched: ReadonlyMap<string, ObjectStream>) => Promise<readonly ObjectStream[]>
  /** One sentence while some resource cannot be read. */
  readonly onTrouble: (sentence: string | null) => void
  readonly log: (message: string) => void
  readonly random?: () => number
}

interface Watch {
  readonly stream: ObjectStream
  readonly abort: AbortController
  ended: Promise<void>
  isOpen: boolean
  /** Until a gap up to there was given, nothing of it may be called told. */
  gapThrough: bigint | null
  trouble: { readonly sinceMs: number; readonly error: ScopeError } | null
}

/** Resources whose objects say that kinds come or go. */
const definitions = new Set(['customresourcedefinitions', 'apiservices'])

export async function* watchCluster(options: WatchClusterOptions): AsyncGenerator<SourceItem> {
  const { client, clock, limits, random = Math.random } = options
  const own = new AbortController()
  const signal = AbortSignal.any([options.signal, own.signal])
  const merger = new RevisionMerger<Received>(options.through, limits)
  const watches = new Map<string, Watch>()
  const asides: SourceItem[] = []
  /** Each waits until what it lies over was given. */
  const gaps: Extract<SourceItem, { kind: 'gap' }>[] = []
  /** The revision that told of each kind's beginning, for those that began while this watched. */
  const births = new Map<string, bigint>()
  let connected = false
  let lostWords = ''
  let newest = options.head
  /** Frontiers of the streams that ended because the server no longer has what follows. */
  const expired = new Map<string, bigint>()
  let expiredMs: number | null = null
  const failures: unknown[] = []
  let discoverAtMs = clock.nowMs() + limits.discoverEveryMs
  let frontiersAtMs = clock.nowMs() + limits.frontiersEveryMs
  let discovering: Promise<void> | null = null
  let nap = new AbortController()
  let roomWaiters: (() => void)[] = []
  const wake = () => nap.abort()
  signal.addEventListener('abort', wake)

  function begin(stream: ObjectStream): void {
    const watch: Watch = {
      stream,
      abort: new AbortController(),
      ended: Promise.resolve(),
      isOpen: false,
      gapThrough: null,
      trouble: null,
    }
    const name = resourceName(stream.resource)
    watches.set(name, watch)
    merger.addStream(name, stream.frontier, clock.nowMs())
    watch.ended = run(name, watch).catch((error: unknown) => {
      if (!signal.aborted) failures.push(error)
      wake()
    })
  }

  async function run(name: string, watch: Watch): Promise<void> {
    const { stream } = watch
    const ownSignal = AbortSignal.any([signal, watch.abort.signal])
    if (stream.frontier === 0n && !(await listNew(name, watch, ownSignal))) return
    let openedAt = newest
    const end = await watchResource(
      stream,
      {
        event: (event, bytes) => {
          noteBirth(event, stream)
          return push(name, event, bytes, event.modRevision <= openedAt)
        },
        advanced: () => {
          merger.advance(name, stream.frontier, clock.nowMs())
          wake()
        },
        opened: () => {
          openedAt = newest
          setOpen(name, watch, true, null)
        },
        ended: (error) => setOpen(name, watch, false, error),
      },
      {
        client,
        limits,
        clock,
        signal: ownSignal,
        random,
        backoff: createBackoff({ firstMs: 200, limitMs: 10_000, random }),
      },
    )
    if (end === 'stopped') return
    if (end === 'gone') leave(name)
    else expire(name, stream)
  }

  /** The first one ends it all, but a server that was restarted has forgotten about many. */
  function expire(name: string, { frontier }: ObjectStream): void {
    expired.set(name, frontier)
    expiredMs ??= clock.nowMs()
    wake()
  }

  /** What each stream has told of what was given; taken in the same turn as that. */
  function frontiersAt(through: bigint): ReadonlyMap<string, bigint> {
    const told = [...watches].filter(([, { stream, gapThrough }]) => stream.frontier > 0n && gapThrough === null)
    return new Map(told.map(([name, { stream }]) => [name, minBigInt(stream.frontier, through)]))
  }

  function dueGaps(through: bigint): readonly SourceItem[] {
    const due = gaps.filter(({ toRevision }) => toRevision <= through)
    for (const gap of due) gaps.splice(gaps.indexOf(gap), 1)
    for (const watch of watches.values()) {
      if (watch.gapThrough !== null && watch.gapThrough <= through) watch.gapThrough = null
    }
    return due
  }

  /** Whatever its objects were before this list is not told; false when it ended before it began. */
  async function listNew(name: string, watch: Watch, ownSignal: AbortSignal): Promise<boolean> {
    const backoff = createBackoff({ firstMs: 200, limitMs: 10_000, random })
    const { stream } = watch
    while (!ownSignal.aborted) {
      try {
        let revision = 0n
        for await (const page of listResource(client, stream.resource, null, limits, ownSignal)) {
          for (const object of page.objects) {
            const event = stream.takeListed(object)
            if (event !== null) await push(name, event, event.key.byteLength + event.value.byteLength, true)
          }
          revision = page.revision
        }
        stream.bookmark(revision)
        merger.advance(name, revision, clock.nowMs())
        const born = births.get(name)
        const fromRevision = born === undefined || born >= revision ? revision : born + 1n
        const reason = `${name} is recorded from revision ${revision} on, where it was first listed`
        gaps.push({ kind: 'gap', fromRevision, toRevision: revision, reason })
        watch.gapThrough = revision
        return true
      } catch (error) {
        if (ownSignal.aborted) return false
        const failure = error instanceof ScopeError ? error : new ScopeError('UNREACHABLE', sentenceOf(error))
        if (failure.code === 'NOT_FOUND') {
          leave(name)
          return false
        }
        watch.trouble ??= { sinceMs: clock.nowMs(), error: failure }
        await clock.sleep(backoff.next(), ownSignal)
      }
    }
    return false
  }

  async function push(name: string, event: ObjectEvent, bytes: number, catchingUp: boolean): Promise<void> {
    const receivedAtMs = clock.nowMs()
    merger.push(name, { ...event, receivedAtMs, catchingUp }, bytes, receivedAtMs)
    if (event.modRevision > newest) newest = event.modRevision
    wake()
    if (merger.isFull) await new Promise<void>((resolve) => roomWaiters.push(resolve))
  }

  function noteBirth(event: ObjectEvent, { resource, keyPrefix }: ObjectStream): void {
    if (!definitions.has(resource.plural)) return
    discoverAtMs = Math.min(discoverAtMs, clock.nowMs() + limits.discoverSoonMs)
    if (event.type !== 'put' || resource.plural !== 'customresourcedefinitions') return
    // A definition is called like its resource.
    const name = Buffer.from(event.key).toString('utf8').slice(keyPrefix.length)
    if (event.version === 1n) births.set(name, event.modRevision)
  }

  function setOpen(name: string, watch: Watch, isOpen: boolean, error: ScopeError | null): void {
    const now = clock.nowMs()
    watch.isOpen = isOpen
    merger.setOpen(name, isOpen, now)
    if (isOpen) watch.trouble = null
    else if (error !== null) watch.trouble = { sinceMs: watch.trouble?.sinceMs ?? now, error }
    if (isOpen && !connected) {
      connected = true
      lostWords = ''
      asides.push({ kind: 'connection', state: 'open', error: null })
    } else if (error !== null && error.message !== lostWords && [...watches.values()].every((one) => !one.isOpen)) {
      // A cut and then a refusal: each is told, since the second says why it does not come back.
      connected = false
      lostWords = error.message
      asides.push({ kind: 'connection', state: 'lost', error })
    }
    wake()
  }

  /** Objects that are left without a word on their end can only be told by reading everything anew. */
  function leave(name: string): void {
    const watch = watches.get(name)
    watch?.abort.abort()
    if (watch !== undefined && !watch.stream.isEmpty) expire(name, watch.stream)
    watches.delete(name)
    merger.removeStream(name)
    wake()
  }

  async function lookAround(): Promise<void> {
    const watched = new Map([...watches].map(([name, { stream }]) => [name, stream]))
    try {
      const streams = await options.rediscover(watched)
      const now = new Map(streams.map((stream) => [resourceName(stream.resource), stream]))
      for (const name of watched.keys()) if (!now.has(name)) leave(name)
      for (const [name, stream] of now) if (!watches.has(name)) begin(stream)
    } catch (error) {
      // What is watched goes on; the next look may find more.
      if (!signal.aborted) options.log(`discovery failed: ${sentenceOf(error)}`)
    }
    wake()
  }

  function letGo(): void {
    if (merger.isFull) return
    const waiting = roomWaiters
    roomWaiters = []
    for (const resume of waiting) resume()
  }

  for (const stream of options.streams) begin(stream)
  let told = options.through
  try {
    while (!signal.aborted) {
      const now = clock.nowMs()
      const taken = merger.take(now)
      const isOver = expiredMs !== null && now >= expiredMs + limits.holdMs
      const frontiers = now >= frontiersAtMs || isOver ? frontiersAt(taken.through) : null
      letGo()
      yield* itemsOf(taken, told)
      told = taken.through
      if (frontiers !== null) {
        frontiersAtMs = now + limits.frontiersEveryMs
        yield { kind: 'frontiers', frontiers }
      }
      yield* dueGaps(told)
      yield* asides.splice(0)
      if (failures.length > 0) throw failures[0]
      if (isOver) {
        yield { kind: 'expired', after: expired }
        return
      }
      if (now >= discoverAtMs && discovering === null) {
        discoverAtMs = now + limits.discoverEveryMs
        discovering = lookAround().finally(() => {
          discovering = null
        })
      }
      options.onTrouble(troubleOf(watches, now - limits.troubleMs))
      const overMs = expiredMs === null ? discoverAtMs : expiredMs + limits.holdMs
      const untilMs = Math.min(taken.wakeAtMs ?? discoverAtMs, discoverAtMs, frontiersAtMs, overMs)
      if (!nap.signal.aborted) await clock.sleep(Math.max(1, untilMs - clock.nowMs()), nap.signal)
      nap = new AbortController()
      if (signal.aborted) return
    }
  } finally {
    own.abort()
    signal.removeEventListener('abort', wake)
    for (const resume of roomWaiters) resume()
    await Promise.all([...watches.values()].map(({ ended }) => ended))
    await discovering
  }
}

/** Which resources are not being read, and why the first of them is not. */
function troubleOf(watches: ReadonlyMap<string, Watch>, sinceMs: number): string | null {
  const bad = [...watches].flatMap(([name, { trouble }]) =>
    trouble !== null && trouble.sinceMs <= sinceMs ? [{ name, error: trouble.error }] : [],
  )
  const [first] = bad
  if (first === undefined) return null
  const names = bad.slice(0, 3).map(({ name }) => name)
  const rest = bad.length > names.length ? ` and ${bad.length - names.length} more` : ''
  return `${bad.length} of ${watches.size} resources cannot be read (${names.join(', ')}${rest}): ${first.error.message}`
}
