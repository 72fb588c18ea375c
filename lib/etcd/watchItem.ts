import type { ScopeError } from '../core/errors'
import type { KeyEvent } from './wire/keyValue'

/** What a watch session tells, in order. After `compacted` or `restored` nothing follows. */
export type WatchItem =
  | {
      readonly kind: 'events'
      /** Whole revisions, ascending, strictly above everything delivered before. Slices of received messages. */
      readonly events: readonly KeyEvent[]
      /** Revision of the last event: the cursor once these are stored. */
      readonly through: bigint
      readonly receivedAtMs: number
      /** True for revisions that were written before this watch reached them: `receivedAtMs` is only a bound then. */
      readonly catchingUp: boolean
    }
  /** The member's word that nothing up to `through` is missing. */
  | { readonly kind: 'progress'; readonly through: bigint }
  /** Everything up to there is gone, and it begins above what was delivered. */
  | { readonly kind: 'compacted'; readonly compactRevision: bigint }
  /** Another cluster answers, or this one was set back in time. */
  | {
      readonly kind: 'restored'
      readonly etcdClusterId: string
      readonly headRevision: bigint
      readonly reason: string
    }
  | {
      readonly kind: 'connection'
      readonly state: 'connecting' | 'open' | 'lost'
      readonly endpoint: string
      /** With `lost`: why. */
      readonly error: ScopeError | null
      /** With `open`: the cluster that answers. */
      readonly etcdClusterId: string | null
    }
