import type { AlertExpression, AlertStateName, ChangeSelector } from '../contract'

/** What an expression reads, so that it is loaded in bulk before anything is evaluated. */
export interface Needs {
  /** Metric name → how far back samples are needed. */
  readonly metrics: Map<string, number>
  readonly changes: { readonly where: ChangeSelector; readonly by: readonly string[]; readonly windowMs: number }[]
  readonly states: { readonly state: AlertStateName; readonly windowMs: number }[]
}

/** How old the newest sample may be to count as the present value; as in Prometheus. */
export const lookbackMs = 300_000
export const defaultStateWindowMs = 900_000

export function needsOf(expressions: readonly AlertExpression[]): Needs {
  const needs: Needs = { metrics: new Map(), changes: [], states: [] }
  for (const expression of expressions) add(needs, expression)
  return needs
}

function add(needs: Needs, node: AlertExpression): void {
  const metric = (name: string, windowMs: number) =>
    needs.metrics.set(name, Math.max(windowMs, needs.metrics.get(name) ?? 0))
  switch (node.op) {
    case 'number':
      return
    case 'latest':
      metric(node.metric, lookbackMs)
      return
    case 'window':
    case 'quantile':
      metric(node.metric, node.windowMs)
      return
    case 'changes':
      needs.changes.push({ where: node.where, by: node.by, windowMs: node.windowMs })
      return
    case 'state':
      needs.states.push({ state: node.state, windowMs: node.windowMs ?? defaultStateWindowMs })
      return
    case 'aggregate':
      add(needs, node.of)
      return
    default:
      add(needs, node.left)
      add(needs, node.right)
  }
}
