'use client'

import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import type { ValueAxis } from './prepareAxis'
import { roundFigure } from './roundFigure'

interface ThresholdHandleProps {
  readonly value: number
  /** In words: "500 ms". */
  readonly label: string
  readonly severity: 'warn' | 'critical'
  readonly axis: ValueAxis
  readonly onMove: (value: number) => void
}

/** Arrow keys move by this share of the axis, with Shift by ten times that. */
const KEY_STEP = 0.01

/** A threshold that drags: to round values, because nobody means 487.3 ms. */
export function ThresholdHandle({ value, label, severity, axis, onMove }: ThresholdHandleProps) {
  const line = useRef<HTMLDivElement>(null)
  const place = axis.place(value)
  const moveTo = (next: number) => {
    const moved = roundFigure(axis.valueAt(Math.min(1, Math.max(0, next))) / axis.scale) * axis.scale
    if (moved !== value) onMove(moved)
  }
  const drag = (event: PointerEvent) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const box = line.current?.parentElement?.getBoundingClientRect()
    if (box !== undefined && box.height > 0) moveTo((box.bottom - event.clientY) / box.height)
  }
  const key = (event: KeyboardEvent) => {
    const up = event.key === 'ArrowUp' || event.key === 'ArrowRight'
    if (!up && event.key !== 'ArrowDown' && event.key !== 'ArrowLeft') return
    event.preventDefault()
    event.stopPropagation()
    moveTo(place + (event.shiftKey ? 10 : 1) * KEY_STEP * (up ? 1 : -1))
  }
  return (
    <div
      ref={line}
      className="plot-threshold plot-threshold-live"
      data-severity={severity}
      style={{ bottom: `${place * 100}%` }}
    >
      <button
        type="button"
        role="slider"
        aria-label={severity === 'critical' ? 'Threshold, critical' : 'Threshold, warning'}
        aria-orientation="vertical"
        aria-valuemin={axis.low}
        aria-valuemax={axis.high}
        aria-valuenow={value}
        aria-valuetext={label}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
        onKeyDown={key}
      >
        {label}
      </button>
    </div>
  )
}
