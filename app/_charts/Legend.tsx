'use client'

import { formatMetric } from '../_client/format'
import { useUrlList } from '../_client/useUrlState'
import { useChartScope } from './ChartScope'
import { useCursor } from './cursor'
import { formatInUnit, type ValueAxis } from './prepareAxis'
import { type ChartSeries, newestValue, valueAt } from './prepareSeries'

/** Which series stand alone: in the URL under `only`, shared by all charts and tables of a screen. */
export function useIsolation() {
  const [only, setOnly] = useUrlList('only')
  return {
    only,
    isFaded: (id: string) => only.length > 0 && !only.includes(id),
    /** Click shows one alone (again: all); Ctrl click adds or takes away. */
    toggle: (id: string, additive: boolean) => {
      if (additive) return setOnly(only.includes(id) ? only.filter((one) => one !== id) : [...only, id])
      setOnly(only.length === 1 && only[0] === id ? [] : [id])
    },
  }
}

export function Swatch({
  color,
  style = 'solid',
  box = false,
}: {
  color: string
  style?: ChartSeries['style']
  box?: boolean
}) {
  return (
    <i
      className="swatch"
      data-style={style}
      data-box={box}
      style={{ borderColor: color, ...(box && { background: color }) }}
    />
  )
}

/** Older than this many steps is not "the value under the cursor" any more. */
const REACH_STEPS = 3

/** The value of a series under the cursor; without one, its newest. Null when nothing was measured there. */
export function useReading(series: ChartSeries): number | null {
  const ms = useCursor()
  const { gaps } = useChartScope()
  if (ms === null) return series.holds === true ? (series.points.at(-1)?.[1] ?? null) : newestValue(series)
  if (gaps.some((gap) => ms > gap.fromMs && ms < gap.toMs)) return null
  if (series.holds === true) return valueAt(series, ms, Number.POSITIVE_INFINITY)
  const [first, second] = series.points
  const stepMs = first !== undefined && second !== undefined ? second[0] - first[0] : 0
  return valueAt(series, ms, stepMs * REACH_STEPS)
}

export interface LegendProps {
  readonly series: readonly ChartSeries[]
  readonly unit: string
  readonly axis?: ValueAxis | undefined
  /** Boxes for areas and stacks, lines otherwise. */
  readonly box?: boolean | undefined
  /** Stands in a track's label column: one series a row. */
  readonly column?: boolean | undefined
  readonly title?: string | undefined
  /** Without values: for a panel's head. */
  readonly bare?: boolean | undefined
}

export function Legend({ series, unit, axis, box = false, column = false, title, bare = false }: LegendProps) {
  return (
    <div className={column ? 'legend-column' : 'legend'}>
      {title !== undefined && (
        <b>
          {title}
          {axis !== undefined && axis.unit !== '' && !axis.unit.startsWith('/') ? `, ${axis.unit}` : ''}
        </b>
      )}
      {series.map((one) => (
        <LegendItem key={one.id} series={one} unit={unit} axis={column ? axis : undefined} box={box} bare={bare} />
      ))}
    </div>
  )
}

interface LegendItemProps {
  readonly series: ChartSeries
  readonly unit: string
  readonly axis: ValueAxis | undefined
  readonly box: boolean
  readonly bare: boolean
}

function LegendItem({ series, unit, axis, box, bare }: LegendItemProps) {
  const { isFaded, toggle, only } = useIsolation()
  return (
    <button
      type="button"
      className="legend-item"
      data-faded={isFaded(series.id)}
      aria-pressed={only.includes(series.id)}
      title={series.name}
      onClick={(event) => toggle(series.id, event.ctrlKey || event.metaKey)}
    >
      <Swatch color={series.color} style={series.style} box={box} />
      <span className="legend-name">{series.name}</span>
      {!bare && <Reading series={series} unit={unit} axis={axis} />}
    </button>
  )
}

function Reading({ series, unit, axis }: { series: ChartSeries; unit: string; axis: ValueAxis | undefined }) {
  const value = useReading(series)
  if (value === null) return <b className="dim">none</b>
  // In a track the unit stands in the title once; elsewhere it goes with the value.
  return (
    <b title={formatMetric(value, unit)}>
      {axis === undefined ? formatMetric(value, unit) : formatInUnit(value, axis)}
    </b>
  )
}
