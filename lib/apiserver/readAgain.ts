import type { Backoff } from '../core/backoff'
import type { Clock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import { minBigInt } from '../core/int64'
import type { ApiClient } from './apiClient'
import type { ObjectEvent } from './apiEvent'
import { setBack } from './callFailure'
import type { ApiLimits } from './limits'
import { listResource } from './listResource'
import type { ObjectStream } from './objectStream'
import type { SourceItem } from './sourceItem'

/**
 * Brings streams up to date that no watch can: kinds that are new here, kinds that are gone, and those of which the
 * server has dropped what comes next. All are listed at one revision, behind one gap that is declared first; what
 * vanished ends at that revision. From there on they are exact again.
 */
export interface Unheard {
  readonly name: string
  readonly stream: ObjectStream
  readonly isGone: boolean
}

export interface ReadAgainContext<W extends Unheard> {
  readonly client: ApiClient
  readonly limits: ApiLimits
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly backoff: Backoff
  /** When kinds began that began while this watched. */
  readonly births: ReadonlyMap<string, bigint>
  readonly told: () => bigint
  readonly readHead: () => Promise<bigint>
  readonly onGap: (gap: Extract<SourceItem, { kind: 'gap' }>) => void
  readonly push: (of: W, event: ObjectEvent) => Promise<void>
  readonly onTrouble: (of: W, error: ScopeError) => void
  /** The stream is complete up to where it was listed. */
  readonly onRead: (of: W) => void
}

/** Tries until everything is read or the signal aborts. Rejects when the cluster was set back. */
export async function readAgain<W extends Unheard>(flock: readonly W[], context: ReadAgainContext<W>): Promise<void> {
  const { signal, clock, backoff, told } = context
  let waiting = [...flock]
  while (waiting.length > 0 && !signal.aborted) {
    let first: ScopeError | null = null
    try {
      const pinned = await context.readHead()
      if (pinned < told()) throw setBack(pinned, told())
      context.onGap(gapOf(waiting, pinned, context.births))
      // One after the other: a restarted server is asked by everybody at once.
      for (const each of [...waiting]) {
        first = await readOne(each, pinned, context)
        if (first !== null) break
        waiting = waiting.filter((one) => one !== each)
        context.onRead(each)
      }
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ScopeError && error.code === 'NOT_COVERED') throw error
      first = problemOf(error)
    }
    const failure = first
    if (failure === null) continue
    for (const each of waiting) context.onTrouble(each, failure)
    await clock.sleep(backoff.next(), signal)
  }
}

/** What failed; null when it is read. */
async function readOne<W extends Unheard>(of: W, pinned: bigint, context: ReadAgainContext<W>) {
  const { stream } = of
  const alive = new Set<string>()
  try {
    if (!of.isGone) {
      for await (const page of listResource(context.client, stream.resource, pinned, context.limits, context.signal)) {
        for (const object of page.objects) {
          const event = stream.takeListed(object, alive)
          if (event !== null) await context.push(of, event)
        }
      }
    }
  } catch (error) {
    // Another try, at a newer revision, and under another version or as gone once discovery has found that out.
    return problemOf(error)
  }
  for (const event of stream.endOthers(alive, pinned)) await context.push(of, event)
  stream.bookmark(pinned)
  return null
}

function problemOf(error: unknown): ScopeError {
  return error instanceof ScopeError ? error : new ScopeError('UNREACHABLE', sentenceOf(error))
}

function gapOf(
  flock: readonly Unheard[],
  pinned: bigint,
  births: ReadonlyMap<string, bigint>,
): Extract<SourceItem, { kind: 'gap' }> {
  const isNew = ({ stream }: Unheard) => stream.frontier === 0n
  // Of a kind that is new here, but did not begin while this watched, nothing is known before.
  const from = flock.map((one) => (isNew(one) ? (births.get(one.name) ?? pinned - 1n) : one.stream.frontier))
  const fromRevision = minBigInt(from.reduce(minBigInt), pinned - 1n) + 1n
  const words = flock.length > 3 ? `${flock.length} resources` : flock.map(({ name }) => name).join(', ')
  const reason = flock.every(isNew)
    ? `${words} was first listed at revision ${pinned}`
    : flock.every(({ isGone }) => isGone)
      ? `${words} went away unseen`
      : `the apiserver had dropped changes of ${words} before they were read`
  return { kind: 'gap', fromRevision, toRevision: pinned, reason }
}
