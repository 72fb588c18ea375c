import type { Alert, AlertEvent } from '../../contract'
import { timeOf, timeOrNull } from '../../query/instant'
import type { AcknowledgeableAlert, TransitionRow } from '../../store'
import type { AlertContext } from './alertContext'

/** Stored alerts as the interface tells them. */

export function alertItem(row: AcknowledgeableAlert, context: AlertContext): Alert {
  const { acknowledged } = row
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    rule: row.rule,
    ruleId: row.ruleId,
    severity: row.severity,
    state: row.phase === 'cancelled' ? 'resolved' : row.phase,
    cluster: row.cluster.name,
    labels: row.labels,
    value: row.value,
    peak: row.peak,
    threshold: row.threshold,
    comparison: row.comparison,
    unit: row.unit,
    activeAt: timeOf(row.activeMs),
    startsAt: timeOf(row.startsMs ?? row.activeMs),
    endsAt: timeOrNull(row.endsMs),
    evaluatedAt: timeOf(row.evaluatedMs),
    summary: row.summary,
    annotations: row.annotations,
    runbookUrl: row.runbookUrl,
    groupKey: row.groupKey,
    ...context,
    supersededBy: row.supersededBy,
    acknowledged:
      acknowledged === null ? null : { at: timeOf(acknowledged.atMs), by: acknowledged.by, note: acknowledged.note },
    leaderChangeTerm: row.leaderChangeTerm === null ? null : String(row.leaderChangeTerm),
  }
}

export function eventItem({ alert, ...step }: TransitionRow): AlertEvent {
  return {
    id: String(step.seq),
    at: timeOf(step.atMs),
    alertId: alert.id,
    rule: alert.rule,
    cluster: alert.cluster.name,
    severity: alert.severity,
    labels: alert.labels,
    kind: step.kind,
    value: step.value,
    summary: step.summary,
    by: step.by,
    note: step.note,
  }
}
