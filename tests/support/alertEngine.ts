import { openClusterView } from '../../lib/alerts'
import { builtInRules } from '../../lib/alerts/builtin'
import { runAlertEngine } from '../../lib/alerts/engine'
import { isOwnerGone, ownerName } from '../../lib/collector'
import { type AlertRuleInput, alertRuleInput } from '../../lib/contract'
import { systemClock } from '../../lib/core/clock'
import { openAlertStore, openReader, type TransitionRow } from '../../lib/store'
import { testClusterName } from './collectorHarness'
import { until } from './until'

/** The alert engine over a collector's record, as the product composes it, in this process. */
export interface RunningAlerts {
  readonly log: readonly string[]
  /** Every step so far, oldest first. */
  steps(): Promise<TransitionRow[]>
  /** Waits for a step of this rule that was decided at or after that moment. */
  step(
    rule: string,
    kind: TransitionRow['kind'],
    fromMs: number,
    deadlineMs?: number,
    of?: (alert: TransitionRow['alert']) => boolean,
  ): Promise<TransitionRow>
  stop(): Promise<void>
}

export async function startAlerts(
  databaseUrl: string,
  rules: readonly AlertRuleInput[] = [],
  intervalMs = 1_000,
): Promise<RunningAlerts> {
  const reader = await openReader({ databaseUrl })
  const store = await openAlertStore({ databaseUrl, clock: systemClock })
  const abort = new AbortController()
  const log: string[] = []
  const running = runAlertEngine({
    reader,
    store,
    clock: systemClock,
    signal: abort.signal,
    owner: ownerName(),
    isOwnerGone,
    clusters: [testClusterName],
    builtins: builtInRules,
    settingsRules: rules,
    intervalMs,
    openView: (cluster) => openClusterView(reader, cluster),
    log: (message) => log.push(message),
  })
  const steps = () => reader.transitionsAfter(0, 10_000)
  return {
    log,
    steps,
    step: (rule, kind, fromMs, deadlineMs = 20_000, of = () => true) => {
      const isIt = (one: TransitionRow) =>
        one.alert.rule === rule && one.kind === kind && one.atMs >= fromMs && of(one.alert)
      const what = `${rule} to be ${kind} (${log.slice(-2).join('; ')})`
      return until(what, async () => (await steps()).find(isIt), deadlineMs)
    },
    async stop() {
      abort.abort()
      await running
      await store.close()
      await reader.close()
    },
  }
}

/** A rule of a test: what its state gives above zero fires at once, unless it says otherwise. */
export function testRule(name: string, given: Record<string, unknown>): AlertRuleInput {
  return alertRuleInput.parse({
    name,
    comparison: '>',
    thresholds: [{ severity: 'info', value: 0 }],
    ...given,
  })
}
