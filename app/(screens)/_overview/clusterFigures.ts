import type { Cluster, SeriesAnswer, WorkloadsAnswer } from '../../../lib/contract'
import type { ChartGap } from '../../_charts/prepareSeries'
import { formatBytes, formatLag, formatSpan, plural } from '../../_client/format'
import type { StatusTone } from '../../_ui/StatusMark'
import { daysUntilFull, QUOTA_WARN_DAYS } from './clusterHealth'

/** What the cells of a cluster's row say. Pure. */

/** All series of an activity answer as one rate per second. Null where none of them measured. */
export function totalRate(answer: SeriesAnswer | undefined): readonly (readonly [number, number | null])[] {
  if (answer === undefined) return []
  const total = new Map<number, number | null>()
  for (const { points } of answer.series) {
    for (const [ms, value] of points) {
      const before = total.get(ms) ?? null
      total.set(ms, value === null ? before : (before ?? 0) + value)
    }
  }
  const perSecond = answer.unit.endsWith('/s') ? 1 : answer.stepMs / 1000
  return [...total]
    .sort(([a], [b]) => a - b)
    .map(([ms, value]) => [ms, value === null ? null : value / perSecond] as const)
}

/** Older than this many buckets is no "now" any more. */
const FRESH_STEPS = 4

/** The newest complete bucket: the one that still fills would always read too low. */
export function newestRate(
  points: readonly (readonly [number, number | null])[],
  stepMs: number,
  nowMs: number,
): number | null {
  for (let i = points.length - 1; i >= 0; i--) {
    const point = points[i]
    if (point === undefined || point[1] === null || point[0] + stepMs > nowMs) continue
    return nowMs - point[0] <= FRESH_STEPS * stepMs ? point[1] : null
  }
  return null
}

export interface QuotaWords {
  readonly tone: 'neutral' | 'warn' | 'critical'
  readonly words: string
}

export function quotaWords(cluster: Cluster, nowMs: number): QuotaWords {
  const { dbSizeBytes, dbSizeInUseBytes, quotaBytes } = cluster
  const days = daysUntilFull(cluster, nowMs)
  if (cluster.alarms.some((alarm) => alarm.type === 'NOSPACE'))
    return { tone: 'critical', words: 'full: etcd refuses writes' }
  if (days !== null && days < QUOTA_WARN_DAYS) {
    return { tone: days < 2 ? 'critical' : 'warn', words: `full in ${formatSpan(days * 86_400_000)} at this rate` }
  }
  if (days !== null && days <= 90)
    return { tone: 'neutral', words: `full in ${formatSpan(days * 86_400_000)} at this rate` }
  if (dbSizeBytes === null) return { tone: 'neutral', words: 'size unknown' }
  if (quotaBytes !== null && cluster.quota.growthBytesPerDay !== null)
    return { tone: 'neutral', words: 'not full within 90 days' }
  return { tone: 'neutral', words: dbSizeInUseBytes === null ? '' : `${formatBytes(dbSizeInUseBytes)} in use` }
}

export function recordWords(cluster: Cluster, gaps: readonly ChartGap[]): string {
  const lag = cluster.lagMs === null ? 'lag unknown' : `${formatLag(cluster.lagMs)} behind`
  if (cluster.state === 'backfilling') return `back-filling, ${lag}`
  if (cluster.state === 'reconnecting') return cluster.error ?? 'reconnecting'
  if (cluster.state === 'stopped') return cluster.error ?? 'stopped'
  if (cluster.state === 'archived') return gaps.length === 0 ? 'complete' : plural(gaps.length, 'gap')
  return `${gaps.length === 0 ? 'complete' : plural(gaps.length, 'gap')}, ${lag}`
}

export interface WorkloadWords {
  /** Null: there are none, which is neither good nor bad. */
  readonly tone: StatusTone | null
  readonly words: string
  readonly detail: string
}

/** What is not Current, the worst first; all is well in as few words. */
export function workloadWords({ counts, withInsight }: Pick<WorkloadsAnswer, 'counts' | 'withInsight'>): WorkloadWords {
  if (counts.total === 0) return { tone: null, words: 'none', detail: '' }
  const bad = counts.total - counts.Current
  const insights = withInsight === 0 ? '' : `${plural(withInsight, 'insight')}`
  if (bad === 0) return { tone: 'ok', words: `All ${counts.total} Current`, detail: insights }
  const parts = (['Failed', 'InProgress', 'Unknown', 'Terminating'] as const)
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
  const tone = counts.Failed > 0 ? 'critical' : counts.InProgress > 0 ? 'progress' : 'info'
  return {
    tone,
    words: `${bad} of ${counts.total} not Current`,
    detail: [...parts, insights].filter((part) => part !== '').join(', '),
  }
}
