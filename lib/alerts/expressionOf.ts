import type { AlertExpression, AlertMeasure } from '../contract'

/** The one language behind the editor's three simple forms. */
export function expressionOf(measure: AlertMeasure): AlertExpression {
  if (measure.kind === 'expression') return measure.expression
  if (measure.kind === 'changes') {
    return { op: 'changes', where: measure.where, by: measure.by, windowMs: measure.windowMs }
  }
  if (measure.kind === 'state') return { op: 'state', state: measure.state, windowMs: measure.windowMs }
  return metricExpression(measure)
}

const quantiles = { p50: 0.5, p90: 0.9, p99: 0.99 } as const

function metricExpression(measure: Extract<AlertMeasure, { kind: 'metric' }>): AlertExpression {
  const { metric, where, agg, windowMs, across, by } = measure
  if (agg === 'p50' || agg === 'p90' || agg === 'p99') {
    const leaf = { op: 'quantile' as const, quantile: quantiles[agg], metric, where, windowMs }
    // Quantiles do not add up; their histograms do.
    if (across === 'sum') return { ...leaf, by: by ?? [] }
    return across === 'each' ? leaf : { op: 'aggregate', fn: across, by: by ?? [], of: leaf }
  }
  const leaf: AlertExpression =
    agg === 'last' ? { op: 'latest', metric, where } : { op: 'window', fn: agg, metric, where, windowMs }
  return across === 'each' ? leaf : { op: 'aggregate', fn: across, by: by ?? [], of: leaf }
}
