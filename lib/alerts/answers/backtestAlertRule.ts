import type { AnswerOf, InputOf } from '../../contract'
import { parseRange } from '../../query/instant'
import { clusterOf, type Scope } from '../../query/scope'
import { backtest } from '../backtest'
import { checkRule } from '../checkRule'
import { ruleFileOf } from '../ruleFile'
import { recordedMetrics, ruleOf, rulesInForce } from './alertRules'

/** What a rule would have done: one in force by its name, or a whole rule that is only written down. */
export async function backtestAlertRule(
  scope: Scope,
  { body }: InputOf<'backtestAlertRule'>,
): Promise<AnswerOf<'backtestAlertRule'>> {
  const { rule: wanted, cluster: name, intervalMs, series, thresholds, ...range } = body
  const cluster = await clusterOf(scope, name)
  const rule = typeof wanted === 'string' ? (await ruleOf(scope, wanted, 'rule')).rule : wanted
  checkRule(rule, await recordedMetrics(scope))
  return await backtest({
    reader: scope.reader,
    cluster,
    rule,
    ...parseRange(range, scope.nowMs),
    intervalMs,
    series,
    thresholds,
    elapsedMs: () => performance.now(),
    signal: scope.signal,
  })
}

/** The rules in force as Prometheus reads them. */
export async function alertRuleFile(scope: Scope): Promise<string> {
  return ruleFileOf((await rulesInForce(scope)).filter(({ unused }) => unused === null).map(({ rule }) => rule))
}
