import type { CollectorState, StreamTopic } from '../contract'
import type { AlertReader } from './alerts'
import type { ApiResourceReader, ApiResourceWriter } from './apiResources'
import type { ChangeInput, GapInput } from './change'
import type { ClusterRef, Ownership } from './identity'
import type { MemberStateInput, MetricImporter } from './metricImport'
import type { NotifyReader } from './notify'
import type { ResourceCursorWriter } from './resourceCursors'
import type { RetentionReader, RetentionWriter } from './retention'
import type {
  ActivityBy,
  ChangeFilter,
  ChangePosition,
  ChangeRow,
  ClusterRow,
  DifferenceRow,
  KeyAtRow,
  KeyVersion,
  RevisionAt,
  SeriesPoints,
  ValueRow,
} from './rows'
import type { SampleInput, SampleReader } from './samples'
import type { WorkloadReader, WorkloadWriter } from './workloadStore'

export type * from './change'
export type { ClusterRef, Ownership } from './identity'
export type { MemberStateInput } from './metricImport'
export type * from './rows'
export type { SampleInput } from './samples'

/**
 * The record's interface: what the collector writes and what queries read. Two engines implement it (SQLite now,
 * PostgreSQL next); callers never see which. Every method may be called while others run; every write is one
 * transaction. int64 values are bigint.
 *
 * Invariants that every engine keeps:
 * - exactly once: primary key (cluster, epoch, revision, ordinal), and a key changes at most once per revision;
 * - changes and cursor move in one transaction, whole revisions only;
 * - append-only: nothing here updates or deletes a change, but for retention (retention.ts), which declares it;
 * - within an epoch, `atMs` never decreases as the revision grows, so a time is found by bisection over revisions.
 */

/** Where the record of an epoch stands: everything up to `revision` is stored or inside a gap. */
export interface Cursor {
  readonly epoch: number
  readonly revision: bigint
  /** Hex cluster id that etcd reported for this epoch; null before the first contact. */
  readonly etcdClusterId: string | null
  /** atMs of the newest stored change, the floor for the next one; null when the epoch is empty. */
  readonly lastAtMs: number | null
}

export interface AppendBatch {
  readonly cluster: ClusterRef
  readonly epoch: number
  readonly ownership: Ownership
  /** Ascending by (revision, ordinal); whole revisions only; all above the cursor. */
  readonly changes: readonly ChangeInput[]
  /** The cursor after this batch: the last change's revision, or a genuine progress revision. */
  readonly through: bigint
}

export interface AppendResult {
  readonly appended: number
  readonly cursor: bigint
}

export interface LeaderChangeInput {
  readonly atMs: number
  readonly term: bigint
  readonly fromMemberId: string | null
  readonly fromName: string | null
  readonly toMemberId: string
  readonly toName: string
  readonly leaderlessMs: number
  readonly planned: boolean
  readonly elections: number
  readonly revision: bigint | null
}

/**
 * What the collector knows *now* of a cluster: state, leader, members, alarms, lag. One JSON document, replaced each
 * second; `lib/collector` makes it and `lib/query` checks it with the schema in `lib/contract/snapshot`.
 */
export interface SnapshotInput {
  readonly state: CollectorState
  readonly document: unknown
  readonly atMs: number
}

