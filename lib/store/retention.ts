import type { RetentionClass, RetentionPolicy } from '../contract'
import type { ClusterRef, Ownership } from './identity'

/**
 * Retention: what is no longer kept, and what the record says of it. Invariants that every engine keeps:
 * - the newest change of a live key is never removed, and for every class the whole state at its horizon and after it
 *   stays exact;
 * - what is removed is declared in the transaction that removes it: a stretch of its key, a link of the hash chain;
 * - what does not prove itself against the chain is never removed: evidence stays.
 */

/** Time before which a class is not kept, epoch milliseconds; null: it is kept. */
export type Cutoffs = Readonly<Record<RetentionClass, number | null>>

export interface RetainOptions {
  readonly ownership: () => Ownership
  readonly cutoffs: Cutoffs
  readonly nowMs: () => number
  /** Awaited between two steps, each of which is one short transaction. */
  readonly pause: () => Promise<void>
  readonly signal: AbortSignal
}

export interface Retained {
  readonly removedChanges: number
  readonly removedKeys: number
  /** One sentence: why it stopped before its end; null when it did not. */
  readonly problem: string | null
}

export interface HorizonRow {
  readonly epoch: number
  readonly class: RetentionClass
  readonly revision: bigint
  readonly atMs: number
}

/** Bytes of the database file, and of them in use. */
export interface StoreUsage {
  readonly databaseBytes: number
  readonly usedBytes: number
}

export interface RetentionWriter {
  /** Removes what lies before the cutoffs, in short steps. */
  retain(cluster: ClusterRef, options: RetainOptions): Promise<Retained>
  /** Deletes values that no change needs any more; returns their bytes. For all clusters. */
  sweepValues(options: Pick<RetainOptions, 'pause' | 'signal'>): Promise<{ bytes: number }>
  usage(): Promise<StoreUsage>
  /** Clusters that have a policy of their own, set on the screen. */
  screenPolicies(): Promise<{ cluster: ClusterRef; policy: unknown }[]>
  /** atMs of the oldest change of each class behind its horizon; null when there is none. */
  oldestOfClasses(cluster: ClusterRef): Promise<Readonly<Record<RetentionClass, number | null>>>
  /** What is in force and what was done last: a JSON document that `lib/query` checks. */
  writeRetentionState(cluster: ClusterRef, state: unknown, atMs: number): Promise<void>
}

/** Changes of one key that were removed, between two that are kept. */
export interface RemovedStretch {
  readonly epoch: number
  /** The kept change behind them. */
  readonly beforeRevision: bigint
  readonly firstRevision: bigint
  readonly lastRevision: bigint
  readonly changes: number
}

export interface RetentionReader {
  horizons(cluster: ClusterRef): Promise<HorizonRow[]>
  /** Stretches of the key, newest first. */
  removedOf(cluster: ClusterRef, key: Uint8Array, limit: number): Promise<RemovedStretch[]>
  /** Present cost of each class, and what cutoffs would free, counted over the whole record in short steps. */
  retentionCost(
    cluster: ClusterRef,
    cutoffs: Cutoffs,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<RetentionClass, ClassCost>>>
  usage(): Promise<StoreUsage>
  /** As set on the screen, unchecked. */
  screenPolicy(cluster: ClusterRef): Promise<{ policy: unknown; setMs: number } | null>
  /** As the collector wrote it, unchecked. */
  retentionState(cluster: ClusterRef): Promise<unknown>
}

export interface ClassCost {
  readonly changes: number
  /** From the sizes of a sample, indexes included. */
  readonly bytes: number
  readonly oldestMs: number | null
  /** What the cutoffs would remove. */
  readonly freed: { readonly changes: number; readonly bytes: number }
}

/** What people set on the screen: written by the web process. */
export interface RetentionOperator {
  setRetentionPolicy(cluster: ClusterRef, policy: RetentionPolicy, nowMs: number): Promise<void>
}

export const classes: readonly RetentionClass[] = ['heartbeats', 'events', 'status', 'configuration']

export function cutoffsOf(policy: RetentionPolicy, nowMs: number): Cutoffs {
  const before = (keptMs: number | null) => (keptMs === null ? null : Math.max(0, nowMs - keptMs))
  return {
    heartbeats: before(policy.heartbeatsMs),
    events: before(policy.eventsMs),
    status: before(policy.statusMs),
    configuration: before(policy.configurationMs),
  }
}
