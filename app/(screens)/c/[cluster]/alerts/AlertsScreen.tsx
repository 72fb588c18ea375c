'use client'

import { useAlerts, useChannels, useFiringAlerts, useSilences } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Verdict } from '../../../../_ui/Verdict'
import { AlertTabs } from './AlertTabs'
import { FiringPanel } from './FiringPanel'
import { PendingPanel } from './PendingPanel'
import { inOrder, prepareVerdict } from './prepareAlerts'
import { ResolvedPanel } from './ResolvedPanel'
import './alerts.css'

/** What fires now and since when, each with the chart that shows why. */
export function AlertsScreen({ cluster }: { cluster: string }) {
  const { nowMs } = useRange()
  const firing = useFiringAlerts(cluster)
  const pending = useAlerts({ state: 'pending', cluster, limit: 1000 })
  const silences = useSilences()
  const channels = useChannels()
  const alerts = inOrder(firing.data?.items ?? [])
  const verdict = prepareVerdict({
    cluster,
    firing: alerts,
    pending: pending.data?.items.length ?? 0,
    silences: silences.data ?? [],
    channels: channels.data,
    nowMs,
  })
  return (
    <div className="stack">
      {firing.data === undefined ? (
        <Verdict sentence="Alerts" actions={<AlertTabs cluster={cluster} tab="firing" />} />
      ) : (
        <Verdict {...verdict} actions={<AlertTabs cluster={cluster} tab="firing" />} />
      )}
      <div className="alerts-grid">
        <FiringPanel cluster={cluster} query={firing} alerts={alerts} />
        <div className="stack">
          <PendingPanel cluster={cluster} alerts={pending.data?.items ?? []} />
          <ResolvedPanel cluster={cluster} />
        </div>
      </div>
    </div>
  )
}
