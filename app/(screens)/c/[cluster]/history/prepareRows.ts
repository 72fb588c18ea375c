import type { Change, LeaderChange } from '../../../../../lib/contract'
import type { ChartGap } from '../../../../_charts/prepareSeries'
import { rowIdOf } from './changeId'

/**
 * Rows of the change log: changes newest first, and between them, at their moment, the leader changes and the gaps
 * of the record, so that nobody reads over a time of which nothing is known. Pure.
 */
export type LogRow =
  | { readonly kind: 'change'; readonly id: string; readonly change: Change }
  | { readonly kind: 'leader'; readonly id: string; readonly leader: LeaderChange }
  | { readonly kind: 'gap'; readonly id: string; readonly gap: ChartGap }

export interface PrepareRowsInput {
  readonly changes: readonly Change[]
  /** Older changes are still to be read: what lies before the last one waits for them. */
  readonly more: boolean
  readonly leaders: readonly LeaderChange[]
  readonly gaps: readonly ChartGap[]
  readonly fromMs: number
}

interface Between {
  readonly ms: number
  readonly row: LogRow
}

export function prepareRows({ changes, more, leaders, gaps, fromMs }: PrepareRowsInput): readonly LogRow[] {
  const shown = changes.filter((change) => Date.parse(change.at) >= fromMs)
  const last = shown[shown.length - 1]
  const readDownTo = more && last !== undefined ? Date.parse(last.at) : fromMs
  const between = betweens(leaders, gaps).filter(({ ms }) => ms >= readDownTo)
  const rows: LogRow[] = []
  let next = 0
  for (const change of shown) {
    const ms = Date.parse(change.at)
    for (let one = between[next]; one !== undefined && one.ms > ms; one = between[++next]) rows.push(one.row)
    rows.push({ kind: 'change', id: rowIdOf(change), change })
  }
  rows.push(...between.slice(next).map(({ row }) => row))
  return rows
}

/** A gap stands where it ends: below the first change recorded after it. Its end is that change's own time. */
function betweens(leaders: readonly LeaderChange[], gaps: readonly ChartGap[]): readonly Between[] {
  const all: Between[] = [
    ...leaders.map((leader) => ({
      ms: Date.parse(leader.at),
      row: { kind: 'leader' as const, id: `leader-${leader.term}`, leader },
    })),
    ...gaps.map((gap) => ({
      ms: gap.toMs - 0.5,
      row: { kind: 'gap' as const, id: `gap-${gap.kind ?? 'missing'}-${gap.fromMs}`, gap },
    })),
  ]
  return all.sort((a, b) => b.ms - a.ms)
}
