import type { ChangeOp, InsightKind, PodPhase, RolloutCause, RolloutOutcome, WorkloadStatus } from '../contract'
import type { ClusterRef, Ownership } from './identity'

/**
 * What was derived about workloads: steps of their state, rollouts, who belonged to whom. All of it follows from the
 * changes, in their order; `derivedThrough` says how far. The changes stay the truth, these rows may be made anew.
 */

/** Why an object has steps: it is listed, or what it says is asked for over time. */
export type TrackedRole = 'workload' | 'service' | 'node'

/** gone: deleted. unrecorded: the record has a gap from here on. */
export type StepStatus = WorkloadStatus | 'gone' | 'unrecorded'

/** A remark as it is stored: codes and keys, no sentence. It holds in [fromMs, untilMs) of the step that carries it. */
export interface StoredInsight {
  readonly kind: InsightKind
  readonly fromMs: number | null
  readonly untilMs: number | null
  /** How many objects it is about; `keyIds` names at most ten of them. */
  readonly count: number
  readonly detail: string
  readonly keyIds: readonly number[]
}

/** Pod counts as the object states them; a Service: current its endpoints, ready those that are. */
export interface StepFigures {
  readonly desired: number | null
  readonly current: number | null
  readonly updated: number | null
  readonly ready: number | null
  readonly available: number | null
}

export interface WorkloadStepRow extends StepFigures {
  readonly keyId: number
  readonly revision: bigint
  readonly atMs: number
  /** From when on it has this status. */
  readonly sinceMs: number
  readonly status: StepStatus
  readonly reason: string | null
  readonly generation: number | null
  readonly observedGeneration: number | null
  /** What holds at this step or, where it is the newest of a range, at the range's end. */
  readonly insights: readonly StoredInsight[]
}

/** From this revision on these are the remarks on the workload; a row only where they differ from the row before. */
export interface InsightRow {
  readonly keyId: number
  readonly revision: bigint
  readonly insights: readonly StoredInsight[]
}

export interface PodStepRow {
  readonly keyId: number
  readonly revision: bigint
  readonly atMs: number
  readonly phase: PodPhase
  readonly reason: string | null
  readonly status: WorkloadStatus
  readonly restarts: number
}

export interface RolloutFailure {
  readonly revision: bigint
  readonly atMs: number
  readonly keyId: number
  readonly reason: string
  readonly message: string | null
}

/** baseline: the template that was there when the record began. run: one Job, from its start to its end. */
export type StoredCause = RolloutCause | 'baseline' | 'run'

export interface RolloutRow {
  readonly keyId: number
  readonly fromRevision: bigint
  readonly generation: number
  readonly startedMs: number
  readonly cause: StoredCause
  readonly outcome: RolloutOutcome
  readonly endedRevision: bigint | null
  readonly endedMs: number | null
  /** Null also where a gap of the record lies within. */
  readonly convergedMs: number | null
  /** When a Pod was deleted that was there at the start, ascending. */
  readonly replacedAt: readonly bigint[]
  /** A hash of the pod template as this generation wants it. */
  readonly template: number | null
  readonly failures: readonly RolloutFailure[]
}

export interface OwnedRow {
  readonly ownerId: number
  readonly keyId: number
  readonly fromRevision: bigint
  readonly fromMs: number
  readonly toRevision: bigint | null
  readonly toMs: number | null
  readonly node: string | null
}

export interface TrackedInput {
  readonly keyId: number
  readonly role: TrackedRole
  readonly kind: string
  readonly group: string
  /** Of its present life: an object of the same name may have lived before. */
  readonly firstRevision: bigint
  readonly endedRevision: bigint | null
}

/** A key by its id, as the change log describes it. */
export interface KeyName {
  readonly keyId: number
  readonly key: Uint8Array
  readonly resource: string | null
  readonly namespace: string | null
  readonly name: string | null
}

/** One version of an object, or its deletion. */
export interface ObjectRow extends KeyName {
  readonly revision: bigint
  readonly op: ChangeOp
  readonly atMs: number
  readonly createRevision: bigint
  /** Null for a deletion and for a redacted value. */
  readonly value: Uint8Array | null
}

/** Which changes the derivation reads; everything else costs it nothing. */
export interface ObjectFilter {
  readonly resources: ReadonlySet<string>
  /** Resources with a dot in their name are custom. */
  readonly custom: boolean
  /** Resources of which also heartbeats are read. */
  readonly withHeartbeats: ReadonlySet<string>
}

export interface DerivationGap {
  readonly fromRevision: bigint
  readonly toRevision: bigint
  readonly atMs: number
  /** Of the newest change before it. */
  readonly beforeMs: number | null
}

export interface DerivationEpoch {
  readonly epoch: number
  readonly storedRevision: bigint
  /** Null before the first derivation. */
  readonly derivedThrough: bigint | null
  /** Ascending; those that overlap as one. */
  readonly gaps: readonly DerivationGap[]
  /** Where the record has changed below what was there: a row that came late or a gap; null when nowhere. */
  readonly lateFrom: bigint | null
  /** The newest link of the cluster's chain, which tells what came late from what does later. */
  readonly chainSeq: number
}

/** One of those that live: what its derivation goes on from. */
export interface TrackedRest extends TrackedInput {
  /** Its newest step and those of the time before it that was asked for, oldest first; none after a deletion. */
  readonly recent: readonly WorkloadStepRow[]
  /** Of the newest row of its insights; null without one. */
  readonly insightRevision: bigint | null
  /** The rollout without an end. */
  readonly open: RolloutRow | null
  readonly templates: readonly number[]
  /** How long its last runs took, oldest first. */
  readonly runs: readonly number[]
}