export interface RecordWriter
  extends MetricImporter,
    ResourceCursorWriter,
    ApiResourceWriter,
    RetentionWriter,
    WorkloadWriter {
  /** Finds or creates the cluster; its first epoch is 1. */
  ensureCluster(name: string, source: 'etcd' | 'apiserver', demo: boolean): Promise<ClusterRef>
  /**
   * Takes or renews the cluster's lease; null while another owner's lease is alive. `isGone` may say that an owner is
   * certainly dead (its process on this machine has ended), so that its lease need not run out first.
   */
  acquire(
    cluster: ClusterRef,
    owner: string,
    ttlMs: number,
    nowMs: number,
    isGone?: (owner: string) => boolean,
  ): Promise<Ownership | null>
  release(cluster: ClusterRef, ownership: Ownership): Promise<void>

  cursor(cluster: ClusterRef): Promise<Cursor>
  /** Names the etcd cluster of the present epoch; only while it is unnamed. */
  nameEpoch(cluster: ClusterRef, ownership: Ownership, etcdClusterId: string): Promise<void>
  /** Starts the next epoch (restore or replacement) with cursor 0 and returns it. */
  openEpoch(
    cluster: ClusterRef,
    ownership: Ownership,
    epoch: { etcdClusterId: string; reason: string; atMs: number },
  ): Promise<Cursor>

  /** Appends whole revisions and moves the cursor. Rejects with INTERNAL when the batch breaks an invariant. */
  append(batch: AppendBatch): Promise<AppendResult>

  /**
   * Stores one page of a re-sync: keys as they are at the pinned revision, each at its own mod_revision, and deletes
   * for keys that vanished, at the pinned revision. Rows that the record already has are left alone, so a re-sync
   * that was cut off can simply run again. The cursor does not move.
   */
  appendResync(batch: Omit<AppendBatch, 'through'>): Promise<{ appended: number }>
  /** Ends a re-sync in one transaction: the gap row, `at` in revision order, cursor = `through`. */
  finishResync(
    cluster: ClusterRef,
    epoch: number,
    ownership: Ownership,
    end: { through: bigint; gap: GapInput | null },
  ): Promise<void>

  /** Keys alive at the cursor in [fromKey, toKey) in key order; toKey empty = to the end. For the re-sync's merge. */
  liveKeys(
    cluster: ClusterRef,
    epoch: number,
    fromKey: Uint8Array,
    toKey: Uint8Array,
  ): Promise<{ key: Uint8Array; modRevision: bigint; createRevision: bigint; version: bigint }[]>
  /** The newest stored versions of these keys (missing and deleted ones left out), to describe their next change. */
  newest(cluster: ClusterRef, epoch: number, keys: readonly Uint8Array[]): Promise<KeyVersion[]>

  /** Extends each member's open stretch to `atMs`, or starts a new one when state or term moved or observation paused. */
  observeMembers(
    cluster: ClusterRef,
    members: readonly MemberStateInput[],
    atMs: number,
    pausedAfterMs: number,
  ): Promise<void>
  /** Exactly once per (cluster, term, to); a repeat is ignored. */
  recordLeaderChange(cluster: ClusterRef, change: LeaderChangeInput): Promise<void>
  /** The newest recorded one, so that a restarted collector goes on from it. */
  newestLeader(cluster: ClusterRef): Promise<{ term: bigint; memberId: string; lastSeenMs: number } | null>
  writeSamples(cluster: ClusterRef, atMs: number, samples: readonly SampleInput[]): Promise<void>
  writeSnapshot(cluster: ClusterRef, snapshot: SnapshotInput): Promise<void>
  /** Rolls raw samples up and drops those past their keeping time; returns what it did. Cheap to call each minute. */
  maintainSamples(nowMs: number): Promise<{ rolledUp: number; dropped: number }>
  close(): Promise<void>
}

// ---------------------------------------------------------------------------------------------------------- reading

