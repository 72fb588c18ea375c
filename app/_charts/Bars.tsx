'use client'

import { useMemo } from 'react'
import { useChartScope } from './ChartScope'
import { GapLayer, GridLines, MarkLayer, ValueTicks } from './Overlays'
import { PlotArea } from './PlotArea'
import { prepareAxis } from './prepareAxis'
import type { ChartMark } from './prepareMarks'
import { type ChartSeries, extent, prepareRows } from './prepareSeries'
import { useWidth } from './useWidth'
import { XAxisRow } from './XAxisRow'

export interface BarsProps {
  readonly label: string
  readonly series: readonly ChartSeries[]
  /** Width of one bar on the time axis. */
  readonly stepMs: number
  readonly heightPx?: number | undefined
  readonly markTags?: boolean | undefined
  readonly onOpenMark?: ((mark: ChartMark) => void) | undefined
  readonly onPick?: ((ms: number) => void) | undefined
}

/** Stacked counts in buckets, from zero, never cut. */
export function Bars({ label, series, stepMs, heightPx = 64, markTags, onOpenMark, onPick }: BarsProps) {
  const { scale, gaps } = useChartScope()
  const [ref, width] = useWidth<HTMLDivElement>()
  const rows = useMemo(() => prepareRows(series, scale, { stacked: true, gaps }), [series, scale, gaps])
  const axis = useMemo(() => prepareAxis({ unit: 'count', high: extent(rows).high, heightPx }), [rows, heightPx])
  return (
    <div className="plot">
      <ValueTicks axis={axis} heightPx={heightPx} unit={false} />
      <PlotArea label={label} heightPx={heightPx} onPick={onPick}>
        <div className="plot-measure" ref={ref} />
        <GridLines axis={axis} />
        <GapLayer widthPx={width} />
        <MarkLayer widthPx={width} tags={markTags} onOpen={onOpenMark} />
        <svg className="plot-bars" viewBox={`0 0 ${Math.max(1, width)} ${heightPx}`} aria-hidden="true">
          {rows.map((row) => {
            const left = row.place * width
            const barWidth = Math.max(1, scale.place(row.ms + stepMs) * width - left - 1)
            return row.values.map((part, index) => {
              const one = series[index]
              if (one === undefined || part === null || typeof part === 'number' || part[1] === part[0]) return null
              const top = heightPx * (1 - axis.place(part[1]))
              return (
                <rect
                  key={`${row.ms}-${one.id}`}
                  x={left}
                  width={barWidth}
                  y={top}
                  height={Math.max(1, heightPx * (1 - axis.place(part[0])) - top)}
                  fill={one.color}
                />
              )
            })
          })}
        </svg>
      </PlotArea>
      <XAxisRow />
    </div>
  )
}