/** What a derivation that was interrupted goes on from, beside the state of the objects. */
export interface DerivationRest {
  readonly tracked: readonly TrackedRest[]
  /** Those without an end. */
  readonly owned: readonly OwnedRow[]
}

export interface DerivedBatch {
  readonly cluster: ClusterRef
  readonly epoch: number
  readonly ownership: Ownership
  readonly through: bigint
  /** What came late up to this link is in these rows or above `through`. */
  readonly chainSeq: number
  readonly tracked: readonly TrackedInput[]
  readonly steps: readonly WorkloadStepRow[]
  readonly insights: readonly InsightRow[]
  readonly podSteps: readonly PodStepRow[]
  /** Written anew under the same key when something of it has changed. */
  readonly rollouts: readonly RolloutRow[]
  readonly owned: readonly OwnedRow[]
}

export type DerivedStepBack = Pick<DerivedBatch, 'cluster' | 'epoch' | 'ownership' | 'through' | 'chainSeq'>

export interface WorkloadWriter {
  /** Clusters of which not everything that is stored is derived. */
  underived(): Promise<ClusterRef[]>
  /** `taken`: what came late is taken in up to that link, where that is further than what is stored says. */
  derivation(
    cluster: ClusterRef,
    filter: ObjectFilter,
    taken: { readonly epoch: number; readonly chainSeq: number } | null,
  ): Promise<DerivationEpoch[]>
  /** `recentMs`: of how long before the newest derived change steps are wanted. */
  derivationRest(cluster: ClusterRef, epoch: number, recentMs: number): Promise<DerivationRest>
  /** The objects alive at the revision, in pages. */
  objectsAt(
    cluster: ClusterRef,
    epoch: number,
    revision: bigint,
    filter: ObjectFilter,
  ): AsyncIterable<readonly ObjectRow[]>
  /** Versions after `after` up to `through` in order, whole revisions, about `limit` of them; `through` says how far. */
  objectChanges(
    cluster: ClusterRef,
    epoch: number,
    range: { after: bigint; through: bigint },
    filter: ObjectFilter,
    limit: number,
  ): Promise<{ rows: ObjectRow[]; through: bigint }>
  writeDerived(batch: DerivedBatch): Promise<void>
  /** Takes back what was derived of later revisions, so that it is derived anew with what came late. */
  stepBackDerived(to: DerivedStepBack): Promise<void>
}

export interface StatusStepRow {
  readonly atMs: number
  readonly sinceMs: number
  readonly status: StepStatus
  readonly reason: string | null
}

/** An object's changes of status: what held at the start of a range, then each. */
export interface StatusLane {
  readonly keyId: number
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
  readonly steps: readonly StatusStepRow[]
}

/** A tracked object at a revision: who it is and the step that holds. */
export interface TrackedRow extends KeyName {
  readonly kind: string
  readonly group: string
  readonly step: WorkloadStepRow
}

export interface WorkloadReader {
  derivedThrough(cluster: ClusterRef, epoch: number): Promise<bigint | null>
  /** Those alive at the revision, with the newest step at or below it. No order. */
  trackedAt(cluster: ClusterRef, epoch: number, revision: bigint, role: TrackedRole): Promise<TrackedRow[]>
  /** The step that holds at the revision; null before the first, after a deletion, and in a gap. */
  trackedStep(cluster: ClusterRef, epoch: number, keyId: number, revision: bigint): Promise<WorkloadStepRow | null>
  /** The object by its name, also one that is deleted. */
  findTracked(
    cluster: ClusterRef,
    epoch: number,
    wanted: { kind: string; group: string | null; namespace: string | null; name: string },
  ): Promise<(KeyName & { readonly kind: string; readonly group: string }) | null>
  /** Oldest first: what holds at `from`, then each step up to `to`; the newest `limit` of them. */
  workloadSteps(
    cluster: ClusterRef,
    epoch: number,
    keyId: number,
    range: { from: bigint; to: bigint; limit: number },
  ): Promise<WorkloadStepRow[]>
  /** Of every object of the role that was there in the range. */
  statusSteps(
    cluster: ClusterRef,
    epoch: number,
    role: TrackedRole,
    range: { from: bigint; to: bigint },
  ): Promise<StatusLane[]>
  /** Of all workloads: those that ended in the range or had not ended at its end. */
  rolloutsWithin(cluster: ClusterRef, epoch: number, range: { from: bigint; to: bigint }): Promise<RolloutRow[]>
  /** Of these keys up to the revision of their start, by key and start. */
  rollouts(cluster: ClusterRef, epoch: number, keyIds: readonly number[], through: bigint): Promise<RolloutRow[]>
  /** Everything that began up to `to` and ended, if it did, at or after `from`; by start, the newest `limit`. */
  ownedBy(
    cluster: ClusterRef,
    epoch: number,
    ownerIds: readonly number[],
    range: { from: bigint; to: bigint; limit: number },
  ): Promise<OwnedRow[]>
  /**
   * The newest version of each key in the range that changed between two revisions, newest first, deletions passed
   * over: what it said last. For events, which outlive nothing.
   */
  lastVersions(
    cluster: ClusterRef,
    epoch: number,
    keys: { from: Uint8Array; to: Uint8Array },
    range: { from: bigint; to: bigint; limit: number },
  ): Promise<ObjectRow[]>
  /** All steps up to the revision, by key and revision. */
  podSteps(cluster: ClusterRef, epoch: number, keyIds: readonly number[], through: bigint): Promise<PodStepRow[]>
  keyNames(keyIds: readonly number[]): Promise<Map<number, KeyName>>
}
