import type { RolloutOutcome, StatusCounts, WorkloadGroup } from '../../../../../lib/contract'
import type { ChartSeries } from '../../../../_charts/prepareSeries'
import { formatDuration, plural } from '../../../../_client/format'
import { outcomeWords } from './workloadWords'

/** What the summaries of a cluster, a namespace or a kind say. Pure. */

export const notCurrent = (counts: StatusCounts): number => counts.total - counts.Current

/** The worst first, as the list has them. */
export const outcomeOrder: readonly RolloutOutcome[] = [
  'failed',
  'rolled-back',
  'in-progress',
  'superseded',
  'deleted',
  'converged',
]

export interface OutcomePart {
  readonly outcome: RolloutOutcome
  readonly count: number
  readonly words: string
}

export function outcomeParts(outcomes: WorkloadGroup['outcomes']): readonly OutcomePart[] {
  return outcomeOrder.flatMap((outcome) => {
    const count = outcomes[outcome]
    return count === 0 ? [] : [{ outcome, count, words: `${count} ${outcomeWords[outcome].words}` }]
  })
}

/** "41 rollouts converged, half of them within 48 s, 9 of 10 within 1 min 12 s" */
export function convergeWords({ count, p50Ms, p90Ms }: WorkloadGroup['converge']): string {
  if (count === 0 || p50Ms === null) return 'No rollout converged in this range'
  if (count === 1) return `1 rollout converged, in ${formatDuration(p50Ms)}`
  const most = p90Ms === null || count < 10 ? '' : `, 9 of 10 within ${formatDuration(p90Ms)}`
  return `${plural(count, 'rollout')} converged, half of them within ${formatDuration(p50Ms)}${most}`
}

export function notCurrentSeries(points: WorkloadGroup['notCurrent']): readonly ChartSeries[] {
  return [{ id: 'notCurrent', name: 'not Current', points, color: 'var(--chart-1)', holds: true }]
}
