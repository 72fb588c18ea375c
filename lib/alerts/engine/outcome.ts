import { createHash } from 'node:crypto'
import type { AlertInput, ClusterRef, TransitionInput } from '../../store'
import type { EffectiveRule } from '../effectiveRules'
import { labelsKey } from '../measured'
import type { AlertState, RuleState } from '../ruleState'
import { fillTemplate, valueText } from '../template'

/** The state machine's words as rows of the store, and back. Pure. */

export interface AlertSubject {
  readonly cluster: ClusterRef
  readonly effective: EffectiveRule
  /** Of value and thresholds. */
  readonly unit: string
}

/** The same in every outbreak of one severity of one series. */
export function fingerprintOf(subject: AlertSubject, state: Pick<AlertState, 'severity' | 'labels'>): string {
  const identity = [subject.effective.id, subject.cluster.name, state.severity, labelsKey(state.labels)]
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16)
}

/** Of this one outbreak: evaluating the same moment twice gives the same id. */
export function alertIdOf(
  subject: AlertSubject,
  state: Pick<AlertState, 'severity' | 'labels' | 'activeMs'>,
  fingerprint: string = fingerprintOf(subject, state),
): string {
  return `${fingerprint}-${state.activeMs.toString(36)}`
}

/** An alert that is open, as the store keeps it. */
export function openAlert(
  subject: AlertSubject,
  state: AlertState,
  all: readonly AlertState[],
  nowMs: number,
): AlertInput {
  const { rule } = subject.effective
  const { cluster, unit } = subject
  const fingerprint = fingerprintOf(subject, state)
  const labels = { ...state.labels, ...rule.labels }
  const values = {
    plain: {
      value: valueText(state.value, unit),
      threshold: valueText(state.threshold, unit),
      cluster: cluster.name,
      severity: state.severity,
      rule: rule.name,
    },
    labels: { ...state.details, ...labels },
  }
  const annotations = Object.fromEntries(
    Object.entries(rule.annotations).map(([name, text]) => [name, fillTemplate(text, values)]),
  )
  return {
    id: alertIdOf(subject, state, fingerprint),
    fingerprint,
    ruleId: subject.effective.id,
    rule: rule.name,
    cluster,
    severity: state.severity,
    phase: state.phase,
    activeMs: state.activeMs,
    startsMs: state.firedMs,
    endsMs: null,
    evaluatedMs: nowMs,
    value: state.value,
    peak: state.peak,
    threshold: state.threshold,
    comparison: rule.comparison,
    unit,
    labels,
    summary: annotations.summary ?? plainSummary(subject, state, labels),
    annotations,
    runbookUrl: rule.runbookUrl,
    groupKey: groupKeyOf(subject, labels),
    supersededBy: graverId(subject, state, all),
    leaderChangeTerm: termOf(state),
    state,
  }
}

/** An outbreak at its end. */
export function endedAlert(last: AlertInput, atMs: number): AlertInput {
  const phase = last.phase === 'firing' ? 'resolved' : 'cancelled'
  return { ...last, phase, endsMs: atMs, evaluatedMs: atMs, supersededBy: null }
}

export function stepOf(alert: AlertInput, kind: TransitionInput['kind'], atMs: number): TransitionInput {
  return { alertId: alert.id, kind, atMs, value: alert.value, summary: alert.summary }
}

/** What the rule remembered when it was last evaluated; null when no alert of it was open. */
export function rememberedState(alerts: readonly AlertInput[]): RuleState | null {
  const states = alerts.flatMap(({ state }) => (isAlertState(state) ? [state] : []))
  if (states.length === 0) return null
  return { evaluatedMs: Math.max(...alerts.map((alert) => alert.evaluatedMs)), alerts: states, known: [] }
}

/** Written by us, perhaps by another version: what does not fit any more begins anew. */
function isAlertState(state: unknown): state is AlertState {
  if (typeof state !== 'object' || state === null) return false
  const fields: Partial<Record<keyof AlertState, unknown>> = state
  const numbers = [fields.threshold, fields.heldMs, fields.activeMs]
  const objects = [fields.labels, fields.details]
  return (
    numbers.every((one) => typeof one === 'number') &&
    objects.every((one) => typeof one === 'object' && one !== null) &&
    (fields.phase === 'pending' || fields.phase === 'firing') &&
    (fields.severity === 'info' || fields.severity === 'warning' || fields.severity === 'critical')
  )
}

function plainSummary({ effective, unit, cluster }: AlertSubject, state: AlertState, labels: AlertInput['labels']) {
  const { rule } = effective
  const where = Object.entries(labels).map(([name, value]) => `${name} ${value}`)
  const subject = where.length === 0 ? cluster.name : `${cluster.name}, ${where.join(', ')}`
  if (state.value === null) return `${rule.name}: no data of ${subject}`
  return `${rule.name}: ${valueText(state.value, unit)} ${rule.comparison} ${valueText(state.threshold, unit)} (${subject})`
}

/** Alerts with the same one are told together: of one rule and cluster, and of each value of the labels it groups by. */
function groupKeyOf({ effective, cluster }: AlertSubject, labels: AlertInput['labels']): string {
  const by = effective.rule.groupBy.map((name) => [name, labels[name] ?? ''])
  return JSON.stringify([effective.rule.name, cluster.name, ...by])
}

function graverId(subject: AlertSubject, state: AlertState, all: readonly AlertState[]): string | null {
  if (state.supersededBy === null) return null
  const key = labelsKey(state.labels)
  const graver = all.find((one) => one.severity === state.supersededBy && labelsKey(one.labels) === key)
  return graver === undefined ? null : alertIdOf(subject, graver)
}

function termOf({ details, labels }: AlertState): bigint | null {
  const term = details.term ?? labels.term
  return term !== undefined && /^\d{1,19}$/.test(term) ? BigInt(term) : null
}
