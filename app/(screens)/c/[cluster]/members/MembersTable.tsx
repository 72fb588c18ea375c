'use client'

import { useMemo } from 'react'
import type { Cluster, Member } from '../../../../../lib/contract'
import { useIsolation } from '../../../../_charts/Legend'
import { useSeries } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { DataTable } from '../../../../_ui/DataTable'
import { Panel } from '../../../../_ui/Panel'
import { StaleNote } from '../../../../_ui/States'
import { Status } from '../../../../_ui/StatusMark'
import { memberColumns } from './memberColumns'
import { memberMetrics, recently } from './memberMetrics'
import { memberName } from './memberNames'
import { bugWords, prepareMembers } from './prepareMembers'
import { troubleOf } from './prepareVerdict'

const NOW_STEP_MS = 15_000

export interface MembersTableProps {
  readonly cluster: Cluster
  readonly members: readonly Member[]
  /** RFC 3339; null when nobody saw the leader's term begin. */
  readonly leaderSince: string | null
}

/** The members as they are now, whatever range the page shows. */
export function MembersTable({ cluster, members, leaderSince }: MembersTableProps) {
  const { nowMs } = useRange()
  const { only } = useIsolation()
  const p99 = (metric: string) => ({ metric, ...recently, stepMs: NOW_STEP_MS, agg: 'p99' as const })
  const fsync = useSeries(cluster.name, p99(memberMetrics.fsync)).data
  const commit = useSeries(cluster.name, p99(memberMetrics.commit)).data
  const roundTrip = useSeries(cluster.name, p99(memberMetrics.roundTrip)).data
  const rows = useMemo(
    () => prepareMembers(cluster, members, { fsync, commit, roundTrip }, leaderSince),
    [cluster, members, fsync, commit, roundTrip, leaderSince],
  )
  const chosen = rows.filter(({ member }) => only.includes(member.id))
  const columns = useMemo(() => memberColumns(nowMs), [nowMs])
  const silent = cluster.state === 'stopped' || cluster.state === 'archived'
  return (
    <Panel
      title="Members"
      note={silent ? <StaleNote>as last seen, no collector reports</StaleNote> : 'now'}
      flush
      foot={<Troubles cluster={cluster} members={members} nowMs={nowMs} />}
      className="members-panel"
    >
      <DataTable
        id="members"
        label="Members"
        rows={chosen.length > 0 ? chosen : rows}
        columns={columns}
        rowKey={({ member }) => member.id}
        twoLines
      />
    </Panel>
  )
}

/** What needs words: members in trouble, each with its sentence, and the bugs of the versions that run. */
function Troubles({ cluster, members, nowMs }: { cluster: Cluster; members: readonly Member[]; nowMs: number }) {
  if (cluster.state === 'archived') return null
  if (cluster.state === 'stopped') return <Status tone="unknown">{cluster.error ?? 'No collector reports'}</Status>
  const unhealthy = members.filter((member) => !member.healthy)
  const bugs = bugWords(members)
  const alarms = cluster.alarms.map(({ memberId, type }) => {
    const raised = members.find((member) => member.id === memberId)
    return `${raised === undefined ? memberId : memberName(raised)}: alarm ${type}`
  })
  const troubles = [...unhealthy.map((member) => troubleOf(member, nowMs)), ...alarms]
  if (troubles.length === 0 && bugs.length === 0) return <span>No member in trouble, no known bug in what runs</span>
  return (
    <ul className="member-troubles">
      {troubles.map((sentence) => (
        <li key={sentence}>
          <Status tone="critical">{sentence}</Status>
        </li>
      ))}
      {bugs.map((sentence) => (
        <li key={sentence}>
          <Status tone="warn">{sentence}</Status>
        </li>
      ))}
    </ul>
  )
}
