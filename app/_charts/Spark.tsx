import { useMemo } from 'react'
import type { Span } from '../_client/urlState'
import type { ChartGap } from './prepareSeries'
import { prepareSpark } from './prepareSpark'

const WIDTH = 1000

export interface SparkProps {
  /** In words, with the newest value: the picture is not read out. */
  readonly label: string
  readonly points: readonly (readonly [number, number | null])[]
  readonly span: Span
  readonly gaps?: readonly ChartGap[] | undefined
  readonly heightPx?: number | undefined
}

const noGaps: readonly ChartGap[] = []

/** A line without axes in a table cell. */
export function Spark({ label, points, span, gaps = noGaps, heightPx = 24 }: SparkProps) {
  const paths = useMemo(
    () => prepareSpark(points, span, gaps, { width: WIDTH, height: heightPx }),
    [points, span, gaps, heightPx],
  )
  const length = Math.max(1, span.toMs - span.fromMs)
  return (
    <div className="spark" role="img" aria-label={label} style={{ height: heightPx }}>
      <svg viewBox={`0 0 ${WIDTH} ${heightPx}`} preserveAspectRatio="none" aria-hidden="true">
        <path className="spark-area" d={paths.area} />
        <path className="spark-line" d={paths.line} />
      </svg>
      {gaps.map((gap) => {
        const from = Math.max(0, (gap.fromMs - span.fromMs) / length)
        const to = Math.min(1, (gap.toMs - span.fromMs) / length)
        return to <= from ? null : (
          <div
            key={gap.fromMs}
            className="plot-gap"
            data-kind={gap.kind}
            title={gap.reason}
            style={{ left: `${from * 100}%`, width: `max(2px, ${(to - from) * 100}%)` }}
          />
        )
      })}
    </div>
  )
}
