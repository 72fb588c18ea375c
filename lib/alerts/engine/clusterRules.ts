import { sentenceOf } from '../../core/errors'
import type { AlertInput, ClusterRef, RuleFault, TransitionInput } from '../../store'
import type { EffectiveRule } from '../effectiveRules'
import { evaluateRule, type PreparedRule, prepareRule } from '../preparedRule'
import type { RuleState, Transition } from '../ruleState'
import type { ClusterView } from '../view'
import { endedAlert, openAlert, rememberedState, stepOf } from './outcome'

/**
 * The rules of one cluster with what each remembers. A round evaluates all of them and says what must be written; what
 * it learned counts only once that is on disk, so a round whose write failed is simply done again.
 */

export interface Round {
  readonly nowMs: number
  readonly alerts: readonly AlertInput[]
  readonly transitions: readonly TransitionInput[]
  readonly faults: readonly RuleFault[]
  /** To be called when the round is stored. */
  commit(): void
}

export interface RoundOptions {
  readonly nowMs: number
  readonly maxStepMs: number
  readonly signal: AbortSignal
}

interface Held {
  readonly effective: EffectiveRule
  readonly prepared: PreparedRule
  state: RuleState | null
}

/** Rounds of very many rules let other work of the process in between. */
const stepBudgetMs = 8

export class ClusterRules {
  readonly cluster: ClusterRef
  readonly #view: ClusterView
  #held: readonly Held[] = []
  /** Open alerts as they are stored, by rule: of rules that are gone too, until the next round ends them. */
  #open: Map<string, readonly AlertInput[]>
  #faultsSinceMs = new Map<string, number>()
  /** When the open alerts were last written although nothing happened to them. */
  #refreshedMs = Number.NEGATIVE_INFINITY

  constructor(cluster: ClusterRef, view: ClusterView, open: readonly AlertInput[]) {
    this.cluster = cluster
    this.#view = view
    const byRule = new Map<string, AlertInput[]>()
    for (const alert of open) byRule.set(alert.ruleId, [...(byRule.get(alert.ruleId) ?? []), alert])
    this.#open = byRule
  }

  /** From the next round on these are evaluated; what they remember stays, also when a rule was edited. */
  use(rules: readonly EffectiveRule[]): void {
    const before = new Map(this.#held.map((held) => [held.effective.id, held]))
    this.#held = rules.map((effective) => ({
      effective,
      prepared: prepareRule(effective.rule),
      state: before.get(effective.id)?.state ?? rememberedState(this.#open.get(effective.id) ?? []),
    }))
    this.#view.cover(this.#held.map((held) => held.prepared.needs))
  }

  /** `refreshAfterMs`: open alerts to which nothing happened are written this often, with their present value. */
  async round({ nowMs, maxStepMs, signal }: RoundOptions, refreshAfterMs: number): Promise<Round> {
    const view = await this.#view.at(nowMs, signal)
    const refresh = nowMs - this.#refreshedMs >= refreshAfterMs || nowMs < this.#refreshedMs
    const open = new Map<string, readonly AlertInput[]>()
    const states: RuleState[] = []
    const alerts: AlertInput[] = []
    const transitions: TransitionInput[] = []
    const faults: RuleFault[] = []
    let yieldAtMs = performance.now() + stepBudgetMs
    for (const [at, held] of this.#held.entries()) {
      const { effective, prepared } = held
      try {
        const stepped = evaluateRule(prepared, view, held.state, { maxStepMs })
        states[at] = stepped.state
        const found = this.#rowsOf(held, stepped.state, stepped.transitions, nowMs)
        if (found.open.length > 0) open.set(effective.id, found.open)
        if (found.transitions.length > 0 || refresh) alerts.push(...found.open)
        alerts.push(...found.ended)
        transitions.push(...found.transitions)
      } catch (error) {
        // What it said before still stands: a rule that cannot be evaluated resolves nothing.
        const last = this.#open.get(effective.id)
        if (last !== undefined) open.set(effective.id, last)
        const sinceMs = this.#faultsSinceMs.get(effective.id) ?? nowMs
        faults.push({ ruleId: effective.id, clusterId: this.cluster.id, error: sentenceOf(error), sinceMs })
      }
      if (performance.now() < yieldAtMs) continue
      await new Promise(setImmediate)
      signal.throwIfAborted()
      yieldAtMs = performance.now() + stepBudgetMs
    }
    for (const [ruleId, left] of this.#open) {
      if (this.#held.some((held) => held.effective.id === ruleId)) continue
      const ended = left.map((alert) => endedAlert(alert, nowMs))
      alerts.push(...ended)
      transitions.push(...ended.map((alert) => stepOf(alert, alert.phase, nowMs)))
    }
    const held = this.#held
    return {
      nowMs,
      alerts,
      transitions,
      faults,
      commit: () => {
        for (const [at, one] of held.entries()) one.state = states[at] ?? one.state
        this.#open = open
        this.#faultsSinceMs = new Map(faults.map((fault) => [fault.ruleId, fault.sinceMs]))
        if (refresh) this.#refreshedMs = nowMs
      },
    }
  }

  #rowsOf(
    { effective, prepared }: Held,
    state: RuleState,
    steps: readonly Transition[],
    nowMs: number,
  ): { open: AlertInput[]; ended: AlertInput[]; transitions: TransitionInput[] } {
    const subject = { cluster: this.cluster, effective, unit: prepared.unit }
    const open = state.alerts.map((alert) => openAlert(subject, alert, state.alerts, nowMs))
    const ended: AlertInput[] = []
    const transitions = steps.map(({ kind, alert }) => {
      if (kind !== 'resolved' && kind !== 'cancelled') {
        return stepOf(openAlert(subject, alert, state.alerts, nowMs), kind, nowMs)
      }
      const last = endedAlert(openAlert(subject, alert, [], nowMs), nowMs)
      ended.push(last)
      return stepOf(last, kind, nowMs)
    })
    return { open, ended, transitions }
  }
}
