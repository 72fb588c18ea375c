import type { WorkloadAnswer } from '../../../../../../lib/contract'
import { formatMoment, formatSpan, plural } from '../../../../../_client/format'
import type { StatusTone } from '../../../../../_ui/StatusMark'
import { reachedWords, statusTone } from '../workloadWords'

/** The sentence over one workload: what it is, since when, and what it usually is. Pure. */

export interface WorkloadVerdict {
  readonly tone: StatusTone
  readonly sentence: string
  readonly reasons: string
}

export interface VerdictInput {
  readonly answer: Pick<WorkloadAnswer, 'current' | 'deletedAt'>
  /** The moment looked at. */
  readonly endMs: number
  readonly live: boolean
  readonly nowMs: number
}

const sentences = (parts: readonly (string | null)[]): string =>
  parts
    .filter((part) => part !== null && part !== '')
    .map((part) => (/[.!?]$/.test(part ?? '') ? part : `${part}.`))
    .join(' ')

export function workloadVerdict({ answer, endMs, live, nowMs }: VerdictInput): WorkloadVerdict {
  const { current, deletedAt } = answer
  if (current === null) {
    const when = deletedAt === null ? '' : ` at ${formatMoment(Date.parse(deletedAt), nowMs)}`
    return {
      tone: 'info',
      sentence: deletedAt === null ? 'It did not exist at this moment' : `Deleted${when}`,
      reasons: 'Below stands what is recorded of it in this range.',
    }
  }
  const sinceMs = Math.max(0, endMs - Date.parse(current.since))
  const length =
    current.status === 'InProgress' ? `not converged for ${formatSpan(sinceMs)}` : `for ${formatSpan(sinceMs)}`
  const figures = reachedWords(current)
  const usual = current.usualConvergeMs === null ? null : `Usually converges in ${formatSpan(current.usualConvergeMs)}`
  const insights = current.insights.length
  return {
    tone: statusTone(current, endMs),
    sentence: `${current.status}: ${figures === null ? '' : `${figures}, `}${length}`,
    reasons: sentences([
      live ? null : `As it was at ${formatMoment(endMs, nowMs)}`,
      [current.reason, current.message].filter((part) => part !== null).join(': '),
      usual,
      insights === 0 ? null : `${plural(insights, 'insight')} beside it`,
    ]),
  }
}
