'use client'

import Link from 'next/link'
import { formatMoment } from '../../../../_client/format'
import { useAlerts } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { Panel } from '../../../../_ui/Panel'
import { queryState } from '../../../../_ui/States'
import { StatusMark } from '../../../../_ui/StatusMark'
import { incidentHref } from '../members/incidentHref'
import { alertsHref, ruleHref } from './alertsHref'
import { openWords, subjectWords } from './prepareAlerts'

const SHOWN = 8

export function ResolvedPanel({ cluster }: { cluster: string }) {
  const { nowMs } = useRange()
  const search = useSharedSearch()
  const query = useAlerts({ state: 'resolved', cluster, limit: SHOWN })
  const alerts = query.data?.items ?? []
  const blocked = queryState(query, {
    failed: 'Resolved alerts could not be read',
    isEmpty: alerts.length === 0,
    empty: { title: 'Nothing has fired and resolved yet' },
  })
  return (
    <Panel
      title="Resolved lately"
      flush
      actions={
        <Link className="link" href={`${alertsHref(cluster, 'history')}${search}`}>
          History
        </Link>
      }
    >
      {blocked ?? (
        <ul className="alert-rows">
          {alerts.map((alert) => (
            <li key={alert.id}>
              <StatusMark tone="ok" />
              <div>
                <Link
                  href={
                    alert.leaderChangeTerm === null
                      ? ruleHref(cluster, alert.ruleId)
                      : incidentHref(cluster, alert.leaderChangeTerm)
                  }
                >
                  {alert.rule}
                </Link>
                <small>{alert.summary !== '' ? alert.summary : subjectWords(alert.labels)}</small>
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
