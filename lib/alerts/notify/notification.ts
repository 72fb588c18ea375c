import { z } from 'zod'
import { severity } from '../../contract'
import type { AcknowledgeableAlert } from '../../store'

/**
 * What is told, free of any channel's format: the outbox keeps it, each sender writes it in its receiver's way. Alerts
 * are as they were when it was decided.
 */
const labels = z.record(z.string(), z.string())

export const notifiedAlert = z.object({
  id: z.string(),
  fingerprint: z.string(),
  rule: z.string(),
  cluster: z.string(),
  severity,
  firing: z.boolean(),
  /** With alertname, severity and cluster. */
  labels,
  annotations: labels,
  summary: z.string(),
  value: z.number().nullable(),
  threshold: z.number(),
  comparison: z.string(),
  unit: z.string(),
  startsMs: z.number(),
  endsMs: z.number().nullable(),
  runbookUrl: z.string().nullable(),
  acknowledged: z.object({ by: z.string(), note: z.string(), atMs: z.number() }).nullable(),
})
export type NotifiedAlert = z.infer<typeof notifiedAlert>

/**
 * firing: alerts that were not told before, and maybe others that ended. resolved: nothing fires any more. changed:
 * some ended, others still fire. repeat: nothing new. acknowledged: somebody took all of them on.
 */
export const notificationReason = z.enum(['firing', 'changed', 'repeat', 'resolved', 'acknowledged', 'test'])
export type NotificationReason = z.infer<typeof notificationReason>

export const notification = z.object({
  reason: notificationReason,
  groupKey: z.string(),
  groupLabels: labels,
  /** Something that the channel knows of fires, be it in this message or held back at the moment. */
  stillFiring: z.boolean(),
  /** All that fire, and those that ended since the last message. */
  alerts: z.array(notifiedAlert).min(1),
})
export type Notification = z.infer<typeof notification>

/** Labels by which silences and channels match. */
export function labelsOf(alert: AcknowledgeableAlert): Record<string, string> {
  return { ...alert.labels, alertname: alert.rule, severity: alert.severity, cluster: alert.cluster.name }
}

export function notifiedAlertOf(alert: AcknowledgeableAlert): NotifiedAlert {
  return {
    id: alert.id,
    fingerprint: alert.fingerprint,
    rule: alert.rule,
    cluster: alert.cluster.name,
    severity: alert.severity,
    firing: alert.phase === 'firing',
    labels: labelsOf(alert),
    annotations: { ...alert.annotations },
    summary: alert.summary,
    value: alert.value,
    threshold: alert.threshold,
    comparison: alert.comparison,
    unit: alert.unit,
    startsMs: alert.startsMs ?? alert.activeMs,
    endsMs: alert.endsMs,
    runbookUrl: alert.runbookUrl,
    acknowledged: alert.acknowledged,
  }
}

/** Labels that all alerts have with the same value. */
export function commonOf(sets: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const [first = {}, ...others] = sets
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((set) => set[name] === value)))
}

export function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}
