'use client'

import { useMemo } from 'react'
import { formatClock, formatCount } from '../_client/format'
import { useChartScope } from './ChartScope'
import { GapLayer } from './Overlays'
import { PlotArea } from './PlotArea'
import { type HeatCell, type HeatRow, heatHigh, prepareHeat, SHADES } from './prepareHeat'
import { XAxisRow } from './XAxisRow'

const ROW_PX = 16
const GAP_PX = 2

export interface HeatMapProps {
  readonly label: string
  readonly rows: readonly HeatRow[]
  readonly stepMs: number
  /** What a value is: "changes". */
  readonly noun: string
}

/** Rows by time; the shades' scale stands in {@link HeatScale}, which belongs into the panel's head. */
export function HeatMap({ label, rows, stepMs, noun }: HeatMapProps) {
  const { scale, gaps } = useChartScope()
  const high = useMemo(() => heatHigh(rows), [rows])
  const cells = useMemo(
    () => rows.map((row) => prepareHeat(row, stepMs, high, scale, gaps)),
    [rows, stepMs, high, scale, gaps],
  )
  return (
    <div className="heat">
      <div className="heat-names">
        {rows.map((row) => (
          <div key={row.id} title={row.label} className="mono">
            {row.label}
          </div>
        ))}
      </div>
      <PlotArea label={label} heightPx={Math.max(1, rows.length) * (ROW_PX + GAP_PX)} className="heat-area">
        {rows.map((row, index) => (
          <div key={row.id} className="heat-row">
            {(cells[index] ?? []).map((cell) => (
              <Cell key={cell.ms} cell={cell} row={row.label} noun={noun} />
            ))}
          </div>
        ))}
        <GapLayer />
      </PlotArea>
      <XAxisRow />
    </div>
  )
}

function Cell({ cell, row, noun }: { cell: HeatCell; row: string; noun: string }) {
  return (
    <i
      data-shade={cell.shade}
      title={`${row}, ${formatClock(cell.ms)}: ${formatCount(cell.value)} ${noun}`}
      style={{ left: `${cell.from * 100}%`, width: `calc(${cell.width * 100}% - 1px)` }}
    />
  )
}

export function HeatScale({ rows }: { rows: readonly HeatRow[] }) {
  return (
    <span className="heat-scale">
      0
      <span>
        {Array.from({ length: SHADES }, (_, shade) => (
          <i key={shade} data-shade={shade} />
        ))}
      </span>
      {formatCount(heatHigh(rows))}
    </span>
  )
}
