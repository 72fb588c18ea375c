'use client'

import { memo, type ReactNode, useMemo } from 'react'
import { useChartScope } from './ChartScope'
import { Legend, useIsolation } from './Legend'
import { type Band, BandLayer, GapLayer, GridLines, MarkLayer, ValueTicks } from './Overlays'
import { PlotArea } from './PlotArea'
import { prepareAxis, type ValueAxis } from './prepareAxis'
import { joinBands } from './prepareBands'
import type { ChartMark } from './prepareMarks'
import type { ChartSeries } from './prepareSeries'
import { prepareSteps, stepPaths } from './prepareSteps'
import { useWidth } from './useWidth'
import { XAxisRow } from './XAxisRow'

export interface StepChartProps {
  /** Accessible name: what, by what. */
  readonly label: string
  /** Steps: `holds` is set on each. The first is drawn on top. */
  readonly series: readonly ChartSeries[]
  /** The series with an area under it. */
  readonly filled?: string | undefined
  /** Nothing is known after it: now, or the end of the record. */
  readonly endMs: number
  readonly heightPx?: number | undefined
  readonly bands?: readonly Band[] | undefined
  readonly markTags?: boolean | undefined
  readonly onOpenMark?: ((mark: ChartMark) => void) | undefined
  readonly selectedMarkId?: string | null | undefined
  readonly onPick?: ((ms: number) => void) | undefined
  /** In a track: title and legend stand in the label column, the x axis is the last track's. */
  readonly track?: { readonly title: string } | undefined
  readonly state?: ReactNode
}

const noBands: readonly Band[] = []
const HEAD_PX = 20
const HEADED_PX = 100

/** Whole numbers that hold until they change: replicas, endpoints, objects in a state. Exact at any zoom. */
export function StepChart(props: StepChartProps) {
  const { series, heightPx = 140, track, endMs } = props
  const { scale, gaps } = useChartScope()
  // Words of bands and tags of marks stand over the highest line, not across it.
  const headPx = heightPx >= HEADED_PX && (props.bands !== undefined || props.markTags === true) ? HEAD_PX : 0
  const [ref, width] = useWidth<HTMLDivElement>()
  const axis = useMemo(() => {
    let high = 0
    for (const one of series) for (const [, value] of one.points) if (value !== null && value > high) high = value
    const plain = prepareAxis({ unit: 'count', high, heightPx })
    const room = 1 - headPx / heightPx
    return { ...plain, place: (value: number) => plain.place(value) * room }
  }, [series, heightPx, headPx])
  const lines = useMemo(
    () => series.map((one) => ({ one, runs: prepareSteps(one.points, { scale, widthPx: width, gaps, endMs }) })),
    [series, scale, gaps, width, endMs],
  )
  const bands = useMemo(() => joinBands(props.bands ?? noBands, scale, width), [props.bands, scale, width])
  return (
    <div className="plot" data-track={track !== undefined}>
      {track !== undefined && <Legend column title={track.title} series={series} unit="count" axis={axis} />}
      <ValueTicks axis={axis} heightPx={heightPx} unit={track === undefined} />
      <PlotArea label={props.label} heightPx={heightPx} onPick={props.onPick}>
        <div className="plot-measure" ref={ref} />
        {bands.length > 0 && <BandLayer bands={bands} widthPx={width} />}
        <GridLines axis={axis} />
        <GapLayer widthPx={width} />
        <MarkLayer widthPx={width} tags={props.markTags} onOpen={props.onOpenMark} selectedId={props.selectedMarkId} />
        {width > 0 && <Drawing lines={lines} axis={axis} width={width} height={heightPx} filled={props.filled} />}
        {props.state}
      </PlotArea>
      {track === undefined && <XAxisRow />}
    </div>
  )
}

interface DrawingProps {
  readonly lines: readonly { readonly one: ChartSeries; readonly runs: ReturnType<typeof prepareSteps> }[]
  readonly axis: ValueAxis
  readonly width: number
  readonly height: number
  readonly filled: string | undefined
}

const Drawing = memo(function Drawing({ lines, axis, width, height, filled }: DrawingProps) {
  const { isFaded } = useIsolation()
  // Half a line's width inside, so that neither the top nor the bottom line is cut.
  const y = (value: number) => height - 0.75 - axis.place(value) * (height - 1.5)
  return (
    <svg className="plot-steps" width={width} height={height} aria-hidden="true">
      {[...lines].reverse().map(({ one, runs }) => {
        const { line, area } = stepPaths(runs, y, height)
        return (
          <g key={one.id} opacity={isFaded(one.id) ? 0.2 : 1}>
            {one.id === filled && <path d={area} fill={one.color} opacity={0.12} />}
            <path d={line} stroke={one.color} data-style={one.style ?? 'solid'} />
          </g>
        )
      })}
    </svg>
  )
})
