import { severity } from '../../contract'
import type { AcknowledgeableAlert, AlertInput, StoredPhase, TransitionKind, TransitionRow } from '../alerts'
import { bigOf, numberOf, numberOrNull, type Row, textOf, textOrNull } from './statements'

/** Rows of `alert` and `alert_transition` as objects and back. Read with `big`: a raft term is an int64. */

const alertColumns = `alert.id, alert.fingerprint, alert.rule_id, alert.rule, alert.cluster_id, cluster.name,
  alert.severity, alert.phase, alert.active_ms, alert.starts_ms, alert.ends_ms, alert.evaluated_ms, alert.value,
  alert.peak, alert.threshold, alert.comparison, alert.unit, alert.labels, alert.summary, alert.annotations,
  alert.runbook_url, alert.group_key, alert.superseded_by, alert.leader_change_term`
const alertColumnCount = 24

/** With the acknowledgement behind the alert's own columns. */
export const selectAlerts = `SELECT ${alertColumns}, acked.at_ms, acked.by, acked.note FROM alert
  JOIN cluster ON cluster.id = alert.cluster_id
  LEFT JOIN alert_acknowledgement AS acked ON acked.alert_id = alert.id`

export const selectTransitions = `SELECT ${alertColumns}, acked.at_ms, acked.by, acked.note,
    step.seq, step.kind, step.at_ms, step.value, step.summary, step.by, step.note
  FROM alert_transition AS step
  JOIN alert ON alert.id = step.alert_id
  JOIN cluster ON cluster.id = alert.cluster_id
  LEFT JOIN alert_acknowledgement AS acked ON acked.alert_id = alert.id`

export const selectOpen = `SELECT ${alertColumns}, alert.state FROM alert
  JOIN cluster ON cluster.id = alert.cluster_id WHERE alert.phase IN ('pending', 'firing')`

export const upsertAlert = `INSERT OR REPLACE INTO alert (id, fingerprint, rule_id, rule, cluster_id, severity, phase,
    active_ms, starts_ms, ends_ms, evaluated_ms, value, peak, threshold, comparison, unit, labels, summary, annotations,
    runbook_url, group_key, superseded_by, leader_change_term, state)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

export function cellsOf(alert: AlertInput): unknown[] {
  return [
    alert.id,
    alert.fingerprint,
    alert.ruleId,
    alert.rule,
    alert.cluster.id,
    alert.severity,
    alert.phase,
    alert.activeMs,
    alert.startsMs,
    alert.endsMs,
    alert.evaluatedMs,
    finiteOrNull(alert.value),
    finiteOrNull(alert.peak),
    alert.threshold,
    alert.comparison,
    alert.unit,
    JSON.stringify(alert.labels),
    alert.summary,
    JSON.stringify(alert.annotations),
    alert.runbookUrl,
    alert.groupKey,
    alert.supersededBy,
    alert.leaderChangeTerm,
    JSON.stringify(alert.state),
  ]
}

export function alertOfRow(row: Row): AcknowledgeableAlert {
  const ackedMs = numberOrNull(row[alertColumnCount])
  return {
    ...plainAlert(row),
    acknowledged:
      ackedMs === null
        ? null
        : { atMs: ackedMs, by: textOf(row[alertColumnCount + 1]), note: textOf(row[alertColumnCount + 2]) },
  }
}

export function openAlertOfRow(row: Row): AlertInput {
  return { ...plainAlert(row), state: JSON.parse(textOf(row[alertColumnCount])) }
}

export function transitionOfRow(row: Row): TransitionRow {
  const at = alertColumnCount + 3
  const alert = alertOfRow(row)
  return {
    alert,
    alertId: alert.id,
    seq: numberOf(row[at]),
    kind: kindOf(textOf(row[at + 1])),
    atMs: numberOf(row[at + 2]),
    value: numberOrNull(row[at + 3]),
    summary: textOf(row[at + 4]),
    by: textOrNull(row[at + 5]),
    note: textOrNull(row[at + 6]),
  }
}

function plainAlert(row: Row) {
  return {
    id: textOf(row[0]),
    fingerprint: textOf(row[1]),
    ruleId: textOf(row[2]),
    rule: textOf(row[3]),
    cluster: { id: numberOf(row[4]), name: textOf(row[5]) },
    severity: severity.parse(row[6]),
    phase: phaseOf(textOf(row[7])),
    activeMs: numberOf(row[8]),
    startsMs: numberOrNull(row[9]),
    endsMs: numberOrNull(row[10]),
    evaluatedMs: numberOf(row[11]),
    value: numberOrNull(row[12]),
    peak: numberOrNull(row[13]),
    threshold: numberOf(row[14]),
    comparison: textOf(row[15]),
    unit: textOf(row[16]),
    labels: textMap(row[17]),
    summary: textOf(row[18]),
    annotations: textMap(row[19]),
    runbookUrl: textOrNull(row[20]),
    groupKey: textOf(row[21]),
    supersededBy: textOrNull(row[22]),
    leaderChangeTerm: row[23] === null ? null : bigOf(row[23]),
  }
}

const phases: readonly StoredPhase[] = ['pending', 'firing', 'resolved', 'cancelled']

function phaseOf(word: string): StoredPhase {
  const known = phases.find((phase) => phase === word)
  if (known === undefined) throw new TypeError(`no phase of an alert: ${word}`)
  return known
}

function kindOf(word: string): TransitionKind {
  return word === 'acknowledged' ? word : phaseOf(word)
}

function textMap(cell: Row[number] | undefined): Record<string, string> {
  const parsed: unknown = JSON.parse(textOf(cell))
  return Object.fromEntries(Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]))
}

/** SQLite keeps NaN as null anyway; infinities would come back as what JSON cannot say. */
function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null
}
