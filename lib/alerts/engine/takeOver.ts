import type { Clock } from '../../core/clock'
import type { AlertInput, AlertStore, ClusterRef, Ownership } from '../../store'
import { endedAlert, stepOf } from './outcome'
import type { RuleBook, RuleGroup } from './ruleBook'

/**
 * What was open when the last engine ended, by the group that its rule is in now. Of clusters that are watched no more
 * everything ends here: nobody will evaluate it again.
 */
export async function takeOver(options: {
  store: AlertStore
  clock: Clock
  ownership: Ownership
  book: RuleBook
  clusters: readonly ClusterRef[]
}): Promise<Record<RuleGroup, AlertInput[]>> {
  const { store, clock, ownership, book, clusters } = options
  const open = await store.openAlerts()
  const watched = new Set(clusters.map((cluster) => cluster.id))
  const left = open.filter((alert) => !watched.has(alert.cluster.id))
  if (left.length > 0) {
    const atMs = clock.nowMs()
    const alerts = left.map((alert) => endedAlert(alert, atMs))
    const transitions = alerts.map((alert) => stepOf(alert, alert.phase, atMs))
    await store.writeEvaluation(ownership, { alerts, transitions, faults: [] })
  }
  const events = new Set<string>()
  for (const cluster of clusters) for (const { id } of await book.rules('events', cluster)) events.add(id)
  const kept = open.filter((alert) => watched.has(alert.cluster.id))
  return {
    events: kept.filter((alert) => events.has(alert.ruleId)),
    measures: kept.filter((alert) => !events.has(alert.ruleId)),
  }
}
