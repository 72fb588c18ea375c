'use client'

import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { useCluster } from '../_client/queries'
import { useRange } from '../_client/range'
import type { Span } from '../_client/urlState'
import { useRevisionsAt } from '../_client/useRevisions'
import { recordGaps } from './prepareGaps'
import type { ChartMark } from './prepareMarks'
import type { ChartGap } from './prepareSeries'
import { useSame } from './useSame'
import { type Anchor, revisionScale, roundMoments, timeScale, type XScale } from './xScale'

/**
 * What all charts of a screen share: scale, gaps of the record, marks, and what a drag does. The frame opens one for
 * the page's range; a panel with a range of its own opens another with `span`.
 */
export interface Scope {
  readonly cluster: string | null
  readonly scale: XScale
  readonly gaps: readonly ChartGap[]
  readonly marks: readonly ChartMark[]
  readonly zoomTo: ((span: Span) => void) | null
}

const ScopeContext = createContext<Scope | null>(null)

export function useChartScope(): Scope {
  const scope = useContext(ScopeContext)
  if (scope === null) throw new Error('a chart outside ChartScope')
  return scope
}

const noMarks: readonly ChartMark[] = []
const noAnchors: readonly Anchor[] = []
const ANCHORS = 12

export interface ChartScopeProps {
  readonly cluster: string | null
  /** Default: the range of the page. */
  readonly span?: Span | undefined
  readonly marks?: readonly ChartMark[] | undefined
  /** Default: the record's gaps. */
  readonly gaps?: readonly ChartGap[] | undefined
  readonly children: ReactNode
}

export function ChartScope({ cluster, span: given, marks = noMarks, gaps, children }: ChartScopeProps) {
  const range = useRange()
  const span = given ?? range.span
  const { data } = useCluster(cluster ?? '')
  const anchors = useAnchors(range.axis === 'revision' ? cluster : null, span, data?.storedRevision ?? null)
  const scale = useMemo(
    () => (range.axis === 'revision' ? (revisionScale(span, anchors) ?? timeScale(span)) : timeScale(span)),
    [range.axis, span, anchors],
  )
  const shownGaps = useSame(useMemo(() => gaps ?? recordGaps(data, span), [gaps, data, span]))
  const zoomTo = given === undefined ? range.zoomTo : null
  const scope = useMemo(
    () => ({ cluster, scale, gaps: shownGaps, marks, zoomTo }),
    [cluster, scale, shownGaps, marks, zoomTo],
  )
  return <ScopeContext value={scope}>{children}</ScopeContext>
}

/** Revisions at round moments around the span; the head of the record ends a span that reaches to now. */
function useAnchors(cluster: string | null, span: Span, storedRevision: string | null): readonly Anchor[] {
  const { nowMs } = useRange()
  const { stepMs, moments } = roundMoments(span, ANCHORS)
  const around = [(moments[0] ?? span.fromMs) - stepMs, ...moments]
  const revisions = useRevisionsAt(cluster, cluster === null ? [] : around)
  const key = [...revisions].join(' ')
  return useMemo(() => {
    // The head moves all the time; a scale by time must not move with it.
    if (cluster === null) return noAnchors
    const anchors = [...revisions].map(([ms, revision]) => ({ ms, revision: Number(revision) }))
    if (storedRevision !== null && nowMs <= span.toMs + stepMs)
      anchors.push({ ms: nowMs, revision: Number(storedRevision) })
    return anchors
  }, [cluster === null, key, storedRevision, nowMs, span.toMs, stepMs])
}
