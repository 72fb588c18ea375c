import { z } from 'zod'
import { severity } from './alertRule'
import { clusterName, int64, pageParams, time } from './common'

/**
 * Alerts: what fires now, what fired before, and who was told. Who fills what:
 * - lib/alerts (engine): every alert with its state, value and times, and the history of its states;
 * - notifications: `silencedBy`, `notified`, silences and channels, with lib/contract/{silence,channel}.ts;
 * - people: `acknowledged`, through POST /alerts/{id}/acknowledge.
 */

export const alertPhase = z.enum(['pending', 'firing', 'resolved'])
export type AlertPhase = z.infer<typeof alertPhase>

export const acknowledgement = z.object({ at: time, by: z.string(), note: z.string() })

export const alert = z.object({
  id: z.string().describe('of this one outbreak: the next one of the same series has another'),
  fingerprint: z.string().describe('of rule, cluster, severity and labels: the same in every outbreak'),
  rule: z.string(),
  ruleId: z.string(),
  severity,
  state: alertPhase,
  cluster: clusterName,
  labels: z.record(z.string(), z.string()).describe('of the measured series and of the rule'),
  value: z.number().nullable().describe('at the last evaluation; null while data is missing'),
  peak: z.number().nullable(),
  threshold: z.number(),
  comparison: z.string(),
  unit: z.string(),
  activeAt: time.describe('since when the condition holds'),
  startsAt: time.describe('since when it fires; while pending the same as activeAt'),
  endsAt: time.nullable(),
  evaluatedAt: time,
  summary: z.string(),
  annotations: z.record(z.string(), z.string()),
  runbookUrl: z.string().nullable(),
  groupKey: z.string().describe('alerts with the same one are told together'),
  silencedBy: z.string().nullable().describe('id of the silence that holds it back'),
  supersededBy: z.string().nullable().describe('id of the graver alert of the same rule and series'),
  acknowledged: acknowledgement.nullable(),
  notified: z.array(z.object({ channel: z.string(), at: time, state: z.enum(['sent', 'waiting', 'failed']) })),
  leaderChangeTerm: int64.nullable().describe('of an alert about leadership: the term of the incident to look at'),
})
export type Alert = z.infer<typeof alert>

export const alertsQuery = z.object({
  state: alertPhase.optional(),
  cluster: clusterName.optional(),
  rule: z.string().max(120).optional(),
  severity: severity.optional(),
  silenced: z.enum(['true', 'false']).optional(),
  ...pageParams,
})

/** One step of an alert's life, newest first. */
export const alertEvent = z.object({
  id: z.string(),
  at: time,
  alertId: z.string(),
  rule: z.string(),
  cluster: clusterName,
  severity,
  labels: z.record(z.string(), z.string()),
  kind: z.enum(['pending', 'firing', 'resolved', 'cancelled', 'acknowledged']),
  value: z.number().nullable(),
  summary: z.string(),
  by: z.string().nullable(),
  note: z.string().nullable(),
})
export type AlertEvent = z.infer<typeof alertEvent>

export const alertHistoryQuery = z.object({
  cluster: clusterName.optional(),
  rule: z.string().max(120).optional(),
  alert: z.string().max(100).optional(),
  ...pageParams,
})

export const acknowledgeInput = z.strictObject({
  note: z.string().max(2_000).default(''),
  by: z.string().min(1).max(120).default('anonymous'),
})
export type AcknowledgeInput = z.input<typeof acknowledgeInput>
