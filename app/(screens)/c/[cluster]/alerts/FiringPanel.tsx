'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import type { Alert } from '../../../../../lib/contract'
import { Panel } from '../../../../_ui/Panel'
import { queryState } from '../../../../_ui/States'
import { FiringItem } from './FiringItem'

/** A chart each costs a question each; more are listed without. */
const CHARTS_LIMIT = 12

interface FiringPanelProps {
  readonly cluster: string
  readonly query: UseQueryResult<unknown>
  readonly alerts: readonly Alert[]
}

export function FiringPanel({ cluster, query, alerts }: FiringPanelProps) {
  const blocked = queryState(query, {
    failed: 'The alerts could not be read',
    isEmpty: alerts.length === 0,
    empty: { title: 'Nothing fires', children: 'Every condition of every enabled rule is as it should be.' },
  })
  return (
    <Panel title="Firing" note="each with the chart that shows why" flush>
      {blocked ?? (
        <ul className="alert-list">
          {alerts.map((alert, index) => (
            <FiringItem key={alert.id} cluster={cluster} alert={alert} withChart={index < CHARTS_LIMIT} />
          ))}
        </ul>
      )}
    </Panel>
  )
}
