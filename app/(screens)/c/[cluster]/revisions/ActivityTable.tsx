'use client'

import { useCursor } from '../../../../_charts/cursor'
import { Swatch, useIsolation, useReading } from '../../../../_charts/Legend'
import { formatClock, formatMetric, formatShare } from '../../../../_client/format'
import type { ActivitySeries } from './prepareActivity'

/** The legend as a table, in the order of the stack from the top: rate and share under the cursor, or the newest. */
export function ActivityTable({ series, unit }: { series: readonly ActivitySeries[]; unit: string }) {
  const cursorMs = useCursor()
  const total = useTotal(series)
  return (
    <table className="plain-table activity-table" aria-label="Rate and share of each">
      <thead>
        <tr>
          <th scope="col">{cursorMs === null ? 'Now' : `At ${formatClock(cursorMs)}`}</th>
          <th scope="col" className="num">
            rate
          </th>
          <th scope="col" className="num">
            share
          </th>
        </tr>
      </thead>
      <tbody>
        {series.toReversed().map((one) => (
          <Row key={one.id} series={one} unit={unit} total={total} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <td>All</td>
          <td className="num">{total === null ? 'none' : formatMetric(total, unit)}</td>
          <td className="num">{total === null || total === 0 ? '' : '100%'}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function Row({ series, unit, total }: { series: ActivitySeries; unit: string; total: number | null }) {
  const { isFaded, toggle, only } = useIsolation()
  const value = useReading(series)
  return (
    <tr data-faded={isFaded(series.id)} data-selected={only.includes(series.id)}>
      <td>
        <button
          type="button"
          className="activity-name"
          aria-pressed={only.includes(series.id)}
          title={series.name}
          onClick={(event) => toggle(series.id, event.ctrlKey || event.metaKey)}
        >
          <Swatch color={series.color} box />
          <span>{series.name}</span>
        </button>
      </td>
      <td className="num">{value === null ? <span className="dim">none</span> : formatMetric(value, unit)}</td>
      <td className="num dim">{value === null || total === null || total === 0 ? '' : formatShare(value / total)}</td>
    </tr>
  )
}

/** The sum under the cursor; null where nothing was recorded. */
function useTotal(series: readonly ActivitySeries[]): number | null {
  const whole: ActivitySeries = {
    id: '__all',
    name: 'All',
    color: '',
    isOther: false,
    total: 0,
    points: (series[0]?.points ?? []).map(([ms], i) => {
      const values = series.map((one) => one.points[i]?.[1] ?? null)
      return [ms, values.every((v) => v === null) ? null : values.reduce<number>((sum, v) => sum + (v ?? 0), 0)]
    }),
  }
  return useReading(whole)
}
