import type { SeriesAnswer } from '../../../../../lib/contract'
import { type ChartSeries, seriesColors } from '../../../../_charts/prepareSeries'

/** From the API's counts a bucket to rates, in the order of the stack: the largest label lies at the bottom. Pure. */

export interface ActivitySeries extends ChartSeries {
  /** Sum over the range, in the API's unit. */
  readonly total: number
  readonly isOther: boolean
}

/** What the record calls a change without that label. */
const unnamed: Readonly<Record<string, string>> = {
  resource: 'no resource',
  namespace: 'no namespace',
  manager: 'manager not stored',
}

/** Counts per bucket as rates per second. The newest bucket is still filling, so it has no rate yet. */
export function prepareActivity(
  answer: SeriesAnswer | undefined,
  by: string,
  nowMs: number,
): readonly ActivitySeries[] {
  if (answer === undefined) return []
  const { stepMs } = answer
  const rows = answer.series.map((one): ActivitySeries => {
    const isOther = one.labels.other === 'true'
    const label = one.labels[by] ?? ''
    return {
      id: isOther ? '__other' : label,
      name: isOther ? otherName(answer) : label === '' ? (unnamed[by] ?? 'none') : label,
      isOther,
      total: one.points.reduce((sum, [, value]) => sum + (value ?? 0), 0),
      color: '',
      style: 'solid',
      points: one.points.map(([t, value]): readonly [number, number | null] => [
        t,
        value === null || t + stepMs > nowMs ? null : (value * 1000) / stepMs,
      ]),
    }
  })
  const named = rows.filter((row) => !row.isOther).sort((a, b) => b.total - a.total)
  const coloured = named.map((row, i) => ({ ...row, color: seriesColors[i % seriesColors.length] ?? 'var(--chart-1)' }))
  const rest = rows.filter((row) => row.isOther && row.total > 0)
  return [...coloured, ...rest.map((row) => ({ ...row, color: 'var(--chart-other)' }))]
}

function otherName(answer: SeriesAnswer): string {
  const hidden = (answer.total ?? 0) - answer.series.filter((one) => one.labels.other !== 'true').length
  return hidden > 0 ? `other, ${hidden}` : 'other'
}

/** "8 of 64 shown, the rest as other". */
export function shownWords(series: readonly ActivitySeries[], answer: SeriesAnswer | undefined): string {
  const named = series.filter((row) => !row.isOther).length
  const total = answer?.total ?? named
  return total > named ? `${named} of ${total} shown, the rest as other` : `all ${total} shown`
}
