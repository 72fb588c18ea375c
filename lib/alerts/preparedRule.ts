import type { AlertExpression, AlertRuleInput } from '../contract'
import { evaluate } from './evaluate'
import { expressionOf } from './expressionOf'
import type { Measured } from './measured'
import { type Needs, needsOf } from './needs'
import type { RuleState, Stepped } from './ruleState'
import { type StepOptions, step } from './step'
import { unitOf } from './unitOf'
import type { View } from './view'

/** A rule made ready once, to be evaluated many times. */
export interface PreparedRule {
  readonly rule: AlertRuleInput
  readonly expression: AlertExpression
  readonly needs: Needs
  /** Of value and thresholds. */
  readonly unit: string
}

export function prepareRule(rule: AlertRuleInput): PreparedRule {
  const expression = expressionOf(rule.measure)
  return { rule, expression, needs: needsOf([expression]), unit: unitOf(expression) }
}

export interface Evaluated extends Stepped {
  readonly measured: readonly Measured[]
}

/**
 * One rule on one cluster at one moment (`view.nowMs`): what is measured, and the step of the state machine. Rejects
 * with BAD_REQUEST when the measure cannot be evaluated; the previous state then stands.
 */
export function evaluateRule(
  { rule, expression }: PreparedRule,
  view: View,
  previous: RuleState | null,
  options: StepOptions,
): Evaluated {
  const measured = evaluate(expression, view)
  return { measured, ...step(rule, measured, previous, view.nowMs, options) }
}
