import type { Cluster } from '../../lib/contract'
import type { Span } from '../_client/urlState'
import type { ChartGap } from './prepareSeries'

/**
 * What of a span is not in the record: declared gaps, and the time before the record begins. The stretch from the
 * last recorded revision to the first one after a gap is what is unknown. Pure.
 */
export function recordGaps(cluster: Cluster | undefined, span: Span): readonly ChartGap[] {
  if (cluster === undefined) return []
  const declared = cluster.gaps.flatMap((gap): ChartGap[] => {
    const fromMs = gap.from === null ? span.fromMs : Date.parse(gap.from)
    const toMs = gap.to === null ? Math.max(Date.parse(gap.at), fromMs) : Date.parse(gap.to)
    if (toMs <= span.fromMs || fromMs >= span.toMs || toMs <= fromMs) return []
    return [{ fromMs, toMs, reason: gap.reason }]
  })
  return [...declared, ...beforeRecord(cluster, span), ...openGap(cluster, span)].sort((a, b) => a.fromMs - b.fromMs)
}

/** While the recorder is away, what happens since is not known yet: it may still be caught up. */
function openGap(cluster: Cluster, span: Span): readonly ChartGap[] {
  const fromMs = Math.max(span.fromMs, Date.parse(cluster.since))
  if (fromMs >= span.toMs) return []
  if (cluster.state === 'archived')
    return [{ fromMs, toMs: span.toMs, reason: 'The archive ends here', kind: 'before' }]
  if (cluster.state !== 'reconnecting' && cluster.state !== 'stopped') return []
  return [{ fromMs, toMs: span.toMs, reason: `Not recorded yet: ${cluster.error ?? cluster.state}` }]
}

function beforeRecord(cluster: Cluster, span: Span): readonly ChartGap[] {
  if (cluster.firstTime === null) return []
  const firstMs = Date.parse(cluster.firstTime)
  if (firstMs <= span.fromMs) return []
  return [{ fromMs: span.fromMs, toMs: Math.min(firstMs, span.toMs), reason: 'The record begins here', kind: 'before' }]
}

/** Stretches of a sampled series without any measurement, longer than three samples: the collector was away. */
export function silentGaps(
  points: readonly (readonly [number, number | null])[],
  span: Span,
  sampleMs: number,
  reason: string,
): readonly ChartGap[] {
  const limitMs = 3 * sampleMs
  const seen = points
    .filter(([ms, value]) => value !== null && ms >= span.fromMs - limitMs && ms <= span.toMs)
    .map(([ms]) => ms)
  const gaps: ChartGap[] = []
  let before = span.fromMs
  for (const ms of [...seen, span.toMs]) {
    if (ms - before > limitMs) gaps.push({ fromMs: before, toMs: ms, reason })
    before = ms
  }
  return gaps
}
