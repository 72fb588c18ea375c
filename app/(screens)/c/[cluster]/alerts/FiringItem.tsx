'use client'

import Link from 'next/link'
import { useState } from 'react'
import type { Alert } from '../../../../../lib/contract'
import { exactMoment, formatMoment } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { StatusMark } from '../../../../_ui/StatusMark'
import { severityTone } from '../../../../_ui/severity'
import { incidentHref } from '../members/incidentHref'
import { AcknowledgeForm } from './AcknowledgeForm'
import { AlertChart } from './AlertChart'
import { ruleHref, silenceHref } from './alertsHref'
import { causeHref } from './causeHref'
import { notifiedWords, openWords, subjectWords } from './prepareAlerts'

interface FiringItemProps {
  readonly cluster: string
  readonly alert: Alert
  readonly withChart: boolean
}

export function FiringItem({ cluster, alert, withChart }: FiringItemProps) {
  const { nowMs } = useRange()
  const [noting, setNoting] = useState(false)
  const subject = subjectWords(alert.labels)
  const cause = causeHref(cluster, alert)
  return (
    <li data-quiet={alert.silencedBy !== null || alert.supersededBy !== null}>
      <StatusMark tone={severityTone[alert.severity]} />
      <div>
        <div className="alert-head">
          <b>{alert.rule}</b>
          <span className="visually-hidden">{alert.severity}</span>
          <time dateTime={alert.startsAt} title={`since ${exactMoment(Date.parse(alert.startsAt))}`}>
            {openWords(alert, nowMs)}
          </time>
        </div>
        <p className="alert-summary">{alert.summary !== '' ? alert.summary : subject}</p>
        {withChart && <AlertChart cluster={cluster} alert={alert} />}
        <div className="alert-links">
          {alert.leaderChangeTerm !== null && (
            <Link className="link" href={incidentHref(cluster, alert.leaderChangeTerm)}>
              Incident
            </Link>
          )}
          {cause !== null && (
            <Link className="link" href={cause.href}>
              {cause.words}
            </Link>
          )}
          <Link className="link" href={ruleHref(cluster, alert.ruleId)}>
            Rule
          </Link>
          <Link
            className="link"
            href={silenceHref(cluster, { alertname: alert.rule, cluster: alert.cluster, ...alert.labels })}
          >
            Silence
          </Link>
          {alert.acknowledged === null && (
            <button type="button" className="link" aria-expanded={noting} onClick={() => setNoting(!noting)}>
              Acknowledge
            </button>
          )}
          {alert.runbookUrl !== null && (
            <a className="link" href={alert.runbookUrl} rel="noreferrer" target="_blank">
              Run-book
            </a>
          )}
          <span className="dim">{stateWords(alert, nowMs)}</span>
        </div>
        {noting && alert.acknowledged === null && <AcknowledgeForm alert={alert} onDone={() => setNoting(false)} />}
      </div>
    </li>
  )
}

function stateWords(alert: Alert, nowMs: number): string {
  if (alert.acknowledged !== null) {
    const { at, by, note } = alert.acknowledged
    return `acknowledged by ${by} ${formatMoment(Date.parse(at), nowMs)}${note === '' ? '' : `: ${note}`}`
  }
  if (alert.silencedBy !== null) return 'silenced'
  if (alert.supersededBy !== null) return 'a graver alert of the same rule fires'
  return notifiedWords(alert)
}
