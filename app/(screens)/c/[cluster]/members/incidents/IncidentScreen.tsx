'use client'

import { useSearchParams } from 'next/navigation'
import { useEffect, useMemo } from 'react'
import type { LeaderChange } from '../../../../../../lib/contract'
import { useSame } from '../../../../../_charts/useSame'
import { formatDuration, formatMoment } from '../../../../../_client/format'
import { useLeaderChanges, useMembers } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useUrlState } from '../../../../../_client/useUrlState'
import { LinkButton } from '../../../../../_ui/Button'
import { Panel } from '../../../../../_ui/Panel'
import { FailedState, LoadingState, UnknownState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { BusiestSections } from '../BusiestSections'
import { Causes, causeWords } from '../Causes'
import { ComparisonSection } from '../ComparisonSection'
import { IncidentFacts } from '../IncidentFacts'
import { incidentHref } from '../incidentHref'
import { LeaderPanel } from '../LeaderPanel'
import { inOrder } from '../memberNames'
import { NearbySection } from '../NearbySection'
import { windowsOf } from '../prepareComparison'
import { useSelectedChange } from '../useSelectedChange'
import { IncidentAlerts } from './IncidentAlerts'
import '../members.css'

/** What stands before and after the change on the charts of the page, unless the link says otherwise. */
const AROUND_MS = 5 * 60_000
const noChanges: readonly LeaderChange[] = []

/** One leader change on a page of its own: what happened, why it probably did, and what else did then. */
export function IncidentScreen({ cluster, term }: { cluster: string; term: string }) {
  const selected = useSelectedChange(cluster, term)
  const { change } = selected
  useRangeAround(change)
  if (change !== null) return <Incident cluster={cluster} change={change} />
  return (
    <div className="panel">
      {selected.missing ? (
        <UnknownState title={`No leader change to term ${term}`}>
          The record of this cluster does not hold it.
        </UnknownState>
      ) : selected.error !== null ? (
        <FailedState title="Leader changes could not be read" error={selected.error} />
      ) : (
        <LoadingState />
      )}
    </div>
  )
}

/** A link that names only the term shows the minutes around its change. */
function useRangeAround(change: LeaderChange | null) {
  const given = useSearchParams().get('range')
  const [, update] = useUrlState()
  const atMs = change === null ? null : Date.parse(change.at)
  useEffect(() => {
    if (given !== null || atMs === null) return
    update({ range: { kind: 'absolute', fromMs: atMs - AROUND_MS, toMs: atMs + AROUND_MS } }, 'replace')
  }, [given, atMs, update])
}

function Incident({ cluster, change }: { cluster: string; change: LeaderChange }) {
  const { nowMs, params } = useRange()
  const members = useMembers(cluster)
  const changes = useLeaderChanges(cluster, params).data ?? noChanges
  const named = useSame(
    useMemo(() => inOrder(members.data ?? []).map(({ id, name }) => ({ id, name })), [members.data]),
  )
  const { around, atMs } = windowsOf(change)
  const range = `range=${new Date(around.fromMs).toISOString()}..${new Date(around.toMs).toISOString()}`
  const cause = change.causes.find(({ score }) => score > 0)
  const leaderless = change.planned ? '' : `, nobody led for at most ${formatDuration(change.leaderlessMs)}`
  return (
    <div className="stack members">
      <Verdict
        tone={change.planned ? 'info' : 'critical'}
        sentence={`Leader ${change.planned ? 'moved as planned' : 'lost'} ${formatMoment(atMs, nowMs)}${leaderless}`}
        reasons={
          cause === undefined
            ? 'No cause was seen in what was recorded.'
            : `${causeWords(cause.kind)}: ${cause.evidence}`
        }
        actions={
          <>
            <LinkButton href={incidentHref(cluster, change.term)} icon="clock">
              Five minutes around
            </LinkButton>
            <LinkButton href={`/c/${encodeURIComponent(cluster)}/members`}>All leader changes</LinkButton>
          </>
        }
      />
      <div className="grid-12">
        <div className="stack col-span-12 lg:col-span-8">
          <LeaderPanel
            cluster={cluster}
            members={named}
            changes={changes}
            selected={change}
            onSelect={(other) => window.location.assign(incidentHref(cluster, other))}
          />
          <Panel
            title="What else happened"
            note="configuration, members and defragmentation nearby"
            className="incident-part"
            actions={<LinkButton href={`/c/${encodeURIComponent(cluster)}/history?${range}`}>All changes</LinkButton>}
          >
            <NearbySection cluster={cluster} change={change} />
          </Panel>
        </div>
        <div className="stack col-span-12 lg:col-span-4">
          <Panel title="The change" className="incident-part">
            <IncidentFacts change={change} />
          </Panel>
          <Panel title="Likely causes, in order" className="incident-part">
            <Causes causes={change.causes} />
          </Panel>
          <IncidentAlerts cluster={cluster} change={change} />
          <Panel title="Before and during" className="incident-part">
            <ComparisonSection cluster={cluster} change={change} />
          </Panel>
          <Panel title="Who wrote" className="incident-part">
            <BusiestSections cluster={cluster} around={around} />
          </Panel>
        </div>
      </div>
    </div>
  )
}
