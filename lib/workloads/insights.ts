import { median } from '../core/median'
import { nextRunMs } from '../kubernetes/workload/cronSchedule'
import type { PodProblem } from '../kubernetes/workload/podState'
import type { StoredInsight } from '../store'
import type { Entry, WorkloadModel } from './model'

/**
 * Our remarks on one workload at a time, from the model alone. What time alone will bring (a Pod that does not become
 * ready, a run that is late) is no remark yet; `nextMs` says when to look again.
 */

/** A load balancer or a volume may take this long. */
const provisionWindowMs = 60_000
/** Past this the controller should have started the run. */
export const missedAfterMs = 60_000
/** A run is long from this many times the median of at least so many earlier ones, and never sooner than a minute. */
const longFactor = 3
const runsNeeded = 3
const longAtLeastMs = 60_000
/** Leaving Current this often within the window, without a change of what is wanted, is flapping. */
export const flapWindowMs = 1_800_000
const flapDepartures = 3

const keysNamed = 10
const maxDetailLength = 140

export interface InsightContext {
  readonly model: WorkloadModel
  /** Of the earlier runs of a CronJob, oldest first. */
  readonly runs: readonly number[]
  /** Times at which the workload left Current under its present generation, oldest first; null: nothing has changed. */
  readonly departures: readonly number[] | null
  /** What was said of it last. */
  readonly flapping: StoredInsight | null
  readonly atMs: number
}

export interface Remarks {
  /** Ordered by kind as the codes are, so that equal states give equal lists. */
  readonly insights: readonly StoredInsight[]
  /** When more of them come true, if nothing changes before; null: never. */
  readonly nextMs: number | null
}

export function insightsOf(workload: Entry, context: InsightContext): Remarks {
  const { model, atMs } = context
  const pods = podInsights(workload, atMs)
  const found = [
    ...autoscalerInsights(workload, model),
    ...serviceInsights(workload, model),
    ...claimInsights(workload, model),
    ...(workload.facts.desired?.paused ? [insight('RolloutPaused', '', [])] : []),
    ...cronInsights(workload),
    ...jobInsights(workload, context.runs),
    ...flapInsights(context),
  ]
  const isLater = ({ fromMs }: StoredInsight) => fromMs !== null && fromMs > atMs
  const later = [pods.nextMs, ...found.filter(isLater).map(({ fromMs }) => fromMs)].filter((ms) => ms !== null)
  return {
    insights: [...pods.insights, ...found.filter((one) => !isLater(one))],
    nextMs: later.length === 0 ? null : Math.min(...later),
  }
}

const podKinds = [
  'PodsImage',
  'PodsCrashing',
  'PodsUnschedulable',
  'PodsNotReady',
  'PodsFailed',
  'NodeNotReady',
] as const

function podInsights(workload: Entry, atMs: number): Remarks {
  let nextMs: number | null = null
  const due: [Entry, PodProblem][] = []
  for (const [pod, problem] of workload.troubled) {
    const { fromMs } = problem
    if (fromMs === null || fromMs <= atMs) due.push([pod, problem])
    else nextMs = Math.min(nextMs ?? fromMs, fromMs)
  }
  due.sort(([a], [b]) => a.keyId - b.keyId)
  const insights = podKinds.flatMap((kind) => {
    const found = due.filter(([, problem]) => problem.kind === kind)
    const [first] = found
    if (first === undefined) return []
    const froms = found.map(([, problem]) => problem.fromMs)
    const fromMs = froms.some((from) => from === null) ? null : Math.min(...froms.map((from) => from ?? 0))
    const { reason, detail } = first[1]
    const words = kind === 'NodeNotReady' ? nodesOf(found.map(([, problem]) => problem.detail)) : joined(reason, detail)
    return [
      insight(
        kind,
        words,
        found.map(([pod]) => pod),
        fromMs,
      ),
    ]
  })
  return { insights, nextMs }
}

function nodesOf(names: readonly string[]): string {
  return [...new Set(names)].sort().join(', ')
}

function joined(reason: string, detail: string): string {
  return detail === '' ? reason : `${reason}, ${detail}`
}

