'use client'

import { formatCount, plural } from '../../_client/format'
import { useFiringAlerts } from '../../_client/queries'
import { StatusMark } from '../StatusMark'
import { gravest, heard, severityTone } from '../severity'

/** How many alerts fire now, in the rail, with the shape of the gravest; nothing while none does. */
export function AlertCount({ cluster }: { cluster: string }) {
  const alerts = heard(useFiringAlerts(cluster).data?.items ?? [])
  const worst = gravest(alerts)
  if (worst === null) return null
  return (
    <span className="rail-count" title={`${plural(alerts.length, 'alert')} firing, the gravest ${worst}`}>
      <StatusMark tone={severityTone[worst]} />
      {formatCount(alerts.length)}
      <span className="visually-hidden"> firing</span>
    </span>
  )
}
