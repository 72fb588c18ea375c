'use client'

import { formatDuration, formatMoment } from '../_client/format'
import { MarkTag } from '../_ui/MarkTag'
import { Tooltip } from '../_ui/Tooltip'
import { useChartScope } from './ChartScope'
import type { ValueAxis } from './prepareAxis'
import { type ChartMark, placeMarks } from './prepareMarks'
import type { ChartGap } from './prepareSeries'
import { ThresholdHandle } from './ThresholdHandle'

/** Layers that stand behind or over the data of a plot, placed in percent so that they never drift from it. */

const percent = (place: number) => `${place * 100}%`

/** The reason beside the hatch only where it fits; always on hover and for screen readers. */
const LABEL_MIN_PX = 150

export function gapLabel(gap: ChartGap, nowMs: number): string {
  if (gap.kind === 'before') return `${gap.reason}, ${formatMoment(gap.toMs, nowMs)}`
  const length = formatDuration(gap.toMs - gap.fromMs)
  return `Not recorded ${formatMoment(gap.fromMs, nowMs)} to ${formatMoment(gap.toMs, nowMs)}, ${length}: ${gap.reason}`
}

export function GapLayer({ widthPx = 0 }: { widthPx?: number }) {
  const { gaps, scale } = useChartScope()
  return (
    <>
      {gaps.map((gap) => {
        const from = Math.max(0, scale.place(gap.fromMs))
        const to = Math.min(1, scale.place(gap.toMs))
        if (to <= 0 || from >= 1 || to < from) return null
        const label = gapLabel(gap, scale.span.toMs)
        return (
          <div
            key={`${gap.fromMs}-${gap.toMs}`}
            className="plot-gap"
            data-kind={gap.kind}
            role="img"
            aria-label={label}
            title={label}
            style={{ left: percent(from), width: `max(3px, ${percent(to - from)})` }}
          >
            {(to - from) * widthPx > LABEL_MIN_PX && <span className="plot-gap-label">{gap.reason}</span>}
          </div>
        )
      })}
    </>
  )
}

export interface MarkLayerProps {
  readonly widthPx: number
  /** Tags on top of their lines; without, the lines only. */
  readonly tags?: boolean | undefined
  readonly onOpen?: ((mark: ChartMark) => void) | undefined
  readonly selectedId?: string | null | undefined
}

export function MarkLayer({ widthPx, tags = false, onOpen, selectedId }: MarkLayerProps) {
  const { marks, scale } = useChartScope()
  return (
    <>
      {placeMarks(marks, scale, widthPx).map(({ mark, place, together }) => {
        const chosen = together.some((one) => one.id === selectedId)
        const label = together.map((one) => one.label).join('\n')
        return (
          <div
            key={mark.id}
            className="plot-mark"
            data-kind={mark.kind}
            data-chosen={chosen}
            style={{ left: percent(place) }}
          >
            {tags && (
              <Tooltip content={label}>
                <button type="button" className="plot-mark-tag" aria-label={label} onClick={() => onOpen?.(mark)}>
                  <MarkTag kind={mark.kind} count={together.length} />
                </button>
              </Tooltip>
            )}
          </div>
        )
      })}
    </>
  )
}

export interface Threshold {
  /** In the series' own unit. */
  readonly value: number
  /** In words: "warns at 500 ms". */
  readonly label: string
  readonly severity: 'warn' | 'critical'
  /** Gives it a handle that drags and takes arrow keys: see ThresholdHandle. */
  readonly onMove?: ((value: number) => void) | undefined
}

export function ThresholdLayer({ thresholds, axis }: { thresholds: readonly Threshold[]; axis: ValueAxis }) {
  return (
    <>
      {thresholds
        .filter(({ value, onMove }) => value <= axis.high || onMove !== undefined)
        .map(({ value, label, severity, onMove }) => {
          const place = axis.place(value)
          if (onMove !== undefined) {
            return (
              <ThresholdHandle
                key={severity}
                value={value}
                label={label}
                severity={severity}
                axis={axis}
                onMove={onMove}
              />
            )
          }
          return (
            <div
              key={label}
              className="plot-threshold"
              data-severity={severity}
              data-below={place > 0.85}
              style={{ bottom: percent(place) }}
            >
              <span>{label}</span>
            </div>
          )
        })}
    </>
  )
}

export interface Band {
  readonly fromMs: number
  readonly toMs: number
  readonly tone: 'selected' | 'warn' | 'info' | 'critical'
  readonly label?: string | undefined
}

/** Mean width of a letter in a band, and the room at its ends. */
const BAND_CHAR_PX = 5.4
const BAND_ENDS_PX = 10

/** With `widthPx`, words that do not fit into their band are left out; without, they stand. */
export function BandLayer({ bands, widthPx }: { bands: readonly Band[]; widthPx?: number }) {
  const { scale } = useChartScope()
  return (
    <>
      {bands.map((band) => {
        const from = Math.max(0, scale.place(band.fromMs))
        const to = Math.min(1, scale.place(band.toMs))
        if (to <= from) return null
        return (
          <div
            key={`${band.fromMs}-${band.tone}`}
            className="plot-band"
            data-tone={band.tone}
            style={{ left: percent(from), width: percent(to - from) }}
          >
            {band.label !== undefined && fits(band.label, to - from, widthPx) && <span>{band.label}</span>}
          </div>
        )
      })}
    </>
  )
}

function fits(label: string, share: number, widthPx: number | undefined): boolean {
  return widthPx === undefined || label.length * BAND_CHAR_PX + BAND_ENDS_PX <= share * widthPx
}

/** Value ticks at the left of a plot. */
export function ValueTicks({ axis, heightPx, unit }: { axis: ValueAxis; heightPx: number; unit: boolean }) {
  const last = axis.ticks.length - 1
  return (
    <div className="plot-y" style={{ height: heightPx }} aria-hidden="true">
      {axis.ticks.map(({ value, label }, index) => (
        <span key={value} style={{ bottom: percent(axis.place(value)) }}>
          {label}
          {unit && index === last && axis.unit !== ''
            ? axis.unit.startsWith('/') || axis.unit === '%'
              ? axis.unit
              : ` ${axis.unit}`
            : ''}
        </span>
      ))}
    </div>
  )
}

export function GridLines({ axis }: { axis: ValueAxis }) {
  return (
    <>
      {axis.ticks.map(({ value }, index) => (
        <div key={value} className="plot-grid" data-base={index === 0} style={{ bottom: percent(axis.place(value)) }} />
      ))}
    </>
  )
}
