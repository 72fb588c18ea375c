import type { AlertExpression, AlertRuleInput, LabelMatcher } from '../contract'
import { metricCatalogue } from '../contract'
import { durationText } from './durationText'
import { expressionOf } from './expressionOf'
import { wordsOf } from './words'

/**
 * A rule's measure in PromQL, where PromQL can say it, else in words. Prometheus knows a member by `instance` and a
 * peer by `To`, and several clusters by `job`: those take the places of `member`, `to` and of the one cluster that a
 * rule is evaluated on here.
 */

export interface Printed {
  readonly text: string
  /** Whether Prometheus can evaluate it. */
  readonly promql: boolean
}

export function printMeasure({ measure }: Pick<AlertRuleInput, 'measure'>): Printed {
  const expression = expressionOf(measure)
  return isExpressible(expression)
    ? { text: print(expression), promql: true }
    : { text: wordsOf(expression), promql: false }
}

/** Changes and most states are of the record, which Prometheus has not; nor our own measurements. */
function isExpressible(node: AlertExpression): boolean {
  switch (node.op) {
    case 'number':
      return true
    case 'changes':
    case 'state':
      return false
    case 'latest':
    case 'window':
    case 'quantile':
      return !node.metric.startsWith('etcdscope_')
    case 'aggregate':
      return isExpressible(node.of)
    default:
      return isExpressible(node.left) && isExpressible(node.right)
  }
}

const job = 'job=~".*etcd.*"'

function print(node: AlertExpression): string {
  switch (node.op) {
    case 'number':
      return String(node.value)
    case 'latest':
      return selector(node.metric, node.where)
    case 'window':
      return windowed(node)
    case 'quantile':
      return quantile(node)
    case 'aggregate': {
      const labels =
        node.without === undefined
          ? ` by (${['job', ...renamed(node.by ?? [])].join(', ')})`
          : ` without (${renamed(node.without).join(', ')})`
      return `${node.fn}${labels} (${print(node.of)})`
    }
    case 'arithmetic':
      return `${operand(node.left)} ${signs[node.fn]} ${matching(node.on)}${operand(node.right)}`
    case 'compare':
      return `${operand(node.left)} ${node.fn} ${node.bool ? 'bool ' : ''}${matching(node.on)}${operand(node.right)}`
    case 'and':
    case 'or':
    case 'unless':
      return `${operand(node.left)} ${node.op} ${matching(node.on)}${operand(node.right)}`
    default:
      return ''
  }
}

const signs = { add: '+', subtract: '-', multiply: '*', divide: '/' } as const

const matching = (on: readonly string[] | undefined) =>
  on === undefined ? '' : `on (${['job', ...renamed(on)].join(', ')}) `

function operand(node: AlertExpression): string {
  const text = print(node)
  const alone = ['number', 'latest', 'window', 'quantile', 'aggregate'].includes(node.op)
  return alone ? text : `(${text})`
}

const functions: Readonly<Record<string, string>> = {
  rate: 'rate',
  increase: 'increase',
  delta: 'delta',
  deriv: 'deriv',
  avg: 'avg_over_time',
  min: 'min_over_time',
  max: 'max_over_time',
  sum: 'sum_over_time',
  count: 'count_over_time',
  last: 'last_over_time',
  'predict-linear': 'predict_linear',
}

function windowed({ fn, metric, where, windowMs, aheadMs }: Extract<AlertExpression, { op: 'window' }>): string {
  // Of a histogram the record counts observations, as its _count does.
  const name = metricCatalogue.get(metric)?.kind === 'histogram' ? `${metric}_count` : metric
  const ahead = fn === 'predict-linear' ? `, ${(aheadMs ?? 0) / 1000}` : ''
  return `${functions[fn]}(${selector(name, where)}[${durationText(windowMs)}]${ahead})`
}

function quantile(node: Extract<AlertExpression, { op: 'quantile' }>): string {
  const rates = `rate(${selector(`${node.metric}_bucket`, node.where)}[${durationText(node.windowMs)}])`
  const summed = node.by === undefined ? rates : `sum by (${['job', 'le', ...renamed(node.by)].join(', ')}) (${rates})`
  return `histogram_quantile(${node.quantile}, ${summed})`
}

function selector(metric: string, where: readonly LabelMatcher[]): string {
  const own = where.map(({ name, op, value }) => `${renamed([name])[0] ?? name}${op}${JSON.stringify(value)}`)
  return `${metric}{${[job, ...own].join(', ')}}`
}

/** The names that Prometheus gives; `member_id` is beside `member` here and nowhere there. */
function renamed(labels: readonly string[]): string[] {
  return labels.flatMap((label) => {
    if (label === 'member_id') return labels.includes('member') ? [] : ['instance']
    return [label === 'member' ? 'instance' : label === 'to' ? 'To' : label]
  })
}
