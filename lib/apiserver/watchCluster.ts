import { createBackoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import { minBigInt } from '../core/int64'
import type { ApiClient } from './apiClient'
import { type ObjectEvent, resourceName } from './apiEvent'
import { setBack } from './callFailure'
import type { ApiLimits } from './limits'
import type { ObjectStream } from './objectStream'
import { readAgain } from './readAgain'
import { RevisionMerger } from './revisionMerger'
import type { SourceItem } from './sourceItem'
import { itemsOf, type Received } from './takenItems'
import { watchResource } from './watchResource'

/**
 * All watches of one cluster as one stream in the order of revisions, which goes on while kinds come and go, and while
 * the server forgets what some of them have not heard yet. It ends when the signal aborts; it rejects when the cluster
 * was set back in time.
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
  /** Each begins where its frontier stands; at 0 with a list. */
  readonly streams: readonly ObjectStream[]
  /** Of resources that are no longer served: what they still hold ends. */
  readonly gone: readonly ObjectStream[]
  /** The streams of now: those that are watched already, told under which version, and new ones. And the newest revision. */
  readonly rediscover: (
    watched: ReadonlyMap<string, ObjectStream>,
  ) => Promise<{ readonly streams: readonly ObjectStream[]; readonly head: bigint }>
  readonly readHead: (signal: AbortSignal) => Promise<bigint>
  /** One sentence while some resource cannot be read. */
  readonly onTrouble: (sentence: string | null) => void
  readonly log: (message: string) => void
  readonly random?: () => number
}

interface Watch {
  readonly name: string
  readonly stream: ObjectStream
  readonly abort: AbortController
  running: Promise<void>
  isOpen: boolean
  /** No longer served: it ends with what it holds. */
  isGone: boolean
  /** Waits for a list, or is in one. */
  isUnheard: boolean
  /** Its path is not served; discovery says whether it is gone or has another. */
  isAstray: boolean
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
  /** The revision that told of each kind's beginning, for those that began while this watched. */
  const births = new Map<string, bigint>()
  const failures: unknown[] = []
  /** Those that a list must bring up to date, since no watch can; gathered, because they come in flocks. */
  let unheard: Watch[] = []
  let unheardMs: number | null = null
  let connected = false
  let lostWords = ''
  let newest = options.head
  let told = options.through
  let discoverAtMs = clock.nowMs() + limits.discoverEveryMs
  let frontiersAtMs = clock.nowMs() + limits.frontiersEveryMs
  let discovering: Promise<void> | null = null
  const readings = new Set<Promise<void>>()
  let nap = new AbortController()
  let roomWaiters: (() => void)[] = []
  const wake = () => nap.abort()
  const backoffOf = () => createBackoff({ firstMs: 200, limitMs: 10_000, random })
  signal.addEventListener('abort', wake)

  function begin(stream: ObjectStream, isGone: boolean): void {
    const name = resourceName(stream.resource)
    const abort = new AbortController()
    const watch: Watch = {
      name,
      stream,
      abort,
      running: Promise.resolve(),
      isOpen: false,
      isGone,
      isUnheard: false,
      isAstray: false,
      trouble: null,
    }
    watches.set(name, watch)
    merger.addStream(name, stream.frontier, clock.nowMs())
    if (isGone || stream.frontier === 0n) hearNothing(watch, limits.holdMs)
    else follow(watch)
  }

  function follow(watch: Watch): void {
    watch.running = run(watch).catch((error: unknown) => {
      if (!signal.aborted) failures.push(error)
      wake()
    })
  }

  async function run(watch: Watch): Promise<void> {
    const { name, stream } = watch
    let openedAt = newest
    const end = await watchResource(
      stream,
      {
        event: (event, bytes) => {
          noteBirth(event, stream)
          return push(name, event, bytes, event.modRevision <= openedAt)
        },
        advanced: () => advanced(watch),
        opened: () => {
          openedAt = newest
          setOpen(watch, true, null)
        },
        ended: (error) => setOpen(watch, false, error),
      },
      { client, limits, clock, random, signal: AbortSignal.any([signal, watch.abort.signal]), backoff: backoffOf() },
    )
    if (end === 'stopped') return
    setOpen(watch, false, null)
    if (end === 'expired') return hearNothing(watch, 0)
    watch.isAstray = true
    discoverAtMs = Math.min(discoverAtMs, clock.nowMs() + limits.holdMs)
    wake()
  }

  /** Its next word is a list. `sinceMs`: how long it is known already that no other will come. */
  function hearNothing(watch: Watch, sinceMs: number): void {
    watch.isUnheard = true
    unheard.push(watch)
    unheardMs = Math.min(unheardMs ?? Number.POSITIVE_INFINITY, clock.nowMs() - sinceMs)
    wake()
  }

