import type { Backoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { type ApiClient, RetryLater } from './apiClient'
import { type ObjectEvent, pathOf } from './apiEvent'
import { transportFailure } from './callFailure'
import type { ApiLimits } from './limits'
import { linesOf } from './linesOf'
import type { ObjectStream } from './objectStream'
import { parseWatchLine } from './parseObject'

/**
 * Keeps one resource's watch open: after each end, cut or refusal the next one begins at the stream's frontier, so
 * that nothing is lost; what the server repeats is told once.
 */
export interface WatchSink {
  /** Resolves when there is room for more: the stream is not read before. */
  event(event: ObjectEvent, bytes: number): Promise<void>
  /** The frontier has moved. */
  advanced(): void
  opened(): void
  /** Null: the server ended it in its own time, and the next one is asked for at once. */
  ended(error: ScopeError | null): void
}

export interface WatchContext {
  readonly client: ApiClient
  readonly limits: ApiLimits
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly backoff: Backoff
  readonly random: () => number
}

/** `expired`: the server no longer has what follows the frontier. `gone`: it no longer serves the resource. */
export type WatchEnd = 'expired' | 'gone' | 'stopped'

export async function watchResource(stream: ObjectStream, sink: WatchSink, context: WatchContext): Promise<WatchEnd> {
  const { clock, signal, backoff } = context
  while (!signal.aborted) {
    const from = stream.frontier
    try {
      await watchOnce(stream, sink, context)
      sink.ended(null)
      // A server that ends each watch at once must not be asked in a circle.
      if (stream.frontier > from) backoff.reset()
      else await clock.sleep(backoff.next(), signal)
    } catch (error) {
      if (signal.aborted) return 'stopped'
      const failure = error instanceof ScopeError ? error : transportFailure(pathOf(stream.resource), error)
      if (failure.code === 'NOT_COVERED') return 'expired'
      sink.ended(failure)
      if (failure.code === 'NOT_FOUND') return 'gone'
      if (stream.frontier > from) backoff.reset()
      await clock.sleep(failure instanceof RetryLater ? failure.afterMs : backoff.next(), signal)
    }
  }
  return 'stopped'
}

async function watchOnce(stream: ObjectStream, sink: WatchSink, context: WatchContext): Promise<void> {
  const { client, limits, signal, random } = context
  const path = pathOf(stream.resource)
  // Spread, so that not all watches of a cluster end in the same second.
  const timeoutSeconds = Math.ceil(limits.watchSeconds * (1 + random()))
  const response = await client.open(
    path,
    {
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: String(stream.frontier),
      timeoutSeconds: String(timeoutSeconds),
    },
    signal,
  )
  response.setTimeout(limits.silenceMs, () =>
    response.destroy(new ScopeError('UNREACHABLE', `The watch of ${path} has been silent for too long.`)),
  )
  sink.opened()
  try {
    for await (const line of linesOf(response, limits.lineBytes)) await takeLine(line, stream, sink)
  } finally {
    response.destroy()
  }
}

async function takeLine(line: string, stream: ObjectStream, sink: WatchSink): Promise<void> {
  const parsed = parseWatchLine(line)
  if (parsed.type === 'ERROR') throw errorOf(parsed, pathOf(stream.resource))
  if (parsed.type === 'BOOKMARK') {
    stream.bookmark(parsed.revision)
    sink.advanced()
    return
  }
  const before = stream.frontier
  const event = stream.take(parsed)
  const room = event === null ? null : sink.event(event, event.key.byteLength + event.value.byteLength)
  if (stream.frontier > before) sink.advanced()
  if (room !== null) await room
}

/** An error inside the stream: the answer's status was sent long before. */
function errorOf(
  { code, reason, retryAfterMs }: Extract<ReturnType<typeof parseWatchLine>, { type: 'ERROR' }>,
  path: string,
): ScopeError {
  if (code === 410 || reason === 'Expired' || reason === 'Gone') {
    return new ScopeError('NOT_COVERED', `The apiserver no longer has that revision of ${path} (410).`)
  }
  if (retryAfterMs !== null) return new RetryLater(Math.min(60_000, retryAfterMs))
  return new ScopeError('UNREACHABLE', `The watch of ${path} ended with ${reason} (${code}).`)
}
