/**
 * Alerting without its machinery: a rule is data, evaluation and state machine are pure. One round of the engine:
 *
 *     const prepared = rules.map(prepareRule)
 *     const feed = openClusterView(reader, cluster); feed.cover(prepared.map((p) => p.needs))
 *     const view = await feed.at(nowMs)
 *     const { state, transitions } = evaluateRule(prepared[0], view, previousState, { maxStepMs: maxStepOf(intervalMs) })
 */
export { type BacktestOptions, backtest } from './backtest'
export { builtInRules } from './builtin'
export { checkRule } from './checkRule'
export { evaluate } from './evaluate'
export type { Labels, Measured } from './measured'
export { labelsKey } from './measured'
export type { Needs } from './needs'
export { type Evaluated, evaluateRule, type PreparedRule, prepareRule } from './preparedRule'
export { type Printed, printMeasure } from './promql'
export { openClusterView } from './recordView'
export { ruleFileOf } from './ruleFile'
export type { AlertState, RuleState, Stepped, Transition } from './ruleState'
export { maxStepOf, type StepOptions, type SteppedRule, step } from './step'
export type { ClusterView, View } from './view'
