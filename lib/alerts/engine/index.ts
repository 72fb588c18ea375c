import type { AlertRuleInput } from '../../contract'
import type { Clock } from '../../core/clock'
import { ScopeError, sentenceOf } from '../../core/errors'
import type { AlertStore, ClusterRef, Ownership, RecordReader } from '../../store'
import { settingsId } from '../effectiveRules'
import type { ClusterView } from '../view'
import { FaultList } from './faultList'
import { RuleBook, type RuleGroup } from './ruleBook'
import { runRuleLoop } from './ruleLoop'
import { takeOver } from './takeOver'
import { watchedClusters } from './watchedClusters'

/**
 * The engine: evaluates the rules of every watched cluster while it holds the lease, and stands by while another one
 * does. Rules about changes have a loop of their own, so that nothing slow stands between a change and its alert.
 */

export interface EngineOptions {
  readonly reader: RecordReader
  readonly store: AlertStore
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly owner: string
  /** True when that owner is certainly dead, so that its lease need not run out first. */
  readonly isOwnerGone: (owner: string) => boolean
  /** Names of the clusters that the settings name: others of the record are watched no more. */
  readonly clusters: readonly string[]
  readonly builtins: readonly AlertRuleInput[]
  readonly settingsRules: readonly AlertRuleInput[]
  readonly intervalMs: number
  readonly openView: (cluster: ClusterRef) => ClusterView
  /** What else belongs to whoever evaluates: notifications. Ends with its signal. */
  readonly alongside?: (ownership: () => Ownership, signal: AbortSignal) => Promise<void>
  /** Called after steps were stored. */
  readonly onTransitions?: () => void
  readonly log: (message: string) => void
}

/** A dead engine is replaced after this long; on the same machine at once. */
const leaseTtlMs = 10_000
const leaseRenewMs = 3_000
const retryAfterMs = 2_000
const upkeepEveryMs = 600_000
const dayMs = 86_400_000
/** How long outbreaks are kept once they are over: fired ones as long as the coarsest samples, the others a week. */
const resolvedKeptMs = 400 * dayMs
const cancelledKeptMs = 7 * dayMs

/** Runs until the signal aborts; resolves when everything of it has stopped and the lease is given back. */
export async function runAlertEngine(options: EngineOptions): Promise<void> {
  const { store, clock, signal, log } = options
  let waiting = false
  while (!signal.aborted) {
    try {
      const ownership = await store.acquireAlerts(options.owner, leaseTtlMs, options.isOwnerGone)
      if (ownership === null) {
        if (!waiting) log('another process evaluates the rules, standing by')
        waiting = true
        await clock.sleep(leaseRenewMs, signal)
        continue
      }
      waiting = false
      await evaluateOwned(ownership, options)
    } catch (error) {
      log(sentenceOf(error))
      await clock.sleep(retryAfterMs, signal)
    }
  }
}

async function evaluateOwned(first: Ownership, options: EngineOptions): Promise<void> {
  const { store, clock, log } = options
  const own = new AbortController()
  const signal = AbortSignal.any([options.signal, own.signal])
  let ownership = first
  const evaluatedMs = new Map<RuleGroup, number>()
  const errors = new Map<RuleGroup, string>()

  const lease = repeatedly(clock, signal, leaseRenewMs, async () => {
    const renewed = await store.acquireAlerts(options.owner, leaseTtlMs)
    if (renewed === null || renewed.token !== ownership.token) return own.abort()
    ownership = renewed
    const oldestMs = evaluatedMs.size < 2 ? null : Math.min(...evaluatedMs.values())
    await store.reportEngine(ownership, { evaluatedMs: oldestMs, error: [...errors.values()][0] ?? null })
  })
  const upkeep = repeatedly(clock, signal, upkeepEveryMs, async () => {
    const nowMs = clock.nowMs()
    const before = { resolvedMs: nowMs - resolvedKeptMs, cancelledMs: nowMs - cancelledKeptMs }
    while (!signal.aborted && (await store.dropAlerts(ownership, before)) > 0) await new Promise(setImmediate)
  })

  // They may fail before anybody waits for them.
  for (const part of [lease, upkeep]) part.catch(() => undefined)

  try {
    const rules = options.settingsRules.map((rule) => ({ id: settingsId(rule.name), name: rule.name, document: rule }))
    await store.replaceSettingsRules(ownership, rules)
    const book = new RuleBook(options.reader, options.builtins)
    const clusters = watchedClusters(options)
    const open = await takeOver({ store, clock, ownership, book, clusters: await clusters() })
    const faults = new FaultList()
    const loop = (group: RuleGroup) =>
      runRuleLoop({
        ...options,
        signal,
        ownership: () => ownership,
        clusters,
        rules: (cluster) => book.rules(group, cluster),
        open: open[group],
        ...loopTimes[group],
        group,
        faults,
        onTransitions: options.onTransitions ?? (() => undefined),
        onRound: (outcome) => {
          if ('error' in outcome) errors.set(group, outcome.error)
          else {
            errors.delete(group)
            evaluatedMs.set(group, outcome.evaluatedMs)
          }
        },
      })
    // One that fails ends the others; only when all of them have ended is the lease given back.
    const parts = [loop('events'), loop('measures'), lease, upkeep, options.alongside?.(() => ownership, signal)]
    const ends = await Promise.allSettled(parts.map((part) => part?.finally(() => own.abort())))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  } catch (error) {
    if (!(error instanceof ScopeError && error.code === 'NOT_OWNER')) throw error
    log(sentenceOf(error))
  } finally {
    own.abort()
    await Promise.allSettled([lease, upkeep])
    await store.releaseAlerts(ownership)
  }
}

const loopTimes = {
  events: { topics: ['changes'], spacingMs: 25 },
  measures: { topics: ['metrics', 'members', 'leader', 'state'], spacingMs: 200 },
} as const

/** Runs `work` every `intervalMs` until the signal aborts; the first time after one interval. */
async function repeatedly(clock: Clock, signal: AbortSignal, intervalMs: number, work: () => Promise<unknown>) {
  while (!signal.aborted) {
    await clock.sleep(intervalMs, signal)
    if (!signal.aborted) await work()
  }
}