function autoscalerInsights(workload: Entry, model: WorkloadModel): StoredInsight[] {
  const all = sorted(model.autoscalersOf(workload))
  const limited = all.filter(({ facts }) => facts.autoscaler?.atLimit)
  const blind = all.filter(({ facts }) => facts.autoscaler?.blind)
  return [
    ...(limited[0] ? [insight('HpaAtLimit', limited[0].facts.autoscaler?.message ?? '', limited)] : []),
    ...(blind[0] ? [insight('HpaBlind', blind[0].facts.autoscaler?.message ?? '', blind)] : []),
  ]
}

function serviceInsights(workload: Entry, model: WorkloadModel): StoredInsight[] {
  const services = sorted(model.servicesOf(workload))
  const pending = services.filter(({ facts }) => facts.service?.pending)
  const empty = services.filter((service) => model.endpointsOf(service).ready === 0)
  const froms = pending.map(({ facts }) => (facts.createdMs ?? 0) + provisionWindowMs)
  return [
    ...(pending.length > 0 ? [insight('LoadBalancerPending', namesOf(pending), pending, Math.min(...froms))] : []),
    ...(empty.length > 0 ? [insight('EndpointsEmpty', namesOf(empty), empty)] : []),
  ]
}

function claimInsights(workload: Entry, model: WorkloadModel): StoredInsight[] {
  const claims = sorted(model.pendingClaimsOf(workload))
  if (claims.length === 0) return []
  const froms = claims.map(({ facts }) => (facts.createdMs ?? 0) + provisionWindowMs)
  return [insight('VolumePending', namesOf(claims), claims, Math.min(...froms))]
}

function cronInsights({ facts, children }: Entry): StoredInsight[] {
  const { cron } = facts
  if (cron === null) return []
  const found: StoredInsight[] = []
  const afterMs = cron.lastScheduledMs ?? facts.createdMs
  const next = cron.suspended || afterMs === null ? null : nextRunMs(cron.schedule, cron.timeZone, afterMs)
  if (next !== null) found.push(insight('CronJobMissed', '', [], next + missedAfterMs))
  const ended = [...children]
    .filter((job) => job.facts.job?.endedMs != null)
    .sort((a, b) => (a.facts.job?.endedMs ?? 0) - (b.facts.job?.endedMs ?? 0) || a.keyId - b.keyId)
  const last = ended.at(-1)
  if (last?.facts.job?.outcome === 'failed') {
    found.push(insight('CronJobFailing', last.facts.status.message ?? '', [last]))
  }
  return found
}

function jobInsights(workload: Entry, runs: readonly number[]): StoredInsight[] {
  const usual = runs.length < runsNeeded ? null : median(runs)
  if (usual === null) return []
  const jobs = workload.facts.job === null ? [...workload.children] : [workload]
  const running = sorted(jobs.filter(({ facts }) => facts.job?.outcome === 'running' && facts.job.startedMs !== null))
  if (running.length === 0) return []
  const longAfterMs = Math.max(usual * longFactor, longAtLeastMs)
  const froms = running.map(({ facts }) => (facts.job?.startedMs ?? 0) + longAfterMs)
  return [insight('JobLong', String(usual), running, Math.min(...froms))]
}

/** A remark that still holds for long stands as it is: one that follows every departure would be a row for each. */
function flapInsights({ departures, flapping, atMs }: InsightContext): StoredInsight[] {
  // It says itself until when it holds, and a row that is looked at again later must go on saying it.
  if (departures === null) return flapping === null ? [] : [flapping]
  const oldest = departures.at(-flapDepartures)
  const standing = flapping?.untilMs != null && flapping.untilMs > atMs ? flapping : null
  if (standing !== null && (oldest === undefined || (standing.untilMs ?? 0) - atMs > flapWindowMs / 2))
    return [standing]
  if (oldest === undefined) return []
  return [{ ...insight('Flapping', '', []), count: flapDepartures, untilMs: oldest + flapWindowMs }]
}

function sorted(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => a.keyId - b.keyId)
}

function namesOf(entries: readonly Entry[]): string {
  return entries.map(({ name }) => name).join(', ')
}

function insight(
  kind: StoredInsight['kind'],
  detail: string,
  about: readonly Entry[],
  fromMs: number | null = null,
): StoredInsight {
  return {
    kind,
    fromMs,
    untilMs: null,
    count: about.length,
    detail: detail.length > maxDetailLength ? `${detail.slice(0, maxDetailLength - 1)}…` : detail,
    keyIds: about.slice(0, keysNamed).map(({ keyId }) => keyId),
  }
}
