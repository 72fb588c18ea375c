import type { AlertExpression } from '../contract'
import { ScopeError } from '../core/errors'
import { compileMatchers, type LabelMatch } from './labelMatch'
import { labelsKey, type Measured } from './measured'
import { defaultStateWindowMs, lookbackMs } from './needs'
import { quantiles } from './quantile'
import { aggregate, arithmetic, compare, type Operand, pick, setOperation } from './vectors'
import type { SampleSeries, View } from './view'
import { windowValue } from './windowFunctions'

/**
 * An expression's value at one moment: pure, of what the view holds. What reads samples is answered once a moment for
 * all rules that ask the same.
 */

/** More are a mistake in a rule, and would each become an alert. */
export const seriesLimit = 1_000

/** Rejects with BAD_REQUEST when values match ambiguously or are too many. */
export function evaluate(expression: AlertExpression, view: View): readonly Measured[] {
  const answer = operandOf(expression, view)
  const values = 'scalar' in answer ? [{ labels: {}, value: answer.scalar }] : answer.vector
  if (values.length > seriesLimit) {
    throw new ScopeError('BAD_REQUEST', `The measure gives ${values.length} values; at most ${seriesLimit} can be.`, {
      subject: 'measure',
    })
  }
  return values
}

function operandOf(node: AlertExpression, view: View): Operand {
  switch (node.op) {
    case 'number':
      return { scalar: node.value }
    case 'latest':
    case 'window':
    case 'quantile':
    case 'changes':
    case 'state':
      return { vector: shared(node, view) }
    case 'aggregate':
      return { vector: aggregate(node, vectorOf(node.of, view)) }
    case 'arithmetic':
      return arithmetic(node.fn, operandOf(node.left, view), operandOf(node.right, view), node.on)
    case 'compare':
      return compare(node.fn, operandOf(node.left, view), operandOf(node.right, view), node.bool, node.on)
    default:
      return { vector: setOperation(node.op, vectorOf(node.left, view), vectorOf(node.right, view), node.on) }
  }
}

function vectorOf(node: AlertExpression, view: View): readonly Measured[] {
  const answer = operandOf(node, view)
  return 'scalar' in answer ? [{ labels: {}, value: answer.scalar }] : answer.vector
}

type Leaf = Extract<AlertExpression, { op: 'latest' | 'window' | 'quantile' | 'changes' | 'state' }>

const texts = new WeakMap<Leaf, string>()

function shared(leaf: Leaf, view: View): readonly Measured[] {
  const text = texts.get(leaf) ?? JSON.stringify(leaf)
  texts.set(leaf, text)
  const known = view.memo.get(text)
  if (known !== undefined) return known
  const values = read(leaf, view)
  view.memo.set(text, values)
  return values
}

function read(leaf: Leaf, view: View): readonly Measured[] {
  const { nowMs } = view
  switch (leaf.op) {
    case 'latest':
      return measuredBy(view, leaf, (series) => latestOf(series, view))
    case 'window':
      return measuredBy(view, leaf, (series) => windowValue(leaf.fn, series, { ...leaf, nowMs }))
    case 'quantile': {
      const { by } = leaf
      const matches = matcherOf(leaf)
      const found = view.series(leaf.metric).filter((one) => one.kind === 'histogram' && matches(one.labels))
      return quantiles(leaf.quantile, found, (labels) => (by === undefined ? labels : pick(labels, by, true)), {
        nowMs,
        windowMs: leaf.windowMs,
      })
    }
    case 'changes':
      return view.changes(leaf.where, leaf.by, leaf.windowMs)
    case 'state':
      return view.state(leaf.state, leaf.windowMs ?? defaultStateWindowMs)
  }
}

type MetricLeaf = Extract<Leaf, { op: 'latest' | 'window' | 'quantile' }>
const matchers = new WeakMap<MetricLeaf, LabelMatch>()

function matcherOf(leaf: MetricLeaf): LabelMatch {
  const match = matchers.get(leaf) ?? compileMatchers(leaf.where)
  matchers.set(leaf, match)
  return match
}

/** Series with equal labels (of one metric before and after its buckets changed) count once: the one with data. */
function measuredBy(view: View, leaf: MetricLeaf, valueOfSeries: (series: SampleSeries) => number | null): Measured[] {
  const values = new Map<string, Measured>()
  const matches = matcherOf(leaf)
  for (const series of view.series(leaf.metric)) {
    if (!matches(series.labels)) continue
    const value = valueOfSeries(series)
    if (value !== null) values.set(labelsKey(series.labels), { labels: series.labels, value })
  }
  return [...values.values()]
}

/**
 * The newest sample, unless it is too old or its member has stopped answering since: what Prometheus marks as stale.
 * A counter's total is not in the record: rules that ask for it are refused before they come here.
 */
function latestOf(series: SampleSeries, view: View): number | null {
  if (series.kind !== 'gauge') return null
  const newest = series.rows[series.firstAfter(view.nowMs) - 1]
  if (newest === undefined || newest.atMs <= view.nowMs - lookbackMs) return null
  return silentSince(view, series.labels.member_id) > newest.atMs ? null : newest.value
}

/** When the member was last seen not to answer; before everything when it answers. */
function silentSince(view: View, memberId: string | undefined): number {
  if (memberId === undefined) return Number.NEGATIVE_INFINITY
  for (const up of view.series('up')) {
    if (up.labels.member_id !== memberId) continue
    const newest = up.rows[up.firstAfter(view.nowMs) - 1]
    if (newest !== undefined) return newest.value === 0 ? newest.atMs : Number.NEGATIVE_INFINITY
  }
  return Number.NEGATIVE_INFINITY
}
