import type { Severity } from '../contract'
import type { ClusterRef, Ownership } from './identity'

/**
 * Rules, alerts and what became of them, as the store keeps them. Who writes what:
 * - the engine that holds the lease: alerts, and for each step of one a transition, in one transaction;
 * - people, through the web: rules and acknowledgements (OperatorWriter);
 * - notifications read transitions on from the last `seq` they took and write their outbox and that `seq` in one
 *   transaction of their own: so each step is taken exactly once, whatever dies in between.
 *
 * Invariants: an outbreak has one row and one id, made of its fingerprint and the moment it began, so that evaluating
 * the same moment twice writes the same row; `seq` grows with every transition and is never used again.
 */

/** `cancelled`: the condition ended before it had held long enough; nobody was told. */
export type StoredPhase = 'pending' | 'firing' | 'resolved' | 'cancelled'
export type TransitionKind = StoredPhase | 'acknowledged'

export interface AlertRow {
  readonly id: string
  readonly fingerprint: string
  readonly ruleId: string
  readonly rule: string
  readonly cluster: ClusterRef
  readonly severity: Severity
  readonly phase: StoredPhase
  readonly activeMs: number
  readonly startsMs: number | null
  readonly endsMs: number | null
  readonly evaluatedMs: number
  readonly value: number | null
  readonly peak: number | null
  readonly threshold: number
  readonly comparison: string
  readonly unit: string
  /** Of the measured series and of the rule; without alertname, severity and cluster. */
  readonly labels: Readonly<Record<string, string>>
  readonly summary: string
  readonly annotations: Readonly<Record<string, string>>
  readonly runbookUrl: string | null
  readonly groupKey: string
  readonly supersededBy: string | null
  readonly leaderChangeTerm: bigint | null
}

/** An alert as the engine writes it, with what its state machine needs to go on after a restart (JSON-safe). */
export interface AlertInput extends AlertRow {
  readonly state: unknown
}

export interface Acknowledged {
  readonly atMs: number
  readonly by: string
  readonly note: string
}

export interface AcknowledgeableAlert extends AlertRow {
  readonly acknowledged: Acknowledged | null
}

export interface TransitionInput {
  readonly alertId: string
  readonly kind: TransitionKind
  readonly atMs: number
  readonly value: number | null
  readonly summary: string
}

/** One step of one alert, with the alert as it is now (which may be some steps further). */
export interface TransitionRow extends TransitionInput {
  readonly seq: number
  readonly by: string | null
  readonly note: string | null
  readonly alert: AcknowledgeableAlert
}

export interface AlertRuleRow {
  readonly id: string
  readonly name: string
  readonly source: 'builtin' | 'database' | 'settings'
  /** The rule as it was written, unchecked. */
  readonly document: unknown
  readonly updatedMs: number
}

export interface AlertEngineRow {
  readonly owner: string | null
  /** Grows whenever a rule changes. */
  readonly rulesRevision: number
  /** When the rules were last evaluated; null before the first time. */
  readonly evaluatedMs: number | null
  /** Why the engine as a whole cannot evaluate, in one sentence. */
  readonly error: string | null
}

/** A rule that cannot be evaluated for a cluster, and why. */
export interface RuleFault {
  readonly ruleId: string
  readonly clusterId: number
  readonly error: string
  readonly sinceMs: number
}

export interface AlertFilter {
  readonly phases?: readonly StoredPhase[]
  readonly clusterId?: number
  readonly rule?: string
  readonly severity?: Severity
}

export interface AlertReader {
  /** Newest first by the moment they began; `after` is the last one of the page before. */
  alerts(
    filter: AlertFilter,
    page: { limit: number; after: { activeMs: number; id: string } | null },
  ): Promise<AcknowledgeableAlert[]>
  alert(id: string): Promise<AcknowledgeableAlert | null>
  /** How many alerts of each rule are pending and firing. */
  alertCounts(): Promise<{ ruleId: string; clusterId: number; pending: number; firing: number }[]>
  /** Newest first; `beforeSeq` is the last one of the page before. */
  alertHistory(
    filter: { clusterId?: number; rule?: string; alertId?: string },
    page: { limit: number; beforeSeq: number | null },
  ): Promise<TransitionRow[]>
  /** Steps behind `seq`, in order: what notifications read. */
  transitionsAfter(seq: number, limit: number): Promise<TransitionRow[]>
  alertRules(): Promise<AlertRuleRow[]>
  alertEngine(): Promise<AlertEngineRow>
  ruleFaults(): Promise<RuleFault[]>
}

/** What an engine may do. Every write but `acquireAlerts` rejects with NOT_OWNER once another engine took over. */
export interface AlertWriter {
  /** Takes or renews the one lease of evaluation; null while another owner's is alive. */
  acquireAlerts(owner: string, ttlMs: number, isGone?: (owner: string) => boolean): Promise<Ownership | null>
  releaseAlerts(ownership: Ownership): Promise<void>
  /** What was pending or firing when the last evaluation ended. */
  openAlerts(): Promise<AlertInput[]>
  /** One evaluation's outcome in one transaction: alerts as they now are, their steps, faults that came and went. */
  writeEvaluation(
    ownership: Ownership,
    outcome: {
      alerts: readonly AlertInput[]
      transitions: readonly TransitionInput[]
      /** The whole list, when it changed; null: as it was. */
      faults: readonly RuleFault[] | null
    },
  ): Promise<void>
  /** When all rules were last evaluated and why they cannot be: what screens tell of the engine. */
  reportEngine(ownership: Ownership, report: { evaluatedMs: number | null; error: string | null }): Promise<void>
  /** Makes the stored settings rules these; what the file no longer holds goes. */
  replaceSettingsRules(
    ownership: Ownership,
    rules: readonly { id: string; name: string; document: unknown }[],
  ): Promise<void>
  /** Drops outbreaks that ended before these moments, with their steps; returns how many. Bounded a call. */
  dropAlerts(ownership: Ownership, before: { resolvedMs: number; cancelledMs: number }): Promise<number>
}

/** What people at the screens change. */
export interface AlertOperator {
  /** Creates or replaces. Rejects with BAD_REQUEST naming `name` when another rule of that source has it. */
  saveAlertRule(rule: { id: string; name: string; source: 'builtin' | 'database'; document: unknown }): Promise<void>
  /** False when there was none. */
  deleteAlertRule(id: string): Promise<boolean>
  /** The last one counts; each is a step in the alert's history. False when there is no such alert. */
  acknowledgeAlert(alertId: string, acknowledged: { by: string; note: string }): Promise<boolean>
}

/** Opened by the process that evaluates. */
export interface AlertStore extends AlertWriter {
  close(): Promise<void>
}
