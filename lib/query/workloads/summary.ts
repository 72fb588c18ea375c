import type { AnswerOf, InputOf, WorkloadGroup } from '../../contract'
import type { RolloutRow, StatusStepRow } from '../../store/workloadStore'
import { timeOf } from '../instant'
import { clusterOf, type Scope } from '../scope'
import { shownStatus } from './items'
import { countsOf } from './list'
import { percentilesOf, rolloutsBy } from './rolloutSpans'
import { type Span, spanOf } from './span'

/** Roll-ups by namespace or kind: how many workloads are not Current, over time, and how long rollouts take. */

const pointsShown = 2_000
type Points = WorkloadGroup['notCurrent']

interface Tally {
  readonly label: string | null
  readonly statuses: WorkloadStatusAtEnd[]
  /** [time, +1 or -1] each time that a workload leaves Current or comes back. */
  readonly moves: [number, 1 | -1][]
  readonly rollouts: RolloutRow[]
}
type WorkloadStatusAtEnd = ReturnType<typeof shownStatus>

export async function workloadSummary(
  scope: Scope,
  input: InputOf<'workloadSummary'>,
): Promise<AnswerOf<'workloadSummary'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const span = await spanOf(scope, cluster, input)
  const { reader } = scope
  const lanes = await reader.statusSteps(cluster, span.epoch, 'workload', { from: span.from, to: span.to })
  const rollouts = await reader.rolloutsWithin(cluster, span.epoch, { from: span.from, to: span.to })
  const all: Tally = emptyTally(null)
  const groups = new Map<string | null, Tally>()
  const labelOf = new Map<number, string | null>()
  for (const lane of lanes) {
    const label = input.by === 'kind' ? lane.kind : lane.namespace
    labelOf.set(lane.keyId, label)
    const tally = groups.get(label) ?? emptyTally(label)
    groups.set(label, tally)
    for (const into of [all, tally]) count(into, lane.steps, span)
  }
  for (const row of rolloutsBy(rollouts, span.to)) {
    const label = labelOf.get(row.keyId)
    if (label === undefined) continue
    all.rollouts.push(row)
    groups.get(label)?.rollouts.push(row)
  }
  const { label: _, ...whole } = groupOf(all, span)
  return {
    revision: String(span.to),
    at: timeOf(span.toMs),
    derivedThrough: String((await reader.derivedThrough(cluster, span.epoch)) ?? 0n),
    cluster: whole,
    groups: [...groups.values()]
      .map((tally) => groupOf(tally, span))
      .sort((a, b) => notCurrent(b) - notCurrent(a) || order(a.label ?? '', b.label ?? '')),
  }
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const notCurrent = ({ counts }: Pick<WorkloadGroup, 'counts'>) => counts.total - counts.Current

function emptyTally(label: string | null): Tally {
  return { label, statuses: [], moves: [], rollouts: [] }
}

/** A workload that is not there, or of which nothing is recorded, is not counted as not Current. */
function count(into: Tally, steps: readonly StatusStepRow[], span: Span): void {
  let bad = false
  for (const step of steps) {
    const isBad = step.status !== 'Current' && step.status !== 'gone' && step.status !== 'unrecorded'
    if (isBad !== bad) into.moves.push([Math.max(span.fromMs, step.atMs), isBad ? 1 : -1])
    bad = isBad
  }
  const last = steps.at(-1)
  if (last !== undefined && last.status !== 'gone' && last.status !== 'unrecorded') {
    into.statuses.push(shownStatus(last.status))
  }
}

function groupOf({ label, statuses, moves, rollouts }: Tally, span: Span): WorkloadGroup {
  const outcomes = { 'in-progress': 0, converged: 0, superseded: 0, failed: 0, 'rolled-back': 0, deleted: 0 }
  for (const { outcome } of rollouts) outcomes[outcome]++
  return {
    label,
    counts: countsOf(statuses),
    notCurrent: steppedPoints(moves, span),
    converge: percentilesOf(rollouts.flatMap(({ convergedMs }) => (convergedMs === null ? [] : [convergedMs]))),
    outcomes,
  }
}

function steppedPoints(moves: readonly [number, 1 | -1][], { fromMs, toMs }: Span): Points {
  const points: [number, number][] = [[fromMs, 0]]
  let value = 0
  for (const [atMs, by] of [...moves].sort((a, b) => a[0] - b[0])) {
    value += by
    const last = points.at(-1)
    if (last !== undefined && last[0] === atMs) last[1] = value
    else points.push([atMs, value])
  }
  return points.length <= pointsShown ? points : maximaOf(points, fromMs, toMs)
}

/** One point a bucket, its maximum, so that no peak is lost. */
function maximaOf(points: readonly [number, number][], fromMs: number, toMs: number): Points {
  const widthMs = Math.max(1, Math.ceil((toMs - fromMs + 1) / pointsShown))
  const maxima = new Map<number, number>()
  let value = 0
  for (const [atMs, now] of points) {
    const bucket = Math.floor((atMs - fromMs) / widthMs)
    maxima.set(bucket, Math.max(maxima.get(bucket) ?? value, now))
    value = now
  }
  return [...maxima].map(([bucket, most]) => [fromMs + bucket * widthMs, most])
}
