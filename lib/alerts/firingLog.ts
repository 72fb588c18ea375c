import type { AlertRuleInput, BacktestAnswer } from '../contract'
import { labelsKey } from './measured'
import type { AlertState, RuleState, Transition } from './ruleState'

/** Every time that an alert of the rule fired within a range, from the steps of its state machine. */

interface Open {
  readonly alert: AlertState
  readonly firedMs: number
}

/** More cannot be looked at; the count of a threshold is exact all the same. */
const keptMost = 5_000

type Firing = BacktestAnswer['firings'][number]

export class FiringLog {
  readonly #rule: Pick<AlertRuleInput, 'labels'>
  readonly #range: { readonly fromMs: number; readonly toMs: number }
  readonly #open = new Map<string, Open>()
  readonly #ended: { readonly alert: AlertState; readonly firedMs: number; readonly endMs: number }[] = []

  constructor(rule: Pick<AlertRuleInput, 'labels'>, range: { readonly fromMs: number; readonly toMs: number }) {
    this.#rule = rule
    this.#range = range
  }

  take(state: RuleState, transitions: readonly Transition[]): void {
    for (const { kind, alert, atMs } of transitions) {
      const key = keyOf(alert)
      if (kind === 'firing') this.#open.set(key, { alert, firedMs: atMs })
      if (kind !== 'resolved') continue
      const firedMs = this.#open.get(key)?.firedMs ?? alert.firedMs ?? atMs
      this.#open.delete(key)
      if (atMs >= this.#range.fromMs) this.#ended.push({ alert, firedMs, endMs: atMs })
    }
    for (const alert of state.alerts) {
      const key = keyOf(alert)
      const open = this.#open.get(key)
      if (open !== undefined) this.#open.set(key, { alert, firedMs: open.firedMs })
    }
  }

  /** In the order in which they began; those that still fire have no end. */
  firings(): Firing[] {
    const ended = this.#ended.map(({ alert, firedMs, endMs }) => this.#firing(alert, firedMs, endMs))
    const open = [...this.#open.values()].map(({ alert, firedMs }) => this.#firing(alert, firedMs, null))
    return [...ended, ...open].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0)).slice(0, keptMost)
  }

  /** Time in which at least one alert fired. */
  openMs(): number {
    let sum = 0
    let throughMs = Number.NEGATIVE_INFINITY
    for (const { fromMs, toMs } of this.#spans()) {
      if (toMs <= throughMs) continue
      sum += toMs - Math.max(fromMs, throughMs)
      throughMs = toMs
    }
    return sum
  }

  longestMs(): number {
    return this.#spans().reduce((longest, { fromMs, toMs }) => Math.max(longest, toMs - fromMs), 0)
  }

  #spans(): { fromMs: number; toMs: number }[] {
    const begin = (firedMs: number) => Math.max(firedMs, this.#range.fromMs)
    return [
      ...this.#ended.map(({ firedMs, endMs }) => ({ fromMs: begin(firedMs), toMs: endMs })),
      ...[...this.#open.values()].map(({ firedMs }) => ({ fromMs: begin(firedMs), toMs: this.#range.toMs })),
    ].sort((a, b) => a.fromMs - b.fromMs)
  }

  #firing(alert: AlertState, firedMs: number, endMs: number | null): Firing {
    return {
      labels: { ...alert.labels, ...this.#rule.labels, severity: alert.severity },
      severity: alert.severity,
      from: new Date(Math.max(firedMs, this.#range.fromMs)).toISOString(),
      to: endMs === null ? null : new Date(endMs).toISOString(),
      peak: alert.peak,
      activeFrom: new Date(alert.activeMs).toISOString(),
    }
  }
}

function keyOf({ severity, labels }: AlertState): string {
  return `${severity} ${labelsKey(labels)}`
}
