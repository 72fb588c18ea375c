import type { WorkloadStatus } from '../contract'
import type { PodStepRow, StepStatus, StoredInsight, TrackedRole, WorkloadStepRow } from '../store'
import type { Entry, WorkloadModel } from './model'
import type { Moment } from './rollouts'

/** What is stored of an object at a revision, and when two of those say the same. Pure. */

const noFigures = { desired: null, current: null, updated: null, ready: null, available: null }

export function stepOf(
  entry: Entry,
  role: TrackedRole,
  model: WorkloadModel,
  insights: readonly StoredInsight[],
  last: WorkloadStepRow | null,
  { revision, atMs }: Moment,
): WorkloadStepRow {
  const { status, generation, observedGeneration, figures } = entry.facts
  return {
    keyId: entry.keyId,
    revision,
    atMs,
    sinceMs: last?.status === status.status ? last.sinceMs : atMs,
    status: status.status,
    reason: status.reason,
    generation,
    observedGeneration,
    ...(role === 'service' ? endpointFigures(entry, model) : (figures ?? noFigures)),
    insights,
  }
}

function endpointFigures(service: Entry, model: WorkloadModel) {
  const { ready, notReady } = model.endpointsOf(service)
  return { ...noFigures, current: ready + notReady, ready }
}

export function emptyStep(keyId: number, status: 'gone' | 'unrecorded', { revision, atMs }: Moment): WorkloadStepRow {
  const nothing = { reason: null, generation: null, observedGeneration: null, ...noFigures, insights: [] }
  return { keyId, revision, atMs, sinceMs: atMs, status, ...nothing }
}

/** Insights apart: they are kept by themselves. */
export function sameStep(a: WorkloadStepRow, b: WorkloadStepRow): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.generation === b.generation &&
    a.observedGeneration === b.observedGeneration &&
    a.desired === b.desired &&
    a.current === b.current &&
    a.updated === b.updated &&
    a.ready === b.ready &&
    a.available === b.available
  )
}

export function sameInsights(a: readonly StoredInsight[], b: readonly StoredInsight[]): boolean {
  if (a.length !== b.length) return false
  return a.length === 0 || JSON.stringify(a.map(listOf)) === JSON.stringify(b.map(listOf))
}

function listOf({ kind, fromMs, untilMs, count, detail, keyIds }: StoredInsight) {
  return [kind, fromMs, untilMs, count, detail, keyIds]
}

/** From Current to something worse; deletion is meant. */
export function leaves(last: Pick<WorkloadStepRow, 'status'>, status: StepStatus | WorkloadStatus): boolean {
  return last.status === 'Current' && (status === 'InProgress' || status === 'Failed' || status === 'Unknown')
}

/** When it left Current under the generation of the last of these steps. */
export function departuresIn(steps: readonly WorkloadStepRow[]): number[] {
  let departures: number[] = []
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (before === undefined || before.generation !== step.generation) departures = []
    else if (leaves(before, step.status)) departures.push(step.atMs)
  }
  return departures
}

export function podStepOf(entry: Entry, { revision, atMs }: Moment): PodStepRow {
  const { status, pod } = entry.facts
  return {
    keyId: entry.keyId,
    revision,
    atMs,
    phase: pod?.state.phase ?? 'unknown',
    reason: pod?.state.reason ?? null,
    status: status.status,
    restarts: pod?.state.restarts ?? 0,
  }
}

export function samePodStep(a: PodStepRow, b: PodStepRow): boolean {
  return a.phase === b.phase && a.reason === b.reason && a.status === b.status && a.restarts === b.restarts
}
