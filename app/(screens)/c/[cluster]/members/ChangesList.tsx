'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { LeaderChange } from '../../../../../lib/contract'
import { formatDuration, plural } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { type Column, DataTable } from '../../../../_ui/DataTable'
import { Duration, Revision, Time } from '../../../../_ui/Figures'
import { Icon } from '../../../../_ui/Icon'
import { MarkTag } from '../../../../_ui/MarkTag'
import { Panel } from '../../../../_ui/Panel'
import { queryState } from '../../../../_ui/States'

export interface ChangesListProps {
  readonly query: UseQueryResult<LeaderChange[]>
  readonly selectedTerm: string | null
  readonly onSelect: (term: string) => void
}

/** Every change of the range: what the marks show, for the keyboard and for copying. */
export function ChangesList({ query, selectedTerm, onSelect }: ChangesListProps) {
  const { nowMs, span } = useRange()
  const rows = query.data ?? []
  const columns = useMemo(() => changeColumns(nowMs), [nowMs])
  const blocked = queryState(query, {
    failed: 'Leader changes could not be read',
    isEmpty: rows.length === 0,
    empty: {
      title: `No leader change in ${formatDuration(span.toMs - span.fromMs)}`,
      children: 'A longer range may hold some.',
    },
  })
  return (
    <Panel title="Leader changes" note={rows.length === 0 ? undefined : plural(rows.length, 'change')} flush>
      {blocked ?? (
        <DataTable
          id="leader-changes"
          label="Leader changes"
          rows={rows}
          columns={columns}
          rowKey={(change) => change.term}
          defaultSort={{ column: 'at', descending: true }}
          selectedKey={selectedTerm}
          onOpen={(change) => onSelect(change.term)}
          maxHeightPx={420}
        />
      )}
    </Panel>
  )
}

function changeColumns(nowMs: number): readonly Column<LeaderChange>[] {
  return [
    {
      id: 'at',
      head: 'When',
      width: 'minmax(104px, 0.8fr)',
      sort: (change) => change.at,
      cell: (change) => <Time value={change.at} as="moment" nowMs={nowMs} />,
    },
    {
      id: 'kind',
      head: 'Kind',
      width: 'minmax(108px, 0.8fr)',
      sort: (change) => (change.planned ? 'planned' : 'unplanned'),
      cell: (change) => (
        <span className="change-kind">
          <MarkTag kind={change.planned ? 'planned' : 'leader'} />
          {change.planned ? 'planned' : 'unplanned'}
        </span>
      ),
    },
    {
      id: 'leader',
      head: 'Leader',
      width: 'minmax(200px, 2fr)',
      text: (change) => `${change.fromName ?? 'unknown'} to ${change.toName}`,
      cell: (change) => <Move change={change} />,
    },
    {
      id: 'term',
      head: 'Term',
      align: 'end',
      width: 'minmax(70px, 0.6fr)',
      sort: (change) => BigInt(change.term),
      cell: (change) => change.term,
    },
    {
      id: 'leaderless',
      head: 'Leaderless, at most',
      align: 'end',
      width: 'minmax(128px, 0.9fr)',
      sort: (change) => change.leaderlessMs,
      cell: (change) => <Duration ms={change.leaderlessMs} />,
    },
    {
      id: 'elections',
      head: 'Elections',
      align: 'end',
      width: 'minmax(82px, 0.6fr)',
      sort: (change) => change.elections,
      cell: (change) => change.elections,
    },
    {
      id: 'revision',
      head: 'At revision',
      align: 'end',
      width: 'minmax(120px, 0.9fr)',
      wideOnly: true,
      sort: (change) => (change.revision === null ? null : BigInt(change.revision)),
      cell: (change) => <Revision value={change.revision} />,
    },
  ]
}

export function Move({ change }: { change: LeaderChange }) {
  return (
    <span className="leader-move">
      <span className="mono">{change.fromName ?? 'unknown'}</span>
      <Icon name="arrow" size={14} />
      <span className="visually-hidden"> to </span>
      <span className="mono">{change.toName}</span>
    </span>
  )
}
