import type { ChangeOp, Significance } from '../contract'
import type { ChangeInput, GapInput } from './change'
import type { ClusterRef } from './identity'

/** What comes out of the record. int64 values are bigint; times are epoch milliseconds. */

/** The newest stored version of a key. */
export interface KeyVersion {
  readonly key: Uint8Array
  readonly modRevision: bigint
  readonly version: bigint
  readonly value: Uint8Array | null
  readonly fingerprint: Uint8Array | null
}

export interface EpochRow {
  readonly epoch: number
  readonly etcdClusterId: string | null
  readonly startedMs: number
  readonly reason: string | null
  readonly storedRevision: bigint
  /** First revision that the record holds or declares. */
  readonly firstRevision: bigint | null
  readonly firstMs: number | null
  readonly lastMs: number | null
}

export interface GapRow extends GapInput {
  readonly epoch: number
  /** atMs of the neighbours in the record; null when there is none on that side. */
  readonly beforeMs: number | null
  readonly afterMs: number | null
}

export interface ClusterRow extends ClusterRef {
  readonly source: 'etcd' | 'apiserver'
  readonly demo: boolean
  /** Newest last. Never empty. */
  readonly epochs: readonly EpochRow[]
  readonly gaps: readonly GapRow[]
  /** The snapshot document, unchecked, and when it was written. */
  readonly snapshot: { readonly document: unknown; readonly atMs: number } | null
}

/** A change as stored: {@link ChangeInput} without the value bytes. */
export interface ChangeRow extends Omit<ChangeInput, 'value'> {
  readonly epoch: number
}

export interface ChangeFilter {
  readonly epoch?: number
  readonly key?: Uint8Array
  /** [from, to) over raw key bytes. */
  readonly keyRange?: { from: Uint8Array; to: Uint8Array }
  readonly resources?: readonly string[]
  readonly namespaces?: readonly string[]
  readonly name?: string
  readonly managers?: readonly string[]
  readonly ops?: readonly ChangeOp[]
  readonly significances?: readonly Significance[]
  /** Case-insensitive substring of key or summary. */
  readonly text?: string
  readonly fromMs?: number
  readonly toMs?: number
  readonly fromRevision?: bigint
  readonly toRevision?: bigint
}

/** Position within (epoch, revision, ordinal). */
export interface ChangePosition {
  readonly epoch: number
  readonly revision: bigint
  readonly ordinal: number
}

export interface KeyAtRow {
  readonly key: Uint8Array
  readonly modRevision: bigint
  readonly createRevision: bigint
  readonly version: bigint
  readonly leaseId: bigint
  readonly valueBytes: number
  /** Retention removed what the key was at this revision: the row is of a change before that. */
  readonly unknown?: true
}

export interface ValueRow extends ChangeRow {
  /** Reconstructed and checked against its hash; null when redacted. */
  readonly value: Uint8Array | null
}

/** The state after a revision of an epoch. */
export interface RevisionAt {
  readonly epoch: number
  readonly revision: bigint
}

/** A key whose content differs between two revisions: its newest change at either, deletes included. */
export interface DifferenceRow {
  readonly before: ChangeRow | null
  readonly after: ChangeRow | null
  /** Whether `after` is the one and only change of the key between the two. */
  readonly single: boolean
  /** Retention removed what the key was at one of the two revisions: whether it differs is not known. */
  readonly unknown?: true
}

export type ActivityBy = 'resource' | 'namespace' | 'manager' | 'op' | 'key' | 'significance'

export interface SeriesPoints {
  readonly labels: Readonly<Record<string, string>>
  /** [bucket start epoch ms, value]; buckets without a sample are left out (the query layer makes them null). */
  readonly points: readonly (readonly [number, number])[]
}
