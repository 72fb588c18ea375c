'use client'

import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { RangeParams } from './api'
import { type Axis, durationMs, isFollowing, MIN_SPAN_MS, resolveSpans, type Span } from './urlState'
import { useUrlState } from './useUrlState'

/**
 * The range of the page, resolved: one clock for all of a screen's charts, so that they move together. While the
 * page follows the clock, API parameters stay relative and its query keys stay the same.
 */
export interface PageRange {
  /** What the page shows. */
  readonly span: Span
  /** What the ruler shows; contains `span` unless a link says otherwise. */
  readonly outer: Span
  readonly axis: Axis
  /** The end moves with the clock. */
  readonly following: boolean
  readonly nowMs: number
  readonly params: RangeParams
  readonly outerParams: RangeParams
  /** Zooms into a part; the back button undoes. Null goes back to the whole outer range. */
  readonly zoomTo: (span: Span | null) => void
}

const RangeContext = createContext<PageRange | null>(null)

export function useRange(): PageRange {
  const range = useContext(RangeContext)
  if (range === null) throw new Error('useRange outside RangeProvider')
  return range
}

/** The clock of the page: ticks often enough that a moving chart moves by about a pixel. */
function useClock(everyMs: number, running: boolean): number {
  const [nowMs, setNowMs] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    const tick = () => setNowMs(Date.now())
    tick()
    const timer = setInterval(tick, everyMs)
    return () => clearInterval(timer)
  }, [everyMs, running])
  return nowMs
}

const absolute = (span: Span): RangeParams => ({
  from: String(Math.round(span.fromMs)),
  to: String(Math.round(span.toMs)),
})

export function RangeProvider({ children }: { children: ReactNode }) {
  const [state, update] = useUrlState()
  const lengthMs = state.range.kind === 'relative' ? (durationMs(state.range.duration) ?? 0) : 0
  const nowMs = useClock(Math.min(60_000, Math.max(1000, lengthMs / 900)), state.pausedAtMs === null)
  const zoomTo = useCallback(
    (span: Span | null) => {
      if (span === null) return update({ zoom: null })
      const fromMs = Math.round(Math.min(span.fromMs, span.toMs))
      const toMs = Math.round(Math.max(span.fromMs, span.toMs, fromMs + MIN_SPAN_MS))
      update({ zoom: { fromMs, toMs } })
    },
    [update],
  )
  const range = useMemo((): PageRange => {
    const { outer, page } = resolveSpans(state, nowMs)
    const moving = state.range.kind === 'relative' && state.pausedAtMs === null
    const relative = state.range.kind === 'relative' ? { from: `-${state.range.duration}`, to: 'now' } : absolute(outer)
    const outerParams = moving ? relative : absolute(outer)
    return {
      span: page,
      outer,
      axis: state.axis,
      following: isFollowing(state),
      nowMs,
      params: state.zoom === null ? outerParams : absolute(page),
      outerParams,
      zoomTo,
    }
  }, [state, nowMs, zoomTo])
  return <RangeContext value={range}>{children}</RangeContext>
}
