import type { AlertRuleInput, BacktestAnswer, Severity } from '../contract'
import { backtestPointsLimit } from '../contract'
import { ScopeError } from '../core/errors'
import type { ClusterRef, RecordReader } from '../store'
import { evaluate } from './evaluate'
import { FiringLog } from './firingLog'
import type { Measured } from './measured'
import { MeasuredPoints } from './measuredPoints'
import { prepareRule } from './preparedRule'
import { openClusterView } from './recordView'
import type { RuleState } from './ruleState'
import { maxStepOf, type SteppedRule, step } from './step'

/**
 * What a rule would have done over a stored range: the evaluator and the state machine of the live engine, stepped at
 * whole intervals. It begins earlier by the longest hold, so that what held already is known to; what fired before the
 * range is told from the range's start.
 */

export interface BacktestOptions {
  readonly reader: RecordReader
  readonly cluster: ClusterRef
  readonly rule: AlertRuleInput
  readonly fromMs: number
  readonly toMs: number
  readonly intervalMs: number
  /** Whether the measured values are answered too. */
  readonly series: boolean
  /** Firings are counted at these as well, with the hold of the rule's least grave severity. */
  readonly thresholds: readonly number[]
  readonly elapsedMs: () => number
  readonly signal?: AbortSignal | undefined
}

/** Samples are read for so many evaluations at once, within a bound of time. */
const evaluationsAhead = 360
const aheadMostMs = 12 * 3_600_000
/** A hold of a month would double the work of a month's backtest. */
const warmUpMostMs = 86_400_000
/** Other work of the process gets its turn this often. */
const stepBudgetMs = 15

/** Rejects with BAD_REQUEST when there are too many evaluations, or the rule cannot be evaluated. */
export async function backtest(options: BacktestOptions): Promise<BacktestAnswer> {
  const { reader, cluster, rule, intervalMs, signal, elapsedMs } = options
  const startedMs = elapsedMs()
  const firstMs = Math.ceil(options.fromMs / intervalMs) * intervalMs
  const lastMs = Math.floor(options.toMs / intervalMs) * intervalMs
  const evaluations = Math.max(0, (lastMs - firstMs) / intervalMs + 1)
  if (evaluations > backtestPointsLimit) {
    const sentence = `The range has ${evaluations} evaluations at this interval; at most ${backtestPointsLimit} can be.`
    throw new ScopeError('BAD_REQUEST', sentence, { subject: 'intervalMs' })
  }
  const prepared = prepareRule(rule)
  const view = openClusterView(reader, cluster, { aheadMs: Math.min(aheadMostMs, intervalMs * evaluationsAhead) })
  view.cover([prepared.needs])
  const runs = [
    new Run(rule, options),
    ...options.thresholds.map((value) => new Run(atThreshold(rule, value), options)),
  ]
  const points = options.series ? new MeasuredPoints(rule.comparison, evaluations) : null
  let yieldAtMs = elapsedMs() + stepBudgetMs
  for (let nowMs = firstMs - warmUpMs(rule, intervalMs); nowMs <= lastMs; nowMs += intervalMs) {
    const measured = evaluate(prepared.expression, await view.at(nowMs, signal))
    for (const run of runs) run.take(measured, nowMs)
    if (nowMs >= firstMs) points?.take(measured, nowMs)
    if (elapsedMs() < yieldAtMs) continue
    await new Promise(setImmediate)
    signal?.throwIfAborted()
    yieldAtMs = elapsedMs() + stepBudgetMs
  }
  const [own, ...others] = runs.map((run) => run.log)
  return {
    firings: own?.firings() ?? [],
    from: new Date(options.fromMs).toISOString(),
    to: new Date(options.toMs).toISOString(),
    intervalMs,
    evaluations,
    openMs: own?.openMs() ?? 0,
    longestMs: own?.longestMs() ?? 0,
    unit: prepared.unit,
    ...(points === null ? {} : { series: points.series() }),
    atThresholds: options.thresholds.map((value, at) => ({
      value,
      firings: others[at]?.firings().length ?? 0,
      openMs: others[at]?.openMs() ?? 0,
    })),
    tookMs: Math.round(elapsedMs() - startedMs),
  }
}

/** Whole intervals, so that the moments of the range are the same with and without it. */
function warmUpMs(rule: AlertRuleInput, intervalMs: number): number {
  const holdMs = Math.min(warmUpMostMs, Math.max(...rule.thresholds.map(({ forMs }) => forMs)))
  return Math.ceil(holdMs / intervalMs) * intervalMs
}

const gravity: readonly Severity[] = ['info', 'warning', 'critical']

function atThreshold(rule: AlertRuleInput, value: number): AlertRuleInput {
  const least = [...rule.thresholds].sort((a, b) => gravity.indexOf(a.severity) - gravity.indexOf(b.severity))[0]
  return { ...rule, thresholds: [{ severity: least?.severity ?? 'warning', forMs: least?.forMs ?? 0, value }] }
}

/** One rule stepped through the range. */
class Run {
  readonly log: FiringLog
  readonly #rule: SteppedRule
  readonly #maxStepMs: number
  #state: RuleState | null = null

  constructor(rule: AlertRuleInput, { fromMs, toMs, intervalMs }: BacktestOptions) {
    this.#rule = rule
    this.#maxStepMs = maxStepOf(intervalMs)
    this.log = new FiringLog(rule, { fromMs, toMs })
  }

  take(measured: readonly Measured[], nowMs: number): void {
    const { state, transitions } = step(this.#rule, measured, this.#state, nowMs, { maxStepMs: this.#maxStepMs })
    this.#state = state
    this.log.take(state, transitions)
  }
}
