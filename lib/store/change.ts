import type { ChangeOp, Significance } from '../contract'

/** What goes into the record. int64 values are bigint. */

/** One change as the collector hands it over: described and redacted already. */
export interface ChangeInput {
  readonly revision: bigint
  readonly ordinal: number
  readonly op: ChangeOp
  readonly key: Uint8Array
  /** The value to keep; null for a delete and for a redacted value. Empty values are an empty array. */
  readonly value: Uint8Array | null
  /** Length of the value in etcd, also when it is redacted; 0 for a delete. */
  readonly valueBytes: number
  /** Keyed fingerprint that stands in place of a redacted value, or beside one of which parts were redacted. */
  readonly fingerprint: Uint8Array | null
  readonly createRevision: bigint
  readonly version: bigint
  /** 0n when the key has no lease. */
  readonly leaseId: bigint
  readonly atMs: number
  readonly atSource: 'observed' | 'bound'
  readonly origin: 'watch' | 'resync'
  readonly resource: string | null
  readonly namespace: string | null
  readonly name: string | null
  readonly manager: string | null
  readonly significance: Significance
  /** One line for people, at most 300 characters; null when the op says it all. */
  readonly summary: string | null
}

export interface GapInput {
  readonly fromRevision: bigint
  readonly toRevision: bigint
  readonly reason: string
  readonly atMs: number
}
