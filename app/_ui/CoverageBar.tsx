import type { ChartGap } from '../_charts/prepareSeries'
import type { Span } from '../_client/urlState'

/** What of a span the record holds: solid where it does, hatched where it does not. */
export function CoverageBar({ span, gaps, label }: { span: Span; gaps: readonly ChartGap[]; label: string }) {
  const length = Math.max(1, span.toMs - span.fromMs)
  return (
    <div className="coverage" role="img" aria-label={label} title={label}>
      {gaps.map((gap) => {
        const from = Math.max(0, (gap.fromMs - span.fromMs) / length)
        const to = Math.min(1, (gap.toMs - span.fromMs) / length)
        return to <= from ? null : (
          <i
            data-kind={gap.kind}
            key={gap.fromMs}
            title={gap.reason}
            style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }}
          />
        )
      })}
    </div>
  )
}
