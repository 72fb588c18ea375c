import { describe, expect, test } from 'vitest'
import { checkRule } from '../../../lib/alerts/checkRule'
import { type AlertExpression, type AlertMeasure, type AlertRuleInput, alertRuleInput } from '../../../lib/contract'
import { ScopeError } from '../../../lib/core/errors'

const size: AlertMeasure = {
  kind: 'metric',
  metric: 'etcd_mvcc_db_total_size_in_bytes',
  where: [],
  agg: 'last',
  windowMs: 300_000,
  across: 'each',
}

function rule(overrides: Partial<AlertRuleInput> = {}): AlertRuleInput {
  return alertRuleInput.parse({
    name: 'r',
    measure: size,
    comparison: '>',
    thresholds: [{ severity: 'warning', value: 1 }],
    ...overrides,
  })
}

function faultOf(of: AlertRuleInput, recorded: ReadonlySet<string> = new Set()): string | null {
  try {
    checkRule(of, recorded)
    return null
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error
    expect(error.code).toBe('BAD_REQUEST')
    expect(error.message.startsWith(`${error.subject}: `)).toBe(true)
    return error.subject ?? ''
  }
}

const metric = (overrides: object): AlertMeasure => ({ ...size, ...overrides }) as AlertMeasure // a metric's measure, with fields replaced
const expression = (of: AlertExpression): AlertMeasure => ({ kind: 'expression', expression: of })
const latest: AlertExpression = { op: 'latest', metric: 'up', where: [] }
const one: AlertExpression = { op: 'number', value: 1 }
const deep = (levels: number): AlertExpression =>
  levels === 1 ? latest : { op: 'aggregate', fn: 'sum', of: deep(levels - 1) }
const thresholds = (...of: [severity: 'info' | 'warning' | 'critical', value: number, forMs?: number][]) =>
  of.map(([severity, value, forMs = 0]) => ({ severity, value, forMs }))

describe('an impossible rule is refused with the field at fault', () => {
  test.each<[string, Partial<AlertRuleInput>, string]>([
    ['a metric that nobody knows', { measure: metric({ metric: 'etcd_speed' }) }, 'measure.metric'],
    ['a rate of a gauge', { measure: metric({ agg: 'rate' }) }, 'measure.agg'],
    ['the total of a counter', { measure: metric({ metric: 'etcd_mvcc_put_total' }) }, 'measure.metric'],
    ['the average of a counter', { measure: metric({ metric: 'etcd_mvcc_put_total', agg: 'avg' }) }, 'measure.agg'],
    ['a quantile of a gauge', { measure: metric({ agg: 'p99' }) }, 'measure.metric'],
    ['a window without two scrapes', { measure: metric({ agg: 'avg', windowMs: 5_000 }) }, 'measure.windowMs'],
    ['labels apart without an aggregation', { measure: metric({ by: ['member'] }) }, 'measure.by'],
    [
      'a pattern that is none',
      { measure: metric({ where: [{ name: 'member', op: '=~', value: '(' }] }) },
      'measure.where.0.value',
    ],
    [
      'a pattern that looks back',
      { measure: metric({ where: [{ name: 'member', op: '=~', value: '(a)\\1' }] }) },
      'measure.where.0.value',
    ],
    [
      'a graver threshold that is nearer',
      { thresholds: thresholds(['warning', 5], ['critical', 3]) },
      'thresholds.1.value',
    ],
    [
      'the same downwards',
      { comparison: '<', thresholds: thresholds(['critical', 5], ['warning', 3]) },
      'thresholds.0.value',
    ],
    [
      'two thresholds of one severity',
      { thresholds: thresholds(['warning', 5], ['warning', 9]) },
      'thresholds.1.severity',
    ],
    [
      'a lesser severity that can never be told',
      { thresholds: thresholds(['warning', 5, 1_000], ['critical', 5, 1_000]) },
      'thresholds.1.value',
    ],
    [
      'two severities of one equality',
      { comparison: '==', thresholds: thresholds(['warning', 0], ['critical', 0]) },
      'thresholds.1.value',
    ],
    ['a place that is never filled', { annotations: { summary: '{{ speed }}' } }, 'annotations.summary'],
    ['an expression that is too deep', { measure: expression(deep(13)) }, `measure.expression${'.of'.repeat(12)}`],
    [
      'two numbers',
      { measure: expression({ op: 'compare', fn: '>', left: one, right: one, bool: true }) },
      'measure.expression',
    ],
    [
      'a number among values',
      { measure: expression({ op: 'and', left: latest, right: one }) },
      'measure.expression.right',
    ],
    [
      'by and without at once',
      { measure: expression({ op: 'aggregate', fn: 'sum', by: ['a'], without: ['b'], of: latest }) },
      'measure.expression.without',
    ],
    [
      'a look ahead without how far',
      { measure: expression({ op: 'window', fn: 'predict-linear', metric: 'up', where: [], windowMs: 60_000 }) },
      'measure.expression.aheadMs',
    ],
    [
      'a look ahead of an average',
      { measure: expression({ op: 'window', fn: 'avg', metric: 'up', where: [], windowMs: 60_000, aheadMs: 60_000 }) },
      'measure.expression.aheadMs',
    ],
    [
      'an empty list of resources',
      { measure: { kind: 'changes', where: { resources: [] }, by: [], windowMs: 60_000 } },
      'measure.where.resources',
    ],
    [
      'a window of a state that has none',
      { measure: { kind: 'state', state: 'alarm', windowMs: 60_000 } },
      'measure.windowMs',
    ],
  ])('%s', (_, overrides, field) => {
    expect(faultOf({ ...rule(), ...overrides })).toBe(field)
  })

  test.each<[string, object]>([
    ['NaN', { thresholds: [{ severity: 'warning', value: Number.NaN }] }],
    ['infinity', { thresholds: [{ severity: 'warning', value: Number.POSITIVE_INFINITY }] }],
    ['no threshold', { thresholds: [] }],
    ['no window', { measure: { ...size, windowMs: 0 } }],
    ['a negative hold', { thresholds: [{ severity: 'warning', value: 1, forMs: -1 }] }],
    ['a field that there is not', { tresholds: [] }],
  ])('by its very form: %s', (_, overrides) => {
    expect(alertRuleInput.safeParse({ ...rule(), ...overrides }).success).toBe(false)
  })
})

describe('a rule that can mean something is taken', () => {
  test.each<[string, Partial<AlertRuleInput>]>([
    ['thresholds in any order', { thresholds: thresholds(['critical', 9], ['info', 1], ['warning', 5]) }],
    [
      'one value that is graver the longer it holds',
      { thresholds: thresholds(['warning', 5, 1_000], ['critical', 5, 60_000]) },
    ],
    ['expressions as deep as they may be', { measure: expression(deep(12)) }],
    ['labels in texts', { annotations: { summary: '{{ labels.member }} has {{ value }} in {{ cluster }}' } }],
    [
      'a quantile by labels',
      { measure: metric({ metric: 'etcd_disk_wal_fsync_duration_seconds', agg: 'p99', by: ['member'] }) },
    ],
  ])('%s', (_, overrides) => {
    expect(faultOf(rule(overrides))).toBeNull()
  })

  test('a metric outside the catalogue that is recorded', () => {
    const of = rule({ measure: metric({ metric: 'my_own_gauge' }) })
    expect(faultOf(of)).toBe('measure.metric')
    expect(faultOf(of, new Set(['my_own_gauge']))).toBeNull()
  })
})
