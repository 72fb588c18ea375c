import type { Alert, Severity } from '../../lib/contract'
import type { StatusTone } from './StatusMark'

/** How grave alerts look and count, everywhere the same. Pure. */

/** The gravest first. */
export const severities: readonly Severity[] = ['critical', 'warning', 'info']

export const severityTone: Readonly<Record<Severity, StatusTone>> = {
  critical: 'critical',
  warning: 'warn',
  info: 'info',
}

/** Of those that fire, the ones that nothing holds back and no graver one stands for. */
export function heard(firing: readonly Alert[]): readonly Alert[] {
  return firing.filter((one) => one.silencedBy === null && one.supersededBy === null)
}

/** The gravest severity among them; null without any. */
export function gravest(alerts: readonly Pick<Alert, 'severity'>[]): Severity | null {
  return severities.find((one) => alerts.some(({ severity }) => severity === one)) ?? null
}
