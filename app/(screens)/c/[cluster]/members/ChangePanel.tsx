'use client'

import type { LeaderChange } from '../../../../../lib/contract'
import { formatClock } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { LinkButton } from '../../../../_ui/Button'
import { Time } from '../../../../_ui/Figures'
import { MarkTag } from '../../../../_ui/MarkTag'
import { SidePanel } from '../../../../_ui/SidePanel'
import { FailedState, LoadingState, UnknownState } from '../../../../_ui/States'
import { BusiestSections } from './BusiestSections'
import { Causes } from './Causes'
import { ComparisonSection } from './ComparisonSection'
import { IncidentFacts } from './IncidentFacts'
import { incidentHref } from './incidentHref'
import { NearbySection } from './NearbySection'
import { windowsOf } from './prepareComparison'
import type { SelectedChange } from './useSelectedChange'

export interface ChangePanelProps {
  readonly cluster: string
  readonly selected: SelectedChange
  readonly onClose: () => void
}

/** One leader change as an incident: what happened, and what else did in these two minutes. */
export function ChangePanel({ cluster, selected, onClose }: ChangePanelProps) {
  const { change } = selected
  if (change === null) {
    return (
      <SidePanel label="Leader change" title={`Term ${selected.term ?? ''}`} onClose={onClose}>
        {selected.missing ? (
          <UnknownState title={`No leader change to term ${selected.term ?? ''}`}>
            The record of this cluster does not hold it.
          </UnknownState>
        ) : selected.error !== null ? (
          <FailedState title="Leader changes could not be read" error={selected.error} />
        ) : (
          <LoadingState />
        )}
      </SidePanel>
    )
  }
  return <Incident cluster={cluster} change={change} onClose={onClose} />
}

function Incident({ cluster, change, onClose }: { cluster: string; change: LeaderChange; onClose: () => void }) {
  const { nowMs } = useRange()
  const { around } = windowsOf(change)
  const words = change.planned ? 'Leader moved' : 'Leader lost'
  const range = `range=${new Date(around.fromMs).toISOString()}..${new Date(around.toMs).toISOString()}`
  return (
    <SidePanel
      key={change.term}
      label={`${words}, term ${change.term}`}
      title={
        <span className="incident-title">
          <MarkTag kind={change.planned ? 'planned' : 'leader'} />
          <span>
            {words}, <Time value={change.at} as="moment" nowMs={nowMs} />
          </span>
        </span>
      }
      onClose={onClose}
      foot={
        <>
          <LinkButton href={incidentHref(cluster, change.term)}>The whole incident</LinkButton>
          <LinkButton href={`/c/${encodeURIComponent(cluster)}/history?${range}`}>
            All changes, {formatClock(around.fromMs)} to {formatClock(around.toMs)}
          </LinkButton>
        </>
      }
    >
      <div ref={showWhereBelow}>
        <IncidentFacts change={change} />
      </div>
      <h3>Likely causes, in order</h3>
      <Causes causes={change.causes} />
      <ComparisonSection cluster={cluster} change={change} />
      <BusiestSections cluster={cluster} around={around} />
      <NearbySection cluster={cluster} change={change} />
    </SidePanel>
  )
}

/** Where the panel stands below the content, opening it far up the page would otherwise seem to do nothing. */
function showWhereBelow(inside: HTMLElement | null) {
  if (inside === null || window.matchMedia('(min-width: 1100px)').matches) return
  inside.closest('aside')?.scrollIntoView({ block: 'nearest' })
}