export interface RecordReader
  extends AlertReader,
    ApiResourceReader,
    NotifyReader,
    RetentionReader,
    SampleReader,
    WorkloadReader {
  readonly engine: 'sqlite' | 'postgresql'
  sizeBytes(): Promise<number>
  clusters(): Promise<ClusterRow[]>
  cluster(name: string): Promise<ClusterRow | null>

  /** The newest revision with atMs <= `atMs`; null when the epoch starts later. By bisection. */
  revisionAt(cluster: ClusterRef, epoch: number, atMs: number): Promise<bigint | null>
  /** atMs of the newest change at or below the revision. */
  timeOf(cluster: ClusterRef, epoch: number, revision: bigint): Promise<number | null>

  changes(
    cluster: ClusterRef,
    filter: ChangeFilter,
    page: { order: 'asc' | 'desc'; limit: number; after: ChangePosition | null },
  ): Promise<ChangeRow[]>
  /** Keys alive at the revision in [from, to), key order, after `afterKey`. */
  keysAt(
    cluster: ClusterRef,
    epoch: number,
    revision: bigint,
    range: { from: Uint8Array; to: Uint8Array },
    page: { limit: number; afterKey: Uint8Array | null },
  ): Promise<KeyAtRow[]>
  /** The same range grouped by the part up to and including the next delimiter; leaves as their own keys. */
  treeAt(
    cluster: ClusterRef,
    epoch: number,
    revision: bigint,
    prefix: Uint8Array,
    delimiter: number,
    page: { limit: number; afterKey: Uint8Array | null },
  ): Promise<({ prefix: Uint8Array; count: number; valueBytes: number } | KeyAtRow)[]>
  /**
   * The newest change of the key at or below the revision, its value included; null when there is none. Rejects with
   * NOT_COVERED where retention has removed what it was.
   */
  valueAt(cluster: ClusterRef, epoch: number, key: Uint8Array, revision: bigint): Promise<ValueRow | null>
  /**
   * Keys in [from, to) whose existence or content differs between two revisions, key order. Equal content is no
   * difference, whatever happened in between. Bounded: a page may end before its limit is reached. `fromKey` is where
   * it begins, `nextKey` where the next one does; null when the range is done.
   */
  differences(
    cluster: ClusterRef,
    between: { from: RevisionAt; to: RevisionAt },
    range: { from: Uint8Array; to: Uint8Array },
    page: { limit: number; fromKey: Uint8Array | null },
  ): Promise<{ rows: DifferenceRow[]; nextKey: Uint8Array | null }>
  history(
    cluster: ClusterRef,
    key: Uint8Array,
    page: { limit: number; after: ChangePosition | null },
  ): Promise<ChangeRow[]>

  /** Counts (or value bytes) per bucket for the `top` labels by total, the rest under null. */
  activity(
    cluster: ClusterRef,
    query: { metric: 'changes' | 'bytes'; by: ActivityBy; fromMs: number; toMs: number; stepMs: number; top: number },
  ): Promise<{ series: { label: string | null; points: [number, number][] }[]; labels: number }>
  ledger(
    cluster: ClusterRef,
    query: { by: Exclude<ActivityBy, 'op' | 'significance'>; fromMs: number; toMs: number; limit: number },
  ): Promise<{ label: string; changes: number; bytes: number; meaningless: number }[]>

  metricNames(cluster: ClusterRef): Promise<{ metric: string; kind: 'gauge' | 'counter' | 'histogram' }[]>
  /** One value a bucket and series, aggregated from raw samples or roll-ups, whichever fits the step. */
  series(
    cluster: ClusterRef,
    query: {
      metric: string
      fromMs: number
      toMs: number
      stepMs: number
      /** Gauges: avg, min, max, last, sum. Counters: rate (per second), sum. Histograms: p50, p90, p99, rate, avg. */
      agg: 'avg' | 'min' | 'max' | 'last' | 'sum' | 'rate' | 'p50' | 'p90' | 'p99'
    },
  ): Promise<SeriesPoints[]>
  memberStates(
    cluster: ClusterRef,
    fromMs: number,
    toMs: number,
  ): Promise<(MemberStateInput & { fromMs: number; toMs: number })[]>
  leaderChanges(cluster: ClusterRef, fromMs: number, toMs: number): Promise<LeaderChangeInput[]>

  /**
   * Checks the record of a cluster as it is when this begins: every link of its hash chain follows from the one
   * before and from the stored changes, versions of each key count without holes outside gaps, nothing stands above
   * the cursor. `signal` stops it early. `knownHead` (hex) is a head that was written down earlier: while it is still
   * in the chain, nothing up to it was taken away.
   */
  verify(
    cluster: ClusterRef,
    signal?: AbortSignal,
    knownHead?: string,
  ): Promise<{
    checkedChanges: number
    checkedValues: number
    /** `toRevision` differs from `revision` when only the stretch is known; `key` when the very change is. */
    firstBad: {
      epoch: number
      revision: bigint
      toRevision: bigint
      key: Uint8Array | null
      reason: string
    } | null
    /** `head` is the newest link's hash in hex. `holdsKnownHead` is null when none was given. */
    chain: { links: number; head: string; holdsKnownHead: boolean | null }
  }>

  /**
   * What moved: one row a cluster and topic, with a sequence that grows with every write of that topic. The sequence
   * is one for the whole database (max + 1 at each write), so that its greatest value is a cursor over all topics.
   * `version()` is cheap (no table read) and differs whenever any process has committed since the last call.
   */
  version(): number
  pulses(): Promise<{ cluster: string; topic: StreamTopic; seq: number; cursor: string }[]>
  close(): Promise<void>
}
