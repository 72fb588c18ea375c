import type { AlertRuleInput, Comparison } from '../contract'
import { type Labels, labelsKey, type Measured } from './measured'
import type { AlertState, RuleState, Stepped, Transition } from './ruleState'

/**
 * The state machine of alerts: inactive → pending → firing → resolved, as a pure function of (rule, measured, previous
 * state, now). Live engine and backtest step the same one.
 *
 * Invariant: only observed time counts towards a hold. A step longer than `maxStepMs` (a restart, a pause, a clock
 * that jumped) adds nothing, one backwards is no step at all; so neither can make an alert fire.
 */

export type SteppedRule = Pick<AlertRuleInput, 'comparison' | 'thresholds' | 'missingData'>

export interface StepOptions {
  /** The longest time between two evaluations that still counts as watching. */
  readonly maxStepMs: number
}

/** A pending alert that nobody watched for this long begins anew; as long as Prometheus bridges its own outages. */
export const outageToleranceMs = 3_600_000
/** A series that ended this long ago is gone for good, and no longer missing. */
export const knownForMs = 86_400_000
const knownMost = 1_000

const gravity = { critical: 2, warning: 1, info: 0 } as const

type Threshold = SteppedRule['thresholds'][number]

interface Subject {
  readonly labels: Labels
  /** Null while its data is missing. */
  readonly measured: Measured | null
}

/** How often the live engine must at least look for its looks to count as watching. */
export function maxStepOf(intervalMs: number): number {
  return Math.max(30_000, 4 * intervalMs)
}

/** `previous` null: the rule has not been evaluated on this cluster before. */
export function step(
  rule: SteppedRule,
  measured: readonly Measured[],
  previous: RuleState | null,
  nowMs: number,
  { maxStepMs }: StepOptions,
): Stepped {
  const sinceMs = previous === null ? 0 : nowMs - previous.evaluatedMs
  if (previous !== null && sinceMs <= 0) return { state: { ...previous, evaluatedMs: nowMs }, transitions: [] }
  const watchedMs = sinceMs <= maxStepMs ? sinceMs : 0
  const before = new Map((previous?.alerts ?? []).map((alert) => [alertKey(alert), alert]))
  const known = rule.missingData === 'fire' ? knownNow(measured, previous, nowMs) : []
  const transitions: Transition[] = []
  const alerts: AlertState[] = []
  const thresholds = [...rule.thresholds].sort((a, b) => gravity[b.severity] - gravity[a.severity])
  for (const subject of subjectsOf(rule, measured, previous, known)) {
    let supersededBy: AlertState['supersededBy'] = null
    for (const threshold of thresholds) {
      const key = alertKey({ severity: threshold.severity, labels: subject.labels })
      const was = stillRemembered(before.get(key), sinceMs)
      const next = nextOf(rule, threshold, subject, was, { nowMs, watchedMs })
      if (next === null) continue
      if (was !== undefined) before.delete(key)
      if (was?.phase !== next.phase)
        transitions.push({ kind: next.phase, atMs: nowMs, alert: { ...next, supersededBy } })
      alerts.push({ ...next, supersededBy })
      if (next.phase === 'firing') supersededBy ??= threshold.severity
    }
  }
  // What is left held at the last evaluation and does not any more, or its severity is no longer in the rule.
  const ended = [...before.values()].map((alert): Transition => {
    return { kind: alert.phase === 'firing' ? 'resolved' : 'cancelled', atMs: nowMs, alert }
  })
  return { state: { evaluatedMs: nowMs, alerts, known }, transitions: [...ended, ...transitions] }
}

function alertKey({ severity, labels }: Pick<AlertState, 'severity' | 'labels'>): string {
  return `${severity} ${labelsKey(labels)}`
}

function stillRemembered(alert: AlertState | undefined, sinceMs: number): AlertState | undefined {
  return alert?.phase === 'pending' && sinceMs > outageToleranceMs ? undefined : alert
}

