'use client'

import Link from 'next/link'
import { useAlertRules, useChannels, useFiringAlerts, useSilences } from '../../../../_client/queries'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { type AlertsTab, alertsHref } from './alertsHref'

const words: Readonly<Record<AlertsTab, string>> = {
  firing: 'Firing',
  rules: 'Rules',
  silences: 'Silences',
  channels: 'Channels',
  history: 'History',
}

/** The five parts of the place, with what each holds. */
export function AlertTabs({ cluster, tab }: { cluster: string; tab: AlertsTab }) {
  const search = useSharedSearch()
  const firing = useFiringAlerts(cluster)
  const rules = useAlertRules(cluster)
  const silences = useSilences()
  const channels = useChannels()
  const counts: Readonly<Record<AlertsTab, number | undefined>> = {
    firing: firing.data?.items.length,
    rules: rules.data?.length,
    silences: silences.data?.filter(({ state }) => state !== 'expired').length,
    channels: channels.data?.length,
    history: undefined,
  }
  const tabs: readonly AlertsTab[] = ['firing', 'rules', 'silences', 'channels', 'history']
  return (
    <nav className="tabs" aria-label="Alerts">
      {tabs.map((one) => (
        <Link key={one} href={`${alertsHref(cluster, one)}${search}`} aria-current={one === tab ? 'page' : undefined}>
          {words[one]}
          {counts[one] !== undefined && <span className="num"> {counts[one]}</span>}
        </Link>
      ))}
    </nav>
  )
}
