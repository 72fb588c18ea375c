import type { Clock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import { permissionDenied } from './callFailure'
import { parseEndpoint } from './endpoint'
import { watchOpenDeadlineMs } from './limits'
import { linearizableRead } from './linearizableRead'
import type { MemberConnection } from './memberConnection'
import { hasSafeProgress } from './serverVersion'
import { WatchAssembly } from './watchAssembly'
import type { WatchLimits } from './watchLimits'
import type { Run } from './watchSegment'
import type { WatchStream } from './watchStream'
import type { ResponseHeader } from './wire/header'

/**
 * One stay of the watch session at one member: looks whether it is still the same cluster, watches, questions silence,
 * and ends with the reason to go elsewhere or to stop.
 */

export interface Stay {
  readonly connection: MemberConnection
  readonly afterRevision: bigint
  readonly user: string | undefined
  readonly limits: WatchLimits
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Newest head that any member reports; null when unknown. */
  headRevision(): bigint | null
  /** Null: go on; otherwise the reason why this is not the cluster's past any more. */
  restored(header: ResponseHeader): string | null
  onOpen(header: ResponseHeader): void
  deliver(run: Run, liveFrom: bigint | null): void
  progress(through: bigint): void
  /** True while the consumer wants no more; `onRoom` is given a way to go on. */
  isFull(): boolean
  onRoom(resume: () => void): void
}

export type StayEnd =
  | { readonly kind: 'aborted' }
  /** `opened`: the watch had been running, so the refusal may be a token that expired meanwhile. */
  | { readonly kind: 'failed'; readonly error: ScopeError; readonly opened: boolean }
  | { readonly kind: 'compacted'; readonly compactRevision: bigint }
  | { readonly kind: 'restored'; readonly header: ResponseHeader; readonly reason: string }

export async function watchAt(stay: Stay): Promise<StayEnd> {
  const { connection, signal } = stay
  const opened = { value: false }
  try {
    // Linearizable: a member that lags or is cut off cannot make the head look as if it had gone back.
    const header = await linearizableRead(connection, { signal })
    const reason = stay.restored(header)
    if (reason !== null) return { kind: 'restored', header, reason }
    const safeProgress = await connection.status({ signal }).then(
      (status) => hasSafeProgress(status.version),
      () => false,
    )
    return await runStream(stay, header, safeProgress, opened)
  } catch (error) {
    if (signal.aborted) return { kind: 'aborted' }
    if (error instanceof ScopeError) return { kind: 'failed', error, opened: opened.value }
    throw error
  }
}

async function runStream(
  stay: Stay,
  header: ResponseHeader,
  safeProgress: boolean,
  opened: { value: boolean },
): Promise<StayEnd> {
  const { connection, clock, limits, signal } = stay
  let settle: (end: StayEnd) => void = () => undefined
  let fail: (error: unknown) => void = () => undefined
  const ended = new Promise<StayEnd>((resolve, reject) => {
    settle = resolve
    fail = reject
  })
  const failed = (error: ScopeError) => settle({ kind: 'failed', error, opened: opened.value })
  const silence = { sinceMs: clock.nowMs() }

  let stream: WatchStream | null = null
  const resume = () => {
    if (!stream?.paused) return
    silence.sinceMs = clock.nowMs()
    stream.resume()
  }
  const assembly = new WatchAssembly(stay.afterRevision, limits, {
    send: (request) => stream?.send(request),
    deliver: (run, liveFrom) => stay.deliver(run, liveFrom),
    progress: (through) => stay.progress(through),
    compacted: (compactRevision) => settle({ kind: 'compacted', compactRevision }),
    refused: (reason) => failed(refusal(stay, reason)),
  })
  stream = await connection.openWatch({
    onResponse: (response) => {
      try {
        const before = assembly.through
        if (response.created && !response.canceled && !opened.value) {
          opened.value = true
          stay.onOpen(header)
        }
        assembly.accept(response)
        // A progress that brings nothing new is no sign of life: a member that lags forever would answer like that.
        const isNews = response.created || response.events.length > 0 || assembly.through > before
        if (isNews) silence.sinceMs = clock.nowMs()
        if (stay.isFull()) stream?.pause()
      } catch (error) {
        fail(error)
      }
    },
    onEnd: failed,
  })
  const watchdog = new AbortController()
  const onAbort = () => settle({ kind: 'aborted' })
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  stay.onRoom(resume)
  try {
    assembly.start(header.revision)
    questionSilence({ stay, stream, assembly, safeProgress, opened, silence, signal: watchdog.signal }).then(
      failed,
      () => undefined,
    )
    return await ended
  } finally {
    watchdog.abort()
    signal.removeEventListener('abort', onAbort)
    stay.onRoom(() => undefined)
    stream.close()
  }
}

interface Silence {
  readonly stay: Stay
  readonly stream: WatchStream
  readonly assembly: WatchAssembly
  readonly safeProgress: boolean
  readonly opened: { readonly value: boolean }
  readonly silence: { readonly sinceMs: number }
  readonly signal: AbortSignal
}

/**
 * Resolves with an error when the member stays silent although the cluster is ahead; rejects when it is stopped. A
 * member that can be trusted with it is asked for its progress first; a silent one is left.
 */
async function questionSilence(parts: Silence): Promise<ScopeError> {
  const { stay, stream, assembly, silence, signal } = parts
  const { clock, limits, connection } = stay
  const { authority } = parseEndpoint(connection.endpoint)
  let askedAtMs: number | null = null
  for (;;) {
    await clock.sleep(Math.min(1_000, limits.stallMs / 2), signal)
    if (signal.aborted) throw signal.reason
    const nowMs = clock.nowMs()
    const silentMs = nowMs - silence.sinceMs
    if (!parts.opened.value) {
      if (silentMs < watchOpenDeadlineMs) continue
      return new ScopeError(
        'UNREACHABLE',
        `${authority} did not open the watch within ${watchOpenDeadlineMs / 1000} s.`,
      )
    }
    const head = stay.headRevision()
    if (stream.paused || silentMs < limits.stallMs || head === null || head <= assembly.through) {
      askedAtMs = null
    } else if (askedAtMs === null && parts.safeProgress && assembly.isLive) {
      askedAtMs = nowMs
      stream.send({ progress: true })
    } else if (askedAtMs === null || nowMs - askedAtMs >= limits.stallMs) {
      const sentence = `The watch at ${authority} stands still at revision ${assembly.through} while the cluster is at ${head}.`
      return new ScopeError('UNREACHABLE', sentence)
    }
  }
}

function refusal({ connection, user }: Stay, reason: string): ScopeError {
  const endpoint = parseEndpoint(connection.endpoint)
  if (/permission denied|auth token|user name/.test(reason)) return permissionDenied(endpoint, user, 'Watch')
  return new ScopeError('UNREACHABLE', `${endpoint.authority} ended the watch: ${sentenceOf(reason)}.`)
}
