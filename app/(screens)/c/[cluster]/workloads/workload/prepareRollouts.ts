import type { Rollout, WorkloadAnswer } from '../../../../../../lib/contract'
import { formatDuration, formatNumber } from '../../../../../_client/format'
import type { StatusTone } from '../../../../../_ui/StatusMark'
import { isLong, outcomeWords } from '../workloadWords'

/** A rollout's time against that of earlier ones. Pure. */

export interface RolloutBar {
  /** Of the bar's whole length, 0 to 1. */
  readonly share: number
  /** Where the usual time stands; null where none is known. */
  readonly usual: number | null
  /** It took longer than the bar can show. */
  readonly over: boolean
  readonly tone: 'neutral' | 'warn'
}

/** The usual time stands at two fifths, so that twice as long still fits. */
const USUAL_PLACE = 0.4

/** Up to its end, or up to the moment looked at while it runs. */
export function tookMs(rollout: Pick<Rollout, 'startedAt' | 'endedAt' | 'convergedMs'>, endMs: number): number {
  if (rollout.convergedMs !== null) return rollout.convergedMs
  const end = rollout.endedAt === null ? endMs : Date.parse(rollout.endedAt)
  return Math.max(0, end - Date.parse(rollout.startedAt))
}

export function rolloutBar(rollout: Rollout, longestMs: number, endMs: number): RolloutBar {
  const took = tookMs(rollout, endMs)
  const { usualMs } = rollout
  const slow = usualMs !== null && isLong(took, usualMs) && rollout.outcome !== 'superseded'
  if (usualMs === null || usualMs === 0)
    return { share: longestMs === 0 ? 0 : took / longestMs, usual: null, over: false, tone: 'neutral' }
  const whole = usualMs / USUAL_PLACE
  return { share: Math.min(1, took / whole), usual: USUAL_PLACE, over: took > whole, tone: slow ? 'warn' : 'neutral' }
}

/** "15 times the usual 48 s", "as usual": against the rollouts that had converged before it. */
export function compareWords({
  ratio,
  usualMs,
  outcome,
}: Pick<Rollout, 'ratio' | 'usualMs' | 'outcome'>): string | null {
  if (usualMs === null || ratio === null) return null
  const usual = formatDuration(usualMs)
  if (outcome !== 'converged' && outcome !== 'in-progress' && ratio < 1) return `usually ${usual}`
  if (ratio >= 1.5) return `${formatNumber(Number(ratio.toPrecision(2)))} times the usual ${usual}`
  if (ratio <= 0.67) return `faster than the usual ${usual}`
  return `as usual, ${usual}`
}

/** Of all that converged by the end of the range, not only in it. */
export function convergedWords({ count, p50Ms }: WorkloadAnswer['converge']): string {
  if (count === 0 || p50Ms === null) return 'none has converged yet'
  if (count === 1) return `one has converged so far, in ${formatDuration(p50Ms)}`
  return `${count} have converged so far, half of them within ${formatDuration(p50Ms)}`
}

export function rolloutTone(rollout: Rollout, endMs: number): StatusTone {
  if (rollout.outcome !== 'in-progress') return outcomeWords[rollout.outcome].tone
  return isLong(tookMs(rollout, endMs), rollout.usualMs) ? 'warn' : 'progress'
}

/** "OOMKilled and 3 more"; null when nothing failed on the way. */
export function failureWords({ failures }: Pick<Rollout, 'failures'>): string | null {
  const reasons = [...new Set(failures.map(({ reason }) => reason))]
  const [first] = reasons
  if (first === undefined) return null
  const others = reasons.length - 1
  return others === 0
    ? `${first}${failures.length === 1 ? '' : `, ${failures.length} times`}`
    : `${first} and ${others} more`
}

export interface FailureGroup {
  readonly reason: string
  readonly message: string | null
  /** Each once, in the order of their first failure. */
  readonly objects: readonly string[]
  readonly count: number
  readonly firstAt: string
}

/** What failed for one reason is told once, with all that it happened to. */
export function failureGroups({ failures }: Pick<Rollout, 'failures'>): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup>()
  for (const { reason, message, object, at } of failures) {
    const id = `${reason}\n${message ?? ''}`
    const known = groups.get(id)
    const objects = known === undefined ? [object] : known.objects
    groups.set(id, {
      reason,
      message,
      objects: objects.includes(object) ? objects : [...objects, object],
      count: (known?.count ?? 0) + 1,
      firstAt: known?.firstAt ?? at,
    })
  }
  return [...groups.values()]
}
