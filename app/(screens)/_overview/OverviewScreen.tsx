'use client'

import { useQueries } from '@tanstack/react-query'
import type { LeaderChange } from '../../../lib/contract'
import { leaderChangesQuery, useClusters } from '../../_client/queries'
import { useRange } from '../../_client/range'
import { EmptyState, queryState } from '../../_ui/States'
import { Verdict } from '../../_ui/Verdict'
import { ClusterTable } from './ClusterTable'
import { LatelyChanged } from './LatelyChanged'
import { LeaderStrip } from './LeaderStrip'
import { overviewVerdict } from './overviewVerdict'
import { RecordPanel } from './RecordPanel'
import './overview.css'

const lastDay = { from: '-24h', to: 'now' } as const
const none: readonly LeaderChange[] = []

/** All clusters: does any need attention, how is each, and what changed lately. */
export function OverviewScreen() {
  const query = useClusters()
  const { nowMs } = useRange()
  const clusters = query.data ?? []
  const days = useQueries({ queries: clusters.map((cluster) => leaderChangesQuery(cluster.name, lastDay)) })
  const changesOf = (name: string) => days[clusters.findIndex((cluster) => cluster.name === name)]?.data ?? none
  const state = queryState(query, { failed: 'The clusters could not be read' })
  if (state !== null) return <section className="panel">{state}</section>
  if (clusters.length === 0) {
    return (
      <section className="panel">
        <EmptyState title="No cluster is watched">
          Set ETCDCTL_ENDPOINTS or ETCDSCOPE_CONFIG and start again.
        </EmptyState>
      </section>
    )
  }
  const verdict = overviewVerdict(clusters, changesOf, nowMs)
  return (
    <>
      <Verdict
        tone={verdict.tone}
        sentence={verdict.sentence}
        reasons={verdict.reasons === '' ? undefined : verdict.reasons}
      />
      <ClusterTable clusters={clusters} />
      <div className="grid-12">
        <LatelyChanged clusters={clusters} />
        <div className="lg:col-span-4 col-span-12 stack">
          <LeaderStrip clusters={clusters} changesOf={changesOf} nowMs={nowMs} />
          <RecordPanel clusters={clusters} />
        </div>
      </div>
    </>
  )
}