function nextOf(
  { comparison, missingData }: SteppedRule,
  threshold: Threshold,
  { labels, measured }: Subject,
  was: AlertState | undefined,
  { nowMs, watchedMs }: { nowMs: number; watchedMs: number },
): AlertState | null {
  if (measured === null && missingData === 'resolve') return null
  // What is kept stands still: it neither ends nor comes nearer to firing.
  if (measured === null && missingData === 'keep') return was === undefined ? null : { ...was, value: null }
  if (measured !== null && !holds(comparison, measured.value, threshold.value)) return null
  // From a look without data to this one nobody knows whether it held.
  const watched = was?.value === null && missingData === 'keep' ? 0 : watchedMs
  const heldMs = was === undefined ? 0 : was.heldMs + watched
  const firing = was?.phase === 'firing' || heldMs >= threshold.forMs
  const value = measured === null ? null : measured.value
  return {
    severity: threshold.severity,
    labels,
    details: measured?.details ?? was?.details ?? {},
    phase: firing ? 'firing' : 'pending',
    threshold: threshold.value,
    value,
    peak: farther(comparison, was?.peak ?? null, value),
    heldMs,
    activeMs: was?.activeMs ?? nowMs,
    firedMs: firing ? (was?.firedMs ?? nowMs) : null,
    supersededBy: null,
  }
}

/** Every series that is measured, and those that an alert or the memory of the rule says should be. */
function subjectsOf(
  rule: SteppedRule,
  measured: readonly Measured[],
  previous: RuleState | null,
  known: RuleState['known'],
): Subject[] {
  const subjects = new Map<string, Subject>()
  for (const one of measured) subjects.set(labelsKey(one.labels), { labels: one.labels, measured: one })
  const missing = [...(previous?.alerts ?? []), ...known].map(({ labels }) => labels)
  // As Prometheus' absent(): where nothing ever was, the rule itself is what has no data.
  if (rule.missingData === 'fire' && measured.length === 0 && known.length === 0) missing.push({})
  for (const labels of missing) {
    const key = labelsKey(labels)
    if (!subjects.has(key) && stillMissing(rule, labels, measured, known)) subjects.set(key, { labels, measured: null })
  }
  return [...subjects.values()]
}

/** Of a rule whose missing data fires, an alert lives as long as its series is remembered. */
function stillMissing(
  rule: SteppedRule,
  labels: Labels,
  measured: readonly Measured[],
  known: RuleState['known'],
): boolean {
  if (rule.missingData !== 'fire') return true
  const key = labelsKey(labels)
  if (known.some((one) => labelsKey(one.labels) === key)) return true
  return key === labelsKey({}) && measured.length === 0 && known.length === 0
}

function knownNow(measured: readonly Measured[], previous: RuleState | null, nowMs: number): RuleState['known'] {
  const seen = new Set(measured.map(({ labels }) => labelsKey(labels)))
  const gone = (previous?.known ?? []).filter(
    ({ labels, seenMs }) => !seen.has(labelsKey(labels)) && Math.abs(nowMs - seenMs) < knownForMs,
  )
  // Alerts survive a restart, the memory of healthy series does not.
  const restored = previous !== null && previous.known.length === 0 ? previous.alerts : []
  const firing = new Map(restored.map(({ labels }) => [labelsKey(labels), { labels, seenMs: nowMs }]))
  const absent = [...firing].flatMap(([key, one]) => (seen.has(key) || key === labelsKey({}) ? [] : [one]))
  return [...measured.map(({ labels }) => ({ labels, seenMs: nowMs })), ...gone, ...absent].slice(0, knownMost)
}

/** NaN holds against nothing, as in PromQL. */
export function holds(comparison: Comparison, value: number, threshold: number): boolean {
  if (Number.isNaN(value) || Number.isNaN(threshold)) return false
  switch (comparison) {
    case '>':
      return value > threshold
    case '>=':
      return value >= threshold
    case '<':
      return value < threshold
    case '<=':
      return value <= threshold
    case '==':
      return value === threshold
    case '!=':
      return value !== threshold
  }
}

function farther(comparison: Comparison, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b
  return comparison === '<' || comparison === '<=' ? Math.min(a, b) : Math.max(a, b)
}
