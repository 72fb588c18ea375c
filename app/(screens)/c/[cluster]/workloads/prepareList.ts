import type { InsightKind, WorkloadItem } from '../../../../../lib/contract'
import { formatSpan, plural } from '../../../../_client/format'
import type { WorkloadList } from '../../../../_client/workloadQueries'
import type { StatusTone } from '../../../../_ui/StatusMark'
import { insightWords, isLong, placeName, statusTone, worstTone } from './workloadWords'

/** The list's rows in their groups, and the sentence over it. Pure. */

export const groups = ['notCurrent', 'insight', 'current'] as const
export type Group = (typeof groups)[number]

export const groupWords: Readonly<Record<Group, string>> = {
  notCurrent: 'Not Current',
  insight: 'Current, with an insight',
  current: 'Current',
}

export type ListRow =
  | { readonly id: string; readonly kind: 'group'; readonly group: Group; readonly count: number }
  | { readonly id: string; readonly kind: 'workload'; readonly group: Group; readonly item: WorkloadItem }

export function groupOf(item: WorkloadItem): Group {
  if (item.status !== 'Current') return 'notCurrent'
  return item.insights.length > 0 ? 'insight' : 'current'
}

/** A head over each group that has any; a list of one group needs no heads. */
export function prepareListRows(items: readonly WorkloadItem[]): readonly ListRow[] {
  const parts = groups.map((group) => ({ group, items: items.filter((item) => groupOf(item) === group) }))
  const some = parts.filter((part) => part.items.length > 0)
  return some.flatMap((part): ListRow[] => [
    ...(some.length > 1
      ? [{ id: `group ${part.group}`, kind: 'group', group: part.group, count: part.items.length } as const]
      : []),
    ...part.items.map((item) => ({ id: item.key, kind: 'workload', group: part.group, item }) as const),
  ])
}

/** Heads stay over their rows, and groups in their order, however the list is sorted. */
export const rowRank = (row: ListRow): number => groups.indexOf(row.group) * 2 + (row.kind === 'group' ? 0 : 1)

export interface ListVerdict {
  readonly tone: StatusTone
  readonly sentence: string
  readonly reasons: string
}

/** So many are named; of more, the worst. */
const NAMED = 3

export interface VerdictInput {
  readonly list: WorkloadList
  /** The moment looked at. */
  readonly endMs: number
  /** Said of the past: "at 14:02:11". Empty for now. */
  readonly when: string
  /** Filters narrow what is counted. */
  readonly filtered: boolean
}

export function listVerdict({ list, endMs, when, filtered }: VerdictInput): ListVerdict {
  const { counts, withInsight } = list
  const then = when === '' ? '' : ` ${when}`
  const are = when === '' ? 'are' : 'were'
  const match = filtered ? ' that match' : ''
  if (counts.total === 0) {
    const sentence = filtered ? `No workload matches${then}` : `No workloads${then}`
    return { tone: 'unknown', sentence, reasons: '' }
  }
  const bad = counts.total - counts.Current
  const calm = list.items.filter((item) => item.status === 'Current' && item.insights.length > 0).length
  if (bad === 0) {
    const all =
      counts.total === 1
        ? `The one workload${match} ${when === '' ? 'is' : 'was'}`
        : `All ${plural(counts.total, 'workload')}${match} ${are}`
    const reasons = withInsight === 0 ? '' : `${plural(withInsight, 'carries', 'carry')} an insight.`
    return { tone: 'ok', sentence: `${all} Current${then}`, reasons }
  }
  const worst = [...list.items].filter((item) => item.status !== 'Current').sort((a, b) => byWorst(a, b, endMs))
  const named = worst.slice(0, NAMED).map((item) => standing(item, endMs))
  const rest = bad - named.length
  const more = rest > 0 && named.length > 0 ? ` ${plural(rest, 'more', 'more')}.` : ''
  const insights = calm === 0 ? '' : ` ${calm} more ${calm === 1 ? 'carries' : 'carry'} an insight.`
  const shared = sharedInsight(list.items)
  return {
    tone: worstTone(worst.map((item) => statusTone(item, endMs))),
    sentence: `${bad} of ${plural(counts.total, 'workload')}${match} ${bad === 1 ? (when === '' ? 'is' : 'was') : are} not Current${then}`,
    reasons: `${shared}${named.length === 0 ? '' : `${named.join('; ')}.`}${more}${insights}`.trim(),
  }
}

/** From so many on, one remark on several workloads hints at one cause: a node that is away, a registry. */
const SHARED = 3

/** "Node not ready: 12 workloads." before what is said of each; empty when nothing is shared. */
function sharedInsight(items: readonly WorkloadItem[]): string {
  const counts = new Map<InsightKind, number>()
  for (const { insights } of items) {
    const kinds = new Set(insights.filter(({ severity }) => severity === 'warning').map(({ kind }) => kind))
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most === undefined || most[1] < SHARED ? '' : `${insightWords[most[0]]}: ${most[1]} workloads. `
}

const tones: readonly StatusTone[] = ['critical', 'warn', 'unknown', 'progress', 'info', 'ok']

/** Failed first, then what takes longer than it should; the newest trouble first: a Job that failed stays failed. */
function byWorst(a: WorkloadItem, b: WorkloadItem, endMs: number): number {
  const rank = tones.indexOf(statusTone(a, endMs)) - tones.indexOf(statusTone(b, endMs))
  return rank === 0 ? Date.parse(b.since) - Date.parse(a.since) : rank
}

function standing(item: WorkloadItem, endMs: number): string {
  const sinceMs = Math.max(0, endMs - Date.parse(item.since))
  const usual =
    item.status === 'InProgress' && item.usualConvergeMs !== null && isLong(sinceMs, item.usualConvergeMs)
      ? `, usually ${formatSpan(item.usualConvergeMs)}`
      : ''
  return `${placeName(item)} ${item.status} for ${formatSpan(sinceMs)}${usual}`
}
