/** What goes into a description of a change, and what comes out. */
import type { ChangeOp, Significance } from '../contract/change'

export interface ChangeToDescribe {
  readonly op: 'put' | 'delete'
  readonly key: Uint8Array
  /** Empty for a delete. */
  readonly value: Uint8Array
  /** The key's first version. */
  readonly created: boolean
  /** 0 without a lease. */
  readonly leaseId: bigint
  /** The stored version before; null when unknown or redacted. */
  readonly previous: Uint8Array | null
  readonly previousFingerprint: Uint8Array | null
  /** When the change was seen live, epoch ms; null or absent when it was back-filled. */
  readonly observedMs?: number | null
}

export interface Described {
  readonly op: ChangeOp
  readonly resource: string | null
  readonly namespace: string | null
  readonly name: string | null
  /** The tool that wrote it, from managedFields; deletes name none. */
  readonly manager: string | null
  readonly significance: Significance
  readonly summary: string | null
  /** What may be stored: null for deletes and for redacted values; without the parts that a rule redacts by path. */
  readonly value: Uint8Array | null
  /** Of a value that is redacted, whole or in part; see fingerprint.ts. */
  readonly fingerprint: Uint8Array | null
  /** The object itself says it was written at or after this epoch time; null when it does not say. */
  readonly notBeforeMs: number | null
}
