'use client'

import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react'
import { ChartScope, useChartScope } from '../../_charts/ChartScope'
import { useCursorStore } from '../../_charts/cursor'
import { GapLayer } from '../../_charts/Overlays'
import { CursorLine } from '../../_charts/PlotArea'
import { type ChartMark, placeMarks } from '../../_charts/prepareMarks'
import { stepForSpan } from '../../_charts/prepareSeries'
import { useWidth } from '../../_charts/useWidth'
import { formatClockShort, plural } from '../../_client/format'
import { useActivity } from '../../_client/queries'
import { useRange } from '../../_client/range'
import type { Span } from '../../_client/urlState'
import { useRevisionsAt } from '../../_client/useRevisions'
import { Revision } from '../Figures'
import { MarkTag } from '../MarkTag'
import { rulerBars, stepBrush } from './prepareRuler'

const BARS = 90
const TICK_PX = 170
const DRAG_PX = 5

/**
 * The whole range of the page at once: configuration changes as bars, marks, gaps, clock and revision below. What is
 * brushed is what the page shows: drag to zoom, double click or Escape for all; arrows move the brush, Shift resizes.
 */
export function Ruler({ cluster, marks }: { cluster: string; marks: readonly ChartMark[] }) {
  const { outer } = useRange()
  return (
    <ChartScope cluster={cluster} span={outer} marks={marks}>
      <RulerBody cluster={cluster} />
    </ChartScope>
  )
}

function RulerBody({ cluster }: { cluster: string }) {
  const { scale, marks } = useChartScope()
  const { outer, outerParams, span, zoomTo } = useRange()
  const cursor = useCursorStore()
  const [ref, width] = useWidth<HTMLDivElement>()
  const start = useRef<number | null>(null)
  const [drag, setDrag] = useState<readonly [number, number] | null>(null)
  const stepMs = stepForSpan(outer.toMs - outer.fromMs, BARS)
  const activity = useActivity(cluster, { metric: 'changes', by: 'significance', ...outerParams, stepMs, top: 8 })
  const bars = useMemo(() => rulerBars(activity.data, scale), [activity.data, scale])
  const zoomed = span.fromMs > outer.fromMs || span.toMs < outer.toMs

  const placeOf = (event: PointerEvent) => {
    const box = ref.current?.getBoundingClientRect()
    return box === undefined || box.width === 0 ? 0 : Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const down = (event: PointerEvent) => {
    if (event.button !== 0) return
    start.current = placeOf(event)
    if (event.pointerType === 'mouse') ref.current?.setPointerCapture(event.pointerId)
  }
  const move = (event: PointerEvent) => {
    const at = placeOf(event)
    cursor.set(scale.msAt(at))
    if (start.current !== null) setDrag([start.current, at])
  }
  const up = (event: PointerEvent) => {
    const from = start.current
    start.current = null
    setDrag(null)
    if (from === null) return
    const to = placeOf(event)
    if (Math.abs(to - from) * width < DRAG_PX) return
    zoomTo({ fromMs: scale.msAt(Math.min(from, to)), toMs: scale.msAt(Math.max(from, to)) })
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && zoomed) return zoomTo(null)
    const next = stepBrush(zoomed ? span : middleThird(outer), outer, event.key, event.shiftKey)
    if (next === null) return
    event.preventDefault()
    zoomTo(next)
  }
  const brush = drag ?? (zoomed ? ([scale.place(span.fromMs), scale.place(span.toMs)] as const) : null)
  return (
    <section className="ruler" aria-label="Range">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls */}
      <div
        ref={ref}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the ruler takes arrow keys, see above
        tabIndex={0}
        className="ruler-plot"
        aria-label={`Range of the page: configuration changes, leader changes and gaps of ${cluster}. Arrow keys move the part shown, Shift resizes it, Escape shows all`}
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => {
          start.current = null
          setDrag(null)
        }}
        onPointerLeave={() => cursor.set(null)}
        onDoubleClick={() => zoomTo(null)}
        onKeyDown={key}
      >
        <GapLayer widthPx={0} />
        {bars.map((bar) => (
          <i
            key={bar.ms}
            className="ruler-bar"
            title={`${formatClockShort(bar.ms)}: ${plural(bar.count, 'configuration change')}`}
            style={{
              left: `${bar.from * 100}%`,
              width: `calc(${bar.width * 100}% - 1px)`,
              height: `${Math.max(0.08, bar.height) * 20}px`,
            }}
          />
        ))}
        {placeMarks(marks, scale, width).map(({ mark, place, together }) => (
          <span
            key={mark.id}
            className="ruler-mark"
            role="img"
            aria-label={together.map((one) => one.label).join('; ')}
            title={together.map((one) => one.label).join('\n')}
            style={{ left: `${place * 100}%` }}
          >
            <MarkTag kind={mark.kind} count={together.length} />
          </span>
        ))}
        {brush !== null && (
          <div
            className="ruler-brush"
            style={{
              left: `${clamp(Math.min(...brush)) * 100}%`,
              width: `${(clamp(Math.max(...brush)) - clamp(Math.min(...brush))) * 100}%`,
            }}
          />
        )}
        <CursorLine />
      </div>
      <RulerTicks cluster={cluster} width={width} />
    </section>
  )
}

const clamp = (place: number) => Math.min(1, Math.max(0, place))

function middleThird(outer: Span): Span {
  const third = (outer.toMs - outer.fromMs) / 3
  return { fromMs: outer.fromMs + third, toMs: outer.toMs - third }
}

/** Both scales under the bars: the clock, and the revision that the record held then. */
function RulerTicks({ cluster, width }: { cluster: string; width: number }) {
  const { scale } = useChartScope()
  const ticks = width === 0 ? [] : scale.ticks(Math.max(2, Math.floor(width / TICK_PX)))
  const timed = scale.axis === 'time' ? ticks.map((tick) => tick.ms) : []
  const revisions = useRevisionsAt(cluster, timed)
  return (
    <div className="ruler-ticks">
      {ticks
        .filter(({ place }) => place * width < width - TICK_PX * 0.9)
        .map(({ ms, place, label, revision }) => (
          <span key={label} style={{ left: `${place * 100}%` }}>
            <b>{revision === null ? label : formatClockShort(ms)}</b>
            {(revision ?? revisions.get(ms)) !== undefined && (
              <Revision value={revision ?? revisions.get(ms) ?? null} />
            )}
          </span>
        ))}
      <span className="ruler-end" suppressHydrationWarning>
        <b suppressHydrationWarning>{formatClockShort(scale.span.toMs)}</b>
      </span>
    </div>
  )
}
