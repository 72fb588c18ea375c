import { type AlertExpression, type AlertRuleInput, expressionDepthLimit, metricCatalogue } from '../contract'
import { ScopeError } from '../core/errors'
import { regexFault } from '../core/linearRegex'
import { expressionOf } from './expressionOf'
import { unknownPlace } from './template'
import { windowedStates } from './words'

/**
 * What the schema of a rule cannot say: whether it can mean anything. Throws BAD_REQUEST whose subject is the field at
 * fault, as a path into the rule.
 */
export function checkRule(rule: AlertRuleInput, recorded: ReadonlySet<string> = new Set()): void {
  checkThresholds(rule)
  checkTexts(rule)
  const { measure } = rule
  if (measure.kind === 'metric' && measure.across === 'each' && measure.by !== undefined && !isQuantile(measure.agg)) {
    refuse('measure.by', 'labels to keep apart need an aggregation across members')
  }
  const path = measure.kind === 'expression' ? 'measure.expression' : 'measure'
  checkNode(expressionOf(measure), path, 1, recorded)
}

const isQuantile = (agg: string) => /^p\d\d$/.test(agg)

function refuse(subject: string, why: string): never {
  throw new ScopeError('BAD_REQUEST', `${subject}: ${why}.`, { subject })
}

const gravity = { info: 0, warning: 1, critical: 2 } as const

function checkThresholds({ thresholds, comparison }: AlertRuleInput): void {
  for (const [at, { value }] of thresholds.entries()) {
    if (!Number.isFinite(value)) refuse(`thresholds.${at}.value`, 'a threshold is a finite number')
  }
  const graver = thresholds.map((one, at) => ({ ...one, at })).sort((a, b) => gravity[a.severity] - gravity[b.severity])
  for (const [index, next] of graver.entries()) {
    const less = graver[index - 1]
    if (less === undefined) continue
    if (less.severity === next.severity) refuse(`thresholds.${next.at}.severity`, `${next.severity} has two thresholds`)
    if (comparison === '==' || comparison === '!=') {
      if (less.value !== next.value || less.forMs !== next.forMs) continue
      refuse(`thresholds.${next.at}.value`, `${next.severity} and ${less.severity} would always fire together`)
    }
    const upward = comparison === '>' || comparison === '>='
    const nearer = upward ? next.value < less.value : next.value > less.value
    if (nearer) {
      refuse(
        `thresholds.${next.at}.value`,
        `${next.severity} is graver than ${less.severity}, so its threshold must lie farther ${upward ? 'up' : 'down'} than ${less.value}`,
      )
    }
    if (next.value === less.value && next.forMs <= less.forMs) {
      refuse(
        `thresholds.${next.at}.value`,
        `${less.severity} could never be told: ${next.severity} fires no later at the same value`,
      )
    }
  }
}

/** What annotations may name beside labels. */
export const templateNames = ['value', 'threshold', 'cluster', 'severity', 'rule'] as const

function checkTexts({ annotations }: AlertRuleInput): void {
  for (const [name, text] of Object.entries(annotations)) {
    const place = unknownPlace(text, templateNames)
    if (place !== null)
      refuse(
        `annotations.${name}`,
        `${place} is not known: use value, threshold, cluster, severity, rule or labels.NAME`,
      )
  }
}

function checkNode(node: AlertExpression, path: string, depth: number, recorded: ReadonlySet<string>): void {
  if (depth > expressionDepthLimit) refuse(path, `an expression has at most ${expressionDepthLimit} levels`)
  const below = (child: AlertExpression, name: string) => checkNode(child, `${path}.${name}`, depth + 1, recorded)
  switch (node.op) {
    case 'number':
      if (!Number.isFinite(node.value)) refuse(`${path}.value`, 'not a finite number')
      return
    case 'latest':
    case 'window':
    case 'quantile':
      checkMetric(node, path, recorded)
      return
    case 'changes':
      checkChanges(node, path)
      return
    case 'state':
      checkState(node, path)
      return
    case 'aggregate':
      if (node.by !== undefined && node.without !== undefined) refuse(`${path}.without`, 'give by or without, not both')
      below(node.of, 'of')
      return
    case 'and':
    case 'or':
    case 'unless':
      if (isScalar(node.left)) refuse(`${path}.left`, `${node.op} is between measured values, not numbers`)
      if (isScalar(node.right)) refuse(`${path}.right`, `${node.op} is between measured values, not numbers`)
      below(node.left, 'left')
      below(node.right, 'right')
      return
    default:
      if (isScalar(node.left) && isScalar(node.right)) refuse(path, 'two numbers measure nothing')
      below(node.left, 'left')
      below(node.right, 'right')
      return
  }
}

const isScalar = (node: AlertExpression): boolean => node.op === 'number'

const ofCounters: readonly string[] = ['rate', 'increase']

function checkMetric(
  node: Extract<AlertExpression, { op: 'latest' | 'window' | 'quantile' }>,
  path: string,
  recorded: ReadonlySet<string>,
): void {
  const { metric } = node
  const known = metricCatalogue.get(metric)
  if (known === undefined && !recorded.has(metric)) refuse(`${path}.metric`, `${metric} is no metric that is recorded`)
  for (const [at, { op, value }] of node.where.entries()) {
    const fault = op === '=~' || op === '!~' ? regexFault(value) : null
    if (fault !== null) refuse(`${path}.where.${at}.value`, fault)
  }
  const field = path.endsWith('expression') || path.includes('expression.') ? 'fn' : 'agg'
  if (node.op === 'quantile') {
    if (known !== undefined && known.kind !== 'histogram')
      refuse(`${path}.metric`, `${metric} is a ${known.kind}, and quantiles are of histograms`)
    return
  }
  if (known === undefined) return
  if (node.op === 'latest') {
    if (known.kind !== 'gauge')
      refuse(
        `${path}.metric`,
        `${metric} is a ${known.kind}: ask for its rate or increase${known.kind === 'histogram' ? ', or a quantile' : ''}`,
      )
    return
  }
  const counted = ofCounters.includes(node.fn)
  if (known.kind === 'gauge' && counted)
    refuse(`${path}.${field}`, `${metric} is a gauge, and ${node.fn} is of counters`)
  if (known.kind !== 'gauge' && !counted)
    refuse(`${path}.${field}`, `${metric} is a ${known.kind}: ask for its rate or increase`)
  if (node.fn === 'predict-linear' && node.aheadMs === undefined) refuse(`${path}.aheadMs`, 'how far ahead is missing')
  if (node.fn !== 'predict-linear' && node.aheadMs !== undefined)
    refuse(`${path}.aheadMs`, 'only predict-linear looks ahead')
  if (node.windowMs < leastWindowMs)
    refuse(`${path}.windowMs`, `a window under ${leastWindowMs / 1000} s holds no two scrapes`)
}

/** Two scrapes at the usual interval. */
const leastWindowMs = 10_000

function checkChanges({ where }: Extract<AlertExpression, { op: 'changes' }>, path: string): void {
  for (const [name, value] of Object.entries(where)) {
    if (Array.isArray(value) && value.length === 0)
      refuse(`${path}.where.${name}`, 'an empty list means nothing; leave it out to mean all')
  }
}

function checkState({ state, windowMs }: Extract<AlertExpression, { op: 'state' }>, path: string): void {
  if (windowMs !== undefined && !windowedStates.has(state))
    refuse(`${path}.windowMs`, `${state} holds at a moment and has no window`)
}
