import type { InsightKind, RolloutOutcome, WorkloadItem, WorkloadStatus } from '../../../../../lib/contract'
import { formatCount } from '../../../../_client/format'
import type { StatusTone } from '../../../../_ui/StatusMark'

/** How a workload's state is said: kstatus words as they are, our own remarks in our own. Pure. */

/** A rollout that takes this many times its usual time is not merely under way any more. */
const LONG_RATIO = 2
/** Without an earlier rollout to compare with, Kubernetes' own progress deadline is the measure. */
const LONG_MS = 600_000

export function isLong(sinceMs: number, usualMs: number | null): boolean {
  return sinceMs > (usualMs === null ? LONG_MS : Math.max(usualMs * LONG_RATIO, 10_000))
}

export interface Standing {
  readonly status: WorkloadStatus
  readonly since: string
  readonly usualConvergeMs: number | null
}

/** `endMs` is the moment that is looked at: now, or the end of a range in the past. */
export function statusTone(item: Standing, endMs: number): StatusTone {
  switch (item.status) {
    case 'Current':
      return 'ok'
    case 'Failed':
      return 'critical'
    case 'Terminating':
      return 'info'
    case 'Unknown':
      return 'unknown'
    case 'InProgress':
      return isLong(endMs - Date.parse(item.since), item.usualConvergeMs) ? 'warn' : 'progress'
  }
}

const ranks: Readonly<Record<StatusTone, number>> = { critical: 0, warn: 1, unknown: 2, progress: 3, info: 4, ok: 5 }

export const worstTone = (tones: readonly StatusTone[]): StatusTone =>
  tones.reduce<StatusTone>((worst, tone) => (ranks[tone] < ranks[worst] ? tone : worst), 'ok')

export const insightWords: Readonly<Record<InsightKind, string>> = {
  PodsImage: 'Image not pulled',
  PodsCrashing: 'Pods crash',
  PodsUnschedulable: 'Pods not scheduled',
  PodsNotReady: 'Pods not ready',
  PodsFailed: 'Pods failed',
  NodeNotReady: 'Node not ready',
  HpaAtLimit: 'Autoscaler at its limit',
  HpaBlind: 'Autoscaler cannot read its metrics',
  LoadBalancerPending: 'Load balancer has no address',
  EndpointsEmpty: 'No ready endpoint',
  VolumePending: 'Volume not bound',
  RolloutPaused: 'Rollout paused',
  CronJobMissed: 'Schedule missed',
  CronJobFailing: 'Runs fail',
  JobLong: 'Runs longer than before',
  Flapping: 'Flapping',
  StaleConfig: 'Runs an old configuration',
}

export const outcomeWords: Readonly<Record<RolloutOutcome, { readonly tone: StatusTone; readonly words: string }>> = {
  'in-progress': { tone: 'progress', words: 'running' },
  converged: { tone: 'ok', words: 'converged' },
  superseded: { tone: 'info', words: 'superseded' },
  failed: { tone: 'critical', words: 'failed' },
  'rolled-back': { tone: 'warn', words: 'rolled back' },
  deleted: { tone: 'info', words: 'deleted' },
}

export interface Figures {
  readonly kind: string
  readonly desired: number | null
  readonly current: number | null
  readonly ready: number | null
  readonly available: number | null
}

/** The figure that tells whether it does what it should: succeeded of completions, ready or available of desired. */
export interface Reached {
  readonly have: number | null
  readonly want: number | null
  readonly word: 'available' | 'ready' | 'succeeded' | 'running'
}

export function reached(item: Figures): Reached | null {
  const { kind, desired, current, ready, available } = item
  if (kind === 'Job') return { have: available, want: desired, word: 'succeeded' }
  if (available !== null) return { have: available, want: desired, word: 'available' }
  if (ready !== null) return { have: ready, want: desired, word: 'ready' }
  if (current !== null || desired !== null) return { have: current, want: desired, word: 'running' }
  return null
}

export function isShort({ have, want }: Reached): boolean {
  return have !== null && want !== null && have < want
}

/** "4 of 6 available"; null where the kind counts nothing. */
export function reachedWords(item: Figures): string | null {
  const figure = reached(item)
  if (figure === null) return null
  const have = figure.have === null ? 'unknown' : formatCount(figure.have)
  return figure.want === null ? `${have} ${figure.word}` : `${have} of ${formatCount(figure.want)} ${figure.word}`
}

/** "shop/checkout"; a cluster-scoped object by its name alone. */
export const placeName = (item: Pick<WorkloadItem, 'namespace' | 'name'>): string =>
  item.namespace === null ? item.name : `${item.namespace}/${item.name}`