  async function read(flock: readonly Watch[]): Promise<void> {
    await readAgain(flock, {
      client,
      limits,
      clock,
      signal,
      backoff: backoffOf(),
      births,
      told: () => told,
      readHead: () => options.readHead(signal),
      onGap: (gap) => {
        asides.push(gap)
        wake()
      },
      push: ({ name }, event) => push(name, event, event.key.byteLength + event.value.byteLength, true),
      onTrouble: (watch, error) => {
        watch.trouble ??= { sinceMs: clock.nowMs(), error }
      },
      onRead: (watch) => {
        watch.trouble = null
        watch.isUnheard = false
        advanced(watch)
        if (watch.isGone) leave(watch)
        else follow(watch)
      },
    })
  }

  function advanced({ name, stream }: Watch): void {
    merger.advance(name, stream.frontier, clock.nowMs())
    wake()
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

  function setOpen(watch: Watch, isOpen: boolean, error: ScopeError | null): void {
    const now = clock.nowMs()
    watch.isOpen = isOpen
    merger.setOpen(watch.name, isOpen, now)
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

  /** Objects that are left without a word on their end get it by a last list, which finds nothing. */
  function leave(watch: Watch): void {
    watch.abort.abort()
    if (watch.isUnheard || !watch.stream.isEmpty) {
      watch.isGone = true
      if (!watch.isUnheard) hearNothing(watch, 0)
      return
    }
    watches.delete(watch.name)
    merger.removeStream(watch.name)
    wake()
  }

  async function lookAround(): Promise<void> {
    const watched = new Map([...watches].map(([name, { stream }]) => [name, stream]))
    try {
      const { streams, head } = await options.rediscover(watched)
      if (head < told) throw setBack(head, told)
      const now = new Map(streams.map((stream) => [resourceName(stream.resource), stream]))
      for (const [name, watch] of watches) if (!now.has(name) && !watch.isGone && watched.has(name)) leave(watch)
      for (const [name, stream] of now) {
        const watch = watches.get(name)
        if (watch === undefined) begin(stream, false)
        else if (watch.isAstray) {
          watch.isAstray = false
          follow(watch)
        }
      }
    } catch (error) {
      if (error instanceof ScopeError && error.code === 'NOT_COVERED') failures.push(error)
      // What is watched goes on; the next look may find more.
      else if (!signal.aborted) {
        options.log(`discovery failed: ${sentenceOf(error)}`)
        if ([...watches.values()].some(({ isAstray }) => isAstray)) discoverAtMs = clock.nowMs() + limits.troubleMs
      }
    }
    wake()
  }

  function letGo(): void {
    if (merger.isFull) return
    const waiting = roomWaiters
    roomWaiters = []
    for (const resume of waiting) resume()
  }

  /** What each stream has told of what was given; taken in the same turn as that. */
  function frontiersAt(through: bigint): ReadonlyMap<string, bigint> {
    const known = [...watches].filter(([, { stream }]) => stream.frontier > 0n)
    return new Map(known.map(([name, { stream }]) => [name, minBigInt(stream.frontier, through)]))
  }

  /** Starts what is due; answers when the next thing is. */
  function tend(now: number): number {
    if (unheardMs !== null && now >= unheardMs + limits.holdMs) {
      const flock = unheard
      unheard = []
      unheardMs = null
      const reading: Promise<void> = read(flock)
        .catch((error: unknown) => {
          if (!signal.aborted) failures.push(error)
        })
        .finally(() => {
          readings.delete(reading)
          wake()
        })
      readings.add(reading)
    }
    if (now >= discoverAtMs && discovering === null) {
      discoverAtMs = now + limits.discoverEveryMs
      discovering = lookAround().finally(() => {
        discovering = null
      })
    }
    options.onTrouble(troubleOf(watches, now - limits.troubleMs))
    return Math.min(discoverAtMs, frontiersAtMs, unheardMs === null ? discoverAtMs : unheardMs + limits.holdMs)
  }

  for (const stream of options.streams) begin(stream, false)
  for (const stream of options.gone) begin(stream, true)
  try {
    while (!signal.aborted) {
      const now = clock.nowMs()
      const taken = merger.take(now)
      const frontiers = now >= frontiersAtMs ? frontiersAt(taken.through) : null
      letGo()
      // A gap is declared before anything that was read behind it.
      yield* asides.splice(0)
      yield* itemsOf(taken, told)
      told = taken.through
      if (frontiers !== null) {
        frontiersAtMs = now + limits.frontiersEveryMs
        yield { kind: 'frontiers', frontiers }
      }
      if (failures.length > 0) throw failures[0]
      const dueMs = tend(now)
      const untilMs = Math.min(taken.wakeAtMs ?? dueMs, dueMs)
      if (!nap.signal.aborted) await clock.sleep(Math.max(1, untilMs - clock.nowMs()), nap.signal)
      nap = new AbortController()
    }
  } finally {
    own.abort()
    signal.removeEventListener('abort', wake)
    for (const resume of roomWaiters) resume()
    await Promise.all([...watches.values()].map(({ running }) => running))
    await Promise.all(readings)
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
