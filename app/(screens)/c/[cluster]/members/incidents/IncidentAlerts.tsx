'use client'

import Link from 'next/link'
import type { Alert, LeaderChange } from '../../../../../../lib/contract'
import { formatMoment } from '../../../../../_client/format'
import { useAlerts } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { Panel } from '../../../../../_ui/Panel'
import { queryState } from '../../../../../_ui/States'
import { StatusMark } from '../../../../../_ui/StatusMark'
import { severityTone } from '../../../../../_ui/severity'
import { ruleHref } from '../../alerts/alertsHref'
import { notifiedWords, openWords } from '../../alerts/prepareAlerts'
import '../../alerts/alerts.css'

/** An alert holds for minutes before it fires: one that began to hold then, or fired then, belongs here. */
const AROUND_MS = 10 * 60_000

export function IncidentAlerts({ cluster, change }: { cluster: string; change: LeaderChange }) {
  const { nowMs } = useRange()
  const firing = useAlerts({ cluster, state: 'firing', limit: 1000 })
  const resolved = useAlerts({ cluster, state: 'resolved', limit: 1000 })
  const alerts = [...(firing.data?.items ?? []), ...(resolved.data?.items ?? [])].filter((one) => isNear(one, change))
  const blocked = queryState(resolved, {
    failed: 'The alerts could not be read',
    isEmpty: alerts.length === 0,
    empty: { title: 'No alert fired around this change' },
  })
  return (
    <Panel title="Alerts around it" flush>
      {blocked ?? (
        <ul className="alert-rows">
          {alerts.map((alert) => (
            <li key={alert.id}>
              <StatusMark tone={alert.endsAt === null ? severityTone[alert.severity] : 'ok'} />
              <div>
                <Link href={ruleHref(cluster, alert.ruleId)}>{alert.rule}</Link>
                <small>{notifiedWords(alert)}</small>
              </div>
              <time dateTime={alert.startsAt}>
                {openWords(alert, nowMs)}
                <br />
                {formatMoment(Date.parse(alert.startsAt), nowMs)}
              </time>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  )
}

function isNear(alert: Alert, change: LeaderChange): boolean {
  if (alert.leaderChangeTerm === change.term) return true
  const atMs = Date.parse(change.at)
  return [alert.activeAt, alert.startsAt].some((time) => Math.abs(Date.parse(time) - atMs) <= AROUND_MS)
}
