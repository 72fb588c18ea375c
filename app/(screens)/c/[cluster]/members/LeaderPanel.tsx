'use client'

import { useMemo } from 'react'
import type { LeaderChange } from '../../../../../lib/contract'
import { ChartScope, useChartScope } from '../../../../_charts/ChartScope'
import { Lanes } from '../../../../_charts/Lanes'
import { laneWords } from '../../../../_charts/prepareLanes'
import type { ChartMark } from '../../../../_charts/prepareMarks'
import { Tracks } from '../../../../_charts/Tracks'
import { useMemberStates } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { MarkTag } from '../../../../_ui/MarkTag'
import { Panel } from '../../../../_ui/Panel'
import { queryState } from '../../../../_ui/States'
import { ActivityTrack, MetricTracks } from './MetricTracks'
import type { NamedMember } from './memberNames'
import { windowsOf } from './prepareComparison'
import { withLeaderless } from './prepareStates'
import { useUnobserved } from './useUnobserved'

export interface LeaderPanelProps {
  readonly cluster: string
  readonly members: readonly NamedMember[]
  /** Of the page's range. */
  readonly changes: readonly LeaderChange[]
  readonly selected: LeaderChange | null
  readonly onSelect: (term: string) => void
}

/** The kit names a leader's mark by its term; other marks have no panel here. */
const MARK = 'leader-'
const termOf = (mark: ChartMark) => (mark.id.startsWith(MARK) ? mark.id.slice(MARK.length) : null)

/** Lanes over charts, cause over effect: one x scale, one cursor, one axis. */
export function LeaderPanel({ cluster, members, changes, selected, onSelect }: LeaderPanelProps) {
  const { params } = useRange()
  const { marks } = useChartScope()
  const states = useMemberStates(cluster, params)
  const order = useMemo(() => members.map((member) => member.id), [members])
  const gaps = useUnobserved(states)
  const shown = useMemo(() => withLeaderless(states.data ?? [], changes), [states.data, changes])
  const around = selected === null ? null : windowsOf(selected).around
  const bands = useMemo(
    () => (around === null ? [] : [{ fromMs: around.fromMs, toMs: around.toMs, tone: 'selected' as const }]),
    [around?.fromMs, around?.toMs],
  )
  const open = (mark: ChartMark) => {
    const term = termOf(mark)
    if (term !== null) onSelect(term)
  }
  const blocked = queryState(states, { failed: 'The states of the members could not be read' })
  return (
    <Panel title="Leader" note={<LaneKey />} actions={<MarkKey />} className="leader-panel">
      <Tracks>
        <ChartScope cluster={cluster} marks={marks} gaps={gaps}>
          {blocked ?? (
            <Lanes
              label="Role of each member over time"
              states={shown}
              order={order}
              markTitle="Term"
              markWords={(mark) => `term ${termOf(mark) ?? ''}`}
              onOpenMark={open}
              laneEnd={({ now }) => (now === 'down' ? 'down' : laneWords(now))}
              selectedMarkId={selected === null ? null : `${MARK}${selected.term}`}
            />
          )}
          <MetricTracks cluster={cluster} members={members} bands={bands} />
        </ChartScope>
        <ActivityTrack cluster={cluster} bands={bands} />
      </Tracks>
    </Panel>
  )
}

function LaneKey() {
  return (
    <span className="legend lane-key">
      <span>
        <i data-state="leader" />
        leader, in the member's colour
      </span>
      <span>
        <i data-state="follower" />
        follower
      </span>
      <span>
        <i data-state="down" />
        down
      </span>
      <span>
        <i data-state="no-leader" />
        no leader
      </span>
    </span>
  )
}

function MarkKey() {
  return (
    <span className="legend">
      <span>
        <MarkTag kind="leader" />
        unplanned
      </span>
      <span>
        <MarkTag kind="planned" />
        planned
      </span>
    </span>
  )
}
