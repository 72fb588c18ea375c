import type { StreamTopic } from '../../contract'
import type { Clock } from '../../core/clock'
import { ScopeError, sentenceOf } from '../../core/errors'
import type { AlertInput, AlertStore, ClusterRef, Ownership, RecordReader } from '../../store'
import type { EffectiveRule } from '../effectiveRules'
import { maxStepOf } from '../step'
import type { ClusterView } from '../view'
import { ClusterRules } from './clusterRules'
import type { FaultList } from './faultList'
import { Movements } from './movements'
import type { RuleGroup } from './ruleBook'

/**
 * Evaluates one group of rules on every cluster: when something moved that they read, and at least once an interval,
 * so that silence is noticed too. A failing store is tried again; only the loss of the lease ends it.
 */

export interface LoopOptions {
  readonly reader: RecordReader
  readonly store: AlertStore
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly ownership: () => Ownership
  readonly clusters: () => Promise<readonly ClusterRef[]>
  readonly openView: (cluster: ClusterRef) => ClusterView
  /** The rules of this group that apply to the cluster; a new list whenever a rule changed. */
  readonly rules: (cluster: ClusterRef) => Promise<readonly EffectiveRule[]>
  /** Open alerts that this group takes over at its start. */
  readonly open: readonly AlertInput[]
  readonly topics: readonly StreamTopic[]
  readonly intervalMs: number
  /** Evaluations that movements wake are at least this far apart. */
  readonly spacingMs: number
  readonly group: RuleGroup
  readonly faults: FaultList
  readonly onTransitions: () => void
  /** After every evaluation of all clusters: when it began, or why it failed. */
  readonly onRound: (outcome: { evaluatedMs: number } | { error: string }) => void
  readonly log: (message: string) => void
}

/** Open alerts to which nothing happens are written this often, so that screens see their present value. */
const refreshAfterMs = 5_000
const retryAfterMs = 2_000
/** Of one core: an evaluation that takes long is followed by a pause so much longer. */
const busyShare = 4

interface HeldRules {
  readonly rules: ClusterRules
  /** The list that they were made of. */
  used: readonly EffectiveRule[] | null
}

export async function runRuleLoop(options: LoopOptions): Promise<void> {
  const { clock, signal, log } = options
  const movements = new Movements(options.reader, clock, options.topics)
  const held = new Map<number, HeldRules>()
  let said: string | null = null
  while (!signal.aborted) {
    const startedMs = clock.nowMs()
    const fromMs = performance.now()
    try {
      await evaluateAll(options, held)
      options.onRound({ evaluatedMs: startedMs })
      said = null
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ScopeError && error.code === 'NOT_OWNER') throw error
      const sentence = sentenceOf(error)
      if (sentence !== said) log(`the rules are not evaluated: ${sentence}`)
      if (!(error instanceof ScopeError) && error instanceof Error && sentence !== said) log(error.stack ?? '')
      said = sentence
      options.onRound({ error: sentence })
      await clock.sleep(retryAfterMs, signal)
      continue
    }
    const tookMs = performance.now() - fromMs
    await clock.sleep(Math.max(options.spacingMs, tookMs * (busyShare - 1)), signal)
    await movements.next(startedMs + options.intervalMs, signal)
  }
}

/** Every cluster, also when one of them cannot be evaluated; then rejects with the first failure. */
async function evaluateAll(options: LoopOptions, held: Map<number, HeldRules>): Promise<void> {
  const failures: unknown[] = []
  for (const cluster of await options.clusters()) {
    try {
      await evaluateCluster(options, cluster, held)
    } catch (error) {
      if (error instanceof ScopeError && error.code === 'NOT_OWNER') throw error
      failures.push(error)
    }
    if (options.signal.aborted) return
  }
  if (failures.length > 0) throw failures[0]
}

async function evaluateCluster(options: LoopOptions, cluster: ClusterRef, held: Map<number, HeldRules>): Promise<void> {
  const known = held.get(cluster.id)
  const open = known === undefined ? options.open.filter((alert) => alert.cluster.id === cluster.id) : []
  const entry = known ?? { rules: new ClusterRules(cluster, options.openView(cluster), open), used: null }
  held.set(cluster.id, entry)
  const wanted = await options.rules(cluster)
  if (wanted !== entry.used) {
    entry.rules.use(wanted)
    entry.used = wanted
  }
  await evaluateOne(options, entry.rules)
}

async function evaluateOne(options: LoopOptions, rules: ClusterRules): Promise<void> {
  const { clock, signal, store, intervalMs } = options
  const nowMs = clock.nowMs()
  const round = await rules.round({ nowMs, maxStepMs: maxStepOf(intervalMs), signal }, refreshAfterMs)
  const { alerts, transitions } = round
  const changed = options.faults.changed(options.group, rules.cluster, round.faults)
  if (alerts.length > 0 || changed !== null) {
    await store.writeEvaluation(options.ownership(), { alerts, transitions, faults: changed?.faults ?? null })
    changed?.stored()
  }
  round.commit()
  if (transitions.length > 0) options.onTransitions()
}
