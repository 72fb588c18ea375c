'use client'

import Link from 'next/link'
import type { Alert } from '../../../../../lib/contract'
import { formatMetric } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { Panel } from '../../../../_ui/Panel'
import { StatusMark } from '../../../../_ui/StatusMark'
import { ruleHref } from './alertsHref'
import { openWords, subjectWords } from './prepareAlerts'

/** Conditions that hold, but not for as long as their rule asks. Nothing pending is no panel. */
export function PendingPanel({ cluster, alerts }: { cluster: string; alerts: readonly Alert[] }) {
  const { nowMs } = useRange()
  if (alerts.length === 0) return null
  return (
    <Panel title="Pending" note="the condition holds, not for long enough yet" flush>
      <ul className="alert-rows">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <StatusMark tone="progress" />
            <div>
              <Link href={ruleHref(cluster, alert.ruleId)}>{alert.rule}</Link>
              <small>
                {subjectWords(alert.labels)}
                {alert.value !== null && ` ${formatMetric(alert.value, alert.unit)}`}
              </small>
            </div>
            <time dateTime={alert.activeAt}>{openWords(alert, nowMs)}</time>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
