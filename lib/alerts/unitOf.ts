import { type AlertExpression, type AlertStateName, describeMetric, metricCatalogue } from '../contract'

/** The unit of what an expression gives, as the metric catalogue names units; of products and quotients it is derived. */

const stateUnits: Readonly<Record<AlertStateName, string>> = {
  'leader-changes': 'count',
  'unplanned-leader-changes': 'count',
  'failures-tolerated': 'count',
  'applied-lag': 'count',
  alarm: 'count',
  'hash-divergence': 'count',
  'quota-hours-left': 'hours',
  'certificate-days-left': 'days',
  'writer-share': 'ratio',
  'recording-lag-seconds': 'seconds',
  'gap-revisions': 'count',
  'source-reachable': 'ratio',
  'workload-unconverged-seconds': 'seconds',
  'rollout-failed': 'count',
  'node-not-ready': 'count',
  'secret-age-days': 'days',
  'outside-writes': 'count',
  'rbac-widened': 'count',
}

export function unitOf(node: AlertExpression): string {
  switch (node.op) {
    case 'number':
    case 'changes':
      return 'count'
    case 'state':
      return stateUnits[node.state]
    case 'quantile':
      return describeMetric(node.metric, 'histogram').unit
    case 'latest':
      return metricUnit(node.metric)
    case 'window':
      return windowUnit(node)
    case 'aggregate':
      return node.fn === 'count' ? 'count' : unitOf(node.of)
    case 'compare':
      return node.bool ? 'ratio' : unitOf(node.left.op === 'number' ? node.right : node.left)
    case 'arithmetic':
      return arithmeticUnit(node)
    default:
      return unitOf(node.left)
  }
}

function metricUnit(name: string): string {
  return metricCatalogue.get(name)?.unit ?? describeMetric(name, 'gauge').unit
}

function windowUnit({ fn, metric }: Extract<AlertExpression, { op: 'window' }>): string {
  if (fn === 'count') return 'count'
  const kind = metricCatalogue.get(metric)?.kind
  if (fn === 'rate') return kind === 'histogram' ? '1/s' : describeMetric(metric, 'counter').unit
  if (fn === 'increase') return kind !== 'histogram' && /_bytes(_total)?$/.test(metric) ? 'bytes' : 'count'
  const unit = metricUnit(metric)
  return fn === 'deriv' ? (unit === 'bytes' ? 'bytes/s' : '1/s') : unit
}

function arithmeticUnit({ fn, left, right }: Extract<AlertExpression, { op: 'arithmetic' }>): string {
  const [a, b] = [left, right].map((side) => (side.op === 'number' ? null : unitOf(side)))
  if (fn === 'divide') return a !== null && a === b ? 'ratio' : b === null ? (a ?? 'count') : 'count'
  if (fn === 'multiply') return a ?? b ?? 'count'
  return a ?? b ?? 'count'
}
