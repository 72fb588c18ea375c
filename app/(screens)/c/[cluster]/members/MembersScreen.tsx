'use client'

import { useMemo } from 'react'
import type { LeaderChange } from '../../../../../lib/contract'
import { useSame } from '../../../../_charts/useSame'
import { formatDuration } from '../../../../_client/format'
import { useCluster, useLeaderChanges, useMembers } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { useUrlParam } from '../../../../_client/useUrlState'
import { WithSide } from '../../../../_ui/SidePanel'
import { queryState, UnknownState } from '../../../../_ui/States'
import { Verdict } from '../../../../_ui/Verdict'
import { ChangePanel } from './ChangePanel'
import { ChangesList } from './ChangesList'
import { DatabasePanel } from './DatabasePanel'
import { LeaderPanel } from './LeaderPanel'
import { MembersTable } from './MembersTable'
import { inOrder } from './memberNames'
import { leaderSince, prepareVerdict } from './prepareVerdict'
import { RoundTripPanel } from './RoundTripPanel'
import { useSelectedChange } from './useSelectedChange'
import './members.css'

const noChanges: readonly LeaderChange[] = []

/** Who leads and since when, which members are healthy, when and how leadership changed, and why it might have. */
export function MembersScreen({ cluster: name }: { cluster: string }) {
  const range = useRange()
  const cluster = useCluster(name).data
  const members = useMembers(name)
  const changes = useLeaderChanges(name, range.params)
  const [term, setTerm] = useUrlParam('change')
  const selected = useSelectedChange(name, term)
  const ordered = useMemo(() => inOrder(members.data ?? []), [members.data])
  const named = useSame(ordered.map(({ id, name: own }) => ({ id, name: own })))
  const blocked = queryState(members, { failed: 'The members could not be read' })
  if (blocked !== null || cluster === undefined) return <div className="panel">{blocked}</div>
  const verdict = prepareVerdict({
    cluster,
    members: ordered,
    changes: changes.data ?? noChanges,
    rangeWords: formatDuration(range.span.toMs - range.span.fromMs),
    nowMs: range.nowMs,
  })
  const hasMembers = ordered.length > 0
  return (
    <div className="stack members">
      <Verdict
        tone={verdict.tone}
        sentence={verdict.sentence}
        reasons={
          <>
            {verdict.leader !== null && (
              <>
                Leader <span className="mono">{verdict.leader.name}</span> {verdict.leader.words}.{' '}
              </>
            )}
            {verdict.notes.map((note) => `${note}. `)}
          </>
        }
      />
      {hasMembers ? (
        <WithSide
          wide
          side={term === null ? null : <ChangePanel cluster={name} selected={selected} onClose={() => setTerm(null)} />}
        >
          <LeaderPanel
            cluster={name}
            members={named}
            changes={changes.data ?? noChanges}
            selected={selected.change}
            onSelect={setTerm}
          />
          <MembersTable
            cluster={cluster}
            members={ordered}
            leaderSince={leaderSince(cluster, changes.data ?? noChanges)}
          />
          <div className="grid-12">
            <RoundTripPanel cluster={name} members={named} />
            <DatabasePanel cluster={cluster} />
          </div>
          <ChangesList query={changes} selectedTerm={term} onSelect={setTerm} />
        </WithSide>
      ) : (
        <div className="panel">
          <UnknownState title="No members to show">
            {cluster.source === 'apiserver'
              ? 'An apiserver does not show the members behind it. Point etcdscope at etcd to see them.'
              : 'They appear here as soon as one of them has answered.'}
          </UnknownState>
        </div>
      )}
    </div>
  )
}
