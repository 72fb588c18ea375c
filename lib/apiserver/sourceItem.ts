import type { ScopeError } from '../core/errors'
import type { ObjectEvent } from './apiEvent'

/** What the streams of one cluster tell together, in order. */
export type SourceItem =
  | {
      readonly kind: 'events'
      /** Whole revisions, ascending, above everything given before. */
      readonly events: readonly ObjectEvent[]
      readonly through: bigint
      readonly receivedAtMs: number
      /** Written before its stream was opened: `receivedAtMs` is only a bound then. */
      readonly catchingUp: boolean
    }
  /** Nothing up to `through` is missing. */
  | { readonly kind: 'progress'; readonly through: bigint }
  /** Changes of revisions that were passed already, in the order of each object. */
  | { readonly kind: 'late'; readonly events: readonly ObjectEvent[]; readonly receivedAtMs: number }
  /** What lies between is not told whole; declared before what is read behind it. */
  | { readonly kind: 'gap'; readonly fromRevision: bigint; readonly toRevision: bigint; readonly reason: string }
  /** Each resource is told whole up to here; in place, so that whoever kept what came before may rely on it. */
  | { readonly kind: 'frontiers'; readonly frontiers: ReadonlyMap<string, bigint> }
  | {
      readonly kind: 'connection'
      readonly state: 'open' | 'lost'
      readonly error: ScopeError | null
    }
