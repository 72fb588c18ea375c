import type {
  AlertExpression,
  AlertMeasure,
  AlertRuleInput,
  AlertStateName,
  LabelMatcher,
  Severity,
} from '../../contract'

/** Short words for rules as data: what the editor would write out. */

export const second = 1_000
export const minute = 60_000
export const hour = 3_600_000

export const latest = (metric: string): AlertExpression => ({ op: 'latest', metric, where: [] })
export const number = (value: number): AlertExpression => ({ op: 'number', value })
export const rate = (metric: string, windowMs: number, where: LabelMatcher[] = []): AlertExpression => {
  return { op: 'window', fn: 'rate', metric, where, windowMs }
}
export const aggregated = (
  fn: 'sum' | 'max' | 'count',
  of: AlertExpression,
  labels: { by?: string[]; without?: string[] } = {},
): AlertExpression => ({ op: 'aggregate', fn, ...labels, of })
export const compared = (
  left: AlertExpression,
  fn: '>' | '<' | '==',
  right: AlertExpression,
  bool = false,
): AlertExpression => {
  return { op: 'compare', fn, left, right, bool }
}
export const divided = (left: AlertExpression, right: AlertExpression): AlertExpression => {
  return { op: 'arithmetic', fn: 'divide', left, right }
}
export const both = (left: AlertExpression, right: AlertExpression, on?: string[]): AlertExpression => {
  return { op: 'and', left, right, ...(on === undefined ? {} : { on }) }
}
export const state = (name: AlertStateName, windowMs?: number): AlertExpression => {
  return { op: 'state', state: name, ...(windowMs === undefined ? {} : { windowMs }) }
}
export const expression = (of: AlertExpression): AlertMeasure => ({ kind: 'expression', expression: of })

type Threshold = readonly [severity: Severity, value: number, forMs: number]

export interface Texts {
  readonly summary: string
  readonly description: string
  /** What to look at and do, in the order in which it helps. */
  readonly runbook: string
}

export function rule(
  name: string,
  measure: AlertMeasure,
  comparison: AlertRuleInput['comparison'],
  thresholds: readonly Threshold[],
  { summary, description, runbook }: Texts,
  more: Partial<Pick<AlertRuleInput, 'enabled' | 'missingData' | 'groupBy'>> = {},
): AlertRuleInput {
  return {
    name,
    enabled: true,
    measure,
    comparison,
    thresholds: thresholds.map(([severity, value, forMs]) => ({ severity, value, forMs })),
    groupBy: [],
    clusters: [],
    missingData: 'resolve',
    labels: {},
    annotations: { summary, description, runbook },
    runbookUrl: null,
    ...more,
  }
}
