import type { Clock } from '../../core/clock'
import { ScopeError, sentenceOf } from '../../core/errors'
import type { Route } from './memberRoutes'
import type { StatusAnswer } from './memberTransport'

/** One round of questions: every route at once, each with the same deadline, so that the answers belong together. */

export interface RouteAnswer {
  readonly endpoint: string
  readonly configured: boolean
  /** Who answers here: by this answer, else by the last one. */
  readonly memberId: string | null
  readonly status: StatusAnswer | null
  readonly latencyMs: number | null
  readonly error: string | null
}

export interface ReadOutcome {
  readonly memberId: string
  readonly ok: boolean
  readonly latencyMs: number
  readonly error: string | null
}

export interface Timing extends Clock {
  /** Milliseconds with fractions, unmoved by clock changes: for latencies. */
  elapsedMs(): number
}

/** Our own event loop stood still when a deadline fires this late: its verdict on the member is worth nothing. */
const ownStallMs = 150

export async function askStatus(
  routes: readonly Route[],
  deadlineMs: number,
  timing: Timing,
): Promise<{ startedMs: number; atMs: number; answers: RouteAnswer[] }> {
  const startedMs = timing.nowMs()
  let atMs = startedMs
  const answers = await Promise.all(
    routes.map(async (route) => {
      const answer = await askRoute(route, deadlineMs, timing)
      // Members that time out do not delay the moment at which the others' answers were known.
      if (answer.status !== null) atMs = Math.max(atMs, timing.nowMs())
      return answer
    }),
  )
  return { startedMs, atMs: answers.some((a) => a.status !== null) ? atMs : timing.nowMs(), answers }
}

async function askRoute(route: Route, deadlineMs: number, timing: Timing): Promise<RouteAnswer> {
  const { endpoint, configured } = route
  for (let attempt = 0; ; attempt++) {
    const from = timing.elapsedMs()
    try {
      const status = await withDeadline(route, deadlineMs, timing)
      route.memberId = status.memberId
      route.explanation = null
      return {
        endpoint,
        configured,
        memberId: status.memberId,
        status,
        latencyMs: timing.elapsedMs() - from,
        error: null,
      }
    } catch (error) {
      if (attempt === 0 && timing.elapsedMs() - from > deadlineMs + ownStallMs) continue
      return { endpoint, configured, memberId: route.memberId, status: null, latencyMs: null, error: sentenceOf(error) }
    }
  }
}

/**
 * The answer, or a rejection at the deadline. The transport may look for the cause of a failure for longer than that;
 * what it finds is kept for the next rounds, which fail in the same way.
 */
async function withDeadline(route: Route, deadlineMs: number, timing: Timing): Promise<StatusAnswer> {
  const done = new AbortController()
  const answer = route.source.status(deadlineMs).finally(() => done.abort())
  answer.catch((error: unknown) => {
    route.explanation = sentenceOf(error)
  })
  const late = timing.sleep(deadlineMs, done.signal).then(() => {
    if (done.signal.aborted) return answer
    const sentence = `${route.endpoint} did not answer within ${deadlineMs / 1000} s`
    throw new ScopeError('UNREACHABLE', route.explanation ?? sentence)
  })
  return await Promise.race([answer, late])
}

/** A linearizable read of one key needs a leader with a quorum: it is the health check that Status is not. */
export async function readThrough(route: Route, deadlineMs: number, timing: Timing): Promise<ReadOutcome> {
  const memberId = route.memberId ?? ''
  const from = timing.elapsedMs()
  const outcome = (ok: boolean, error: string | null) => ({ memberId, ok, latencyMs: timing.elapsedMs() - from, error })
  const done = new AbortController()
  const read = route.source.linearizableRead(deadlineMs).finally(() => done.abort())
  const late = timing.sleep(deadlineMs, done.signal).then(async () => {
    if (!done.signal.aborted)
      throw new ScopeError('UNREACHABLE', `No quorum answered a read within ${deadlineMs / 1000} s`)
  })
  try {
    await Promise.race([read, late.then(() => read)])
    return outcome(true, null)
  } catch (error) {
    // A user without the right to read that key is refused after the read index: the quorum has answered.
    if (error instanceof ScopeError && error.code === 'PERMISSION_DENIED') return outcome(true, null)
    return outcome(false, sentenceOf(error))
  } finally {
    read.catch(() => undefined)
  }
}
