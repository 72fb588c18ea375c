'use client'

import { memo, type ReactNode, useMemo } from 'react'
import { Area, ComposedChart, Line, XAxis, YAxis } from 'recharts'
import { useChartScope } from './ChartScope'
import { Legend, useIsolation } from './Legend'
import {
  type Band,
  BandLayer,
  GapLayer,
  GridLines,
  MarkLayer,
  type Threshold,
  ThresholdLayer,
  ValueTicks,
} from './Overlays'
import { PlotArea } from './PlotArea'
import { prepareAxis, type ValueAxis } from './prepareAxis'
import type { ChartMark } from './prepareMarks'
import { type ChartRow, type ChartSeries, extent, prepareRows } from './prepareSeries'
import { useWidth } from './useWidth'
import { XAxisRow } from './XAxisRow'

export type ChartKind = 'line' | 'area' | 'stacked' | 'step'

export interface TimeChartProps {
  /** Accessible name: what, by what. */
  readonly label: string
  readonly kind: ChartKind
  /** The API's unit: bytes, bytes/s, seconds, 1/s, count, ratio. */
  readonly unit: string
  readonly series: readonly ChartSeries[]
  readonly heightPx?: number | undefined
  readonly log?: boolean | undefined
  readonly thresholds?: readonly Threshold[] | undefined
  readonly bands?: readonly Band[] | undefined
  /** Tags over the mark lines; the lines always stand. */
  readonly markTags?: boolean | undefined
  readonly onOpenMark?: ((mark: ChartMark) => void) | undefined
  readonly onPick?: ((ms: number) => void) | undefined
  /** In a track: title and legend stand in the label column, the x axis is the last track's. */
  readonly track?: { readonly title: string } | undefined
  /** Default: own x axis outside a track. */
  readonly xAxis?: boolean | undefined
  /** A state that covers the plot: loading, empty, failed. The axes stay. */
  readonly state?: ReactNode
  /** Old data: drawn faint. */
  readonly stale?: boolean | undefined
}

const noThresholds: readonly Threshold[] = []

/** Lines, area, stack or steps on the screen's x scale. Decides nothing: see prepareSeries and prepareAxis. */
export function TimeChart(props: TimeChartProps) {
  const { kind, unit, series, heightPx = 140, log, thresholds = noThresholds, track } = props
  const { scale, gaps } = useChartScope()
  const [ref, width] = useWidth<HTMLDivElement>()
  const rows = useMemo(
    () => prepareRows(series, scale, { stacked: kind === 'stacked', gaps }),
    [series, scale, gaps, kind],
  )
  const axis = useMemo(() => {
    const { high, low } = extent(rows)
    // A threshold that can be dragged needs room above it; another one counts while it is near.
    const near = thresholds.flatMap(({ value, onMove }) =>
      onMove !== undefined ? [value * 1.25] : value <= high * 2 ? [value] : [],
    )
    return prepareAxis({ unit, high: Math.max(high, ...near), low, log, heightPx })
  }, [rows, thresholds, unit, log, heightPx])
  const showsX = props.xAxis ?? track === undefined
  return (
    <div className="plot" data-track={track !== undefined}>
      {track !== undefined && (
        <Legend column title={track.title} series={series} unit={unit} axis={axis} box={kind === 'stacked'} />
      )}
      <ValueTicks axis={axis} heightPx={heightPx} unit={track === undefined} />
      <PlotArea label={props.label} heightPx={heightPx} onPick={props.onPick}>
        <div className="plot-measure" ref={ref} />
        {props.bands !== undefined && <BandLayer bands={props.bands} />}
        <GridLines axis={axis} />
        <GapLayer widthPx={width} />
        <MarkLayer widthPx={width} tags={props.markTags} onOpen={props.onOpenMark} />
        {width > 0 && (
          <div className="plot-data" data-stale={props.stale === true}>
            <Drawing kind={kind} rows={rows} series={series} axis={axis} width={width} height={heightPx} />
          </div>
        )}
        <ThresholdLayer thresholds={thresholds} axis={axis} />
        {props.state}
      </PlotArea>
      {showsX && <XAxisRow />}
    </div>
  )
}

const dashes = { solid: '0', dashed: '5 3', dotted: '1.5 2.5' } as const
const noMargin = { top: 0, right: 0, bottom: 0, left: 0 }

interface DrawingProps {
  readonly kind: ChartKind
  readonly rows: ChartRow[]
  readonly series: readonly ChartSeries[]
  readonly axis: ValueAxis
  readonly width: number
  readonly height: number
}

/** Drawing is the costly part: it happens again only when what is drawn changed. */
const Drawing = memo(function Drawing({ kind, rows, series, axis, width, height }: DrawingProps) {
  const { isFaded } = useIsolation()
  const type = kind === 'step' ? 'stepAfter' : 'linear'
  return (
    <ComposedChart width={width} height={height} data={rows} margin={noMargin} accessibilityLayer={false}>
      <XAxis dataKey="place" type="number" domain={[0, 1]} allowDataOverflow hide />
      <YAxis
        type="number"
        domain={[axis.low, axis.high]}
        scale={axis.log ? 'log' : 'linear'}
        allowDataOverflow
        hide
        width={0}
      />
      {series.map((one, index) => {
        const opacity = isFaded(one.id) ? 0.2 : 1
        const value = (row: ChartRow) => drawable(row.values[index], axis)
        if (kind === 'stacked' || kind === 'area') {
          return (
            <Area
              key={one.id}
              type={type}
              dataKey={value}
              stroke={kind === 'stacked' ? 'var(--panel)' : one.color}
              strokeWidth={kind === 'stacked' ? 0.75 : 1.5}
              fill={one.color}
              fillOpacity={(kind === 'stacked' ? 0.92 : 0.12) * opacity}
              strokeOpacity={opacity}
              connectNulls={false}
              dot={false}
              activeDot={false}
              isAnimationActive={false}
            />
          )
        }
        return (
          <Line
            key={one.id}
            type={type}
            dataKey={value}
            stroke={one.color}
            strokeWidth={1.5}
            strokeOpacity={opacity}
            strokeDasharray={dashes[one.style ?? 'solid']}
            connectNulls={false}
            dot={false}
            activeDot={false}
            isAnimationActive={false}
          />
        )
      })}
    </ComposedChart>
  )
})

/** A log axis has no place for zero: it stands at the lowest tick. */
function drawable(value: ChartRow['values'][number] | undefined, axis: ValueAxis): number | [number, number] | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'number') return [value[0], value[1]]
  return axis.log ? Math.max(value, axis.low) : value
}
