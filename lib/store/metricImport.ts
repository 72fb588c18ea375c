import type { ClusterRef } from './identity'
import type { SampleInput } from './samples'

/**
 * Metrics of the past, brought in from elsewhere. They are kept as they came: upkeep rolls up what is measured here
 * and drops it after a day, and would lose the resolution that rules are tested at.
 */

/** What a member was at one look. */
export interface MemberStateInput {
  readonly memberId: string
  readonly name: string
  readonly state: 'leader' | 'follower' | 'learner' | 'no-leader' | 'down'
  readonly term: bigint | null
}

export interface MemberStretch extends MemberStateInput {
  readonly fromMs: number
  readonly toMs: number
}

export interface MetricImporter {
  /** Before the first sample: what is brought in through that moment is kept raw for good. */
  beginMetricImport(cluster: ClusterRef, throughMs: number): Promise<void>
  /** Samples of any times in one transaction; what is there already at such a time is written again, as it comes. */
  importSamples(
    cluster: ClusterRef,
    scrapes: readonly { readonly atMs: number; readonly samples: readonly SampleInput[] }[],
  ): Promise<void>
  /** Replaces what was known of the members within the range. */
  importMemberStates(
    cluster: ClusterRef,
    range: { readonly fromMs: number; readonly toMs: number },
    stretches: readonly MemberStretch[],
  ): Promise<void>
  /** Ends an import: rolls its time up for charts. */
  finishMetricImport(cluster: ClusterRef, range: { readonly fromMs: number; readonly toMs: number }): Promise<void>
  /** When the collector's own samples of that metric begin; null while there are none. */
  firstSampleMs(cluster: ClusterRef, metric: string): Promise<number | null>
}
