import type { z } from 'zod'
import type { AlertRuleInput, BacktestAnswer, backtestInput } from '../contract'
import { parseRange } from '../query/instant'
import { clusterOf, type Scope } from '../query/scope'
import { backtest } from './backtest'
import { checkRule } from './checkRule'

/** The question of the interface, its rule found already. Rejects with BAD_REQUEST naming the field. */
export async function backtestRule(
  scope: Scope,
  input: Omit<z.infer<typeof backtestInput>, 'rule'>,
  rule: AlertRuleInput,
): Promise<BacktestAnswer> {
  const cluster = await clusterOf(scope, input.cluster)
  checkRule(rule)
  const { intervalMs, series, thresholds, ...range } = input
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
