'use client'

import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react'
import { useChartScope } from './ChartScope'
import { useCursor, useCursorStore } from './cursor'

/** A drag shorter than this is a click. */
const DRAG_PX = 5

export interface PlotAreaProps {
  readonly label: string
  readonly heightPx?: number | undefined
  readonly className?: string | undefined
  /** A click without a drag, with the moment under the pointer. */
  readonly onPick?: ((ms: number) => void) | undefined
  readonly children: ReactNode
}

/**
 * The surface of every chart, lane and heat-map: carries the shared cursor, drags to zoom, and does both from the
 * keyboard (arrows move the cursor, Shift by ten, Escape removes it).
 */
export function PlotArea({ label, heightPx, className = '', onPick, children }: PlotAreaProps) {
  const { scale, zoomTo } = useChartScope()
  const cursor = useCursorStore()
  const element = useRef<HTMLDivElement>(null)
  const start = useRef<number | null>(null)
  const [brush, setBrush] = useState<readonly [number, number] | null>(null)

  const placeOf = (event: PointerEvent) => {
    const box = element.current?.getBoundingClientRect()
    if (box === undefined || box.width === 0) return 0
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
  }
  const move = (event: PointerEvent) => {
    const at = placeOf(event)
    cursor.set(scale.msAt(at))
    if (start.current !== null && zoomTo !== null) setBrush([start.current, at])
  }
  const down = (event: PointerEvent) => {
    // Marks on the plot are buttons of their own.
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button, a') !== null)) return
    if (event.pointerType === 'mouse') {
      event.preventDefault()
      element.current?.setPointerCapture(event.pointerId)
    }
    start.current = placeOf(event)
  }
  const up = (event: PointerEvent) => {
    const from = start.current
    start.current = null
    setBrush(null)
    if (from === null) return
    const to = placeOf(event)
    const dragged = Math.abs(to - from) * (element.current?.clientWidth ?? 0) > DRAG_PX
    if (dragged) zoomTo?.({ fromMs: scale.msAt(Math.min(from, to)), toMs: scale.msAt(Math.max(from, to)) })
    else onPick?.(scale.msAt(to))
  }
  const stop = () => {
    start.current = null
    setBrush(null)
  }
  const key = (event: KeyboardEvent) => {
    const ms = cursor.get()
    if (event.key === 'Escape') return cursor.set(null)
    if (event.key === 'Enter' && ms !== null && event.target === element.current) return onPick?.(ms)
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
    event.preventDefault()
    const by = (event.shiftKey ? 0.1 : 0.01) * (event.key === 'ArrowLeft' ? -1 : 1)
    const from = ms === null ? 1 : scale.place(ms)
    cursor.set(scale.msAt(Math.min(1, Math.max(0, from + by))))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls
    <div
      ref={element}
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the plot takes arrow keys, see above
      tabIndex={0}
      className={`plot-area ${className}`}
      style={heightPx === undefined ? undefined : { height: heightPx }}
      onPointerMove={move}
      onPointerDown={down}
      onPointerUp={up}
      onPointerCancel={stop}
      onPointerLeave={() => cursor.set(null)}
      onKeyDown={key}
      onBlur={() => cursor.set(null)}
    >
      {children}
      {brush !== null && (
        <div
          className="plot-brush"
          style={{ left: `${Math.min(...brush) * 100}%`, width: `${Math.abs(brush[1] - brush[0]) * 100}%` }}
        />
      )}
      <CursorLine />
    </div>
  )
}

/** The hair-line; nothing while the pointer is elsewhere or the moment lies outside. */
export function CursorLine() {
  const { scale } = useChartScope()
  const ms = useCursor()
  if (ms === null) return null
  const place = scale.place(ms)
  if (place < 0 || place > 1) return null
  return <div className="plot-cursor" style={{ left: `${place * 100}%` }} />
}
