'use client'

import { useMemo } from 'react'
import { exactNumber, formatDuration } from '../../../../_client/format'
import { useSeries } from '../../../../_client/queries'
import { Panel } from '../../../../_ui/Panel'
import { EmptyState, queryState } from '../../../../_ui/States'
import { memberMetrics, recently } from './memberMetrics'
import { memberName, type NamedMember, shortNames } from './memberNames'
import { type MatrixCell, prepareMatrix } from './prepareMatrix'

const STEP_MS = 60_000

export function RoundTripPanel({ cluster, members }: { cluster: string; members: readonly NamedMember[] }) {
  const query = useSeries(cluster, { metric: memberMetrics.roundTrip, ...recently, stepMs: STEP_MS, agg: 'p99' })
  const rows = useMemo(() => prepareMatrix(query.data, members), [query.data, members])
  const shorts = shortNames(members.map(memberName))
  const blocked = queryState(query, { failed: 'Round trips could not be read' })
  return (
    <Panel title="Peer round trip" note="p99, worst of the last 5 min" flush className="matrix-panel">
      {blocked ??
        (members.length < 2 ? (
          <EmptyState title="One member has no peers" />
        ) : (
          <div className="table-scroll">
            <table className="plain-table matrix">
              <thead>
                <tr>
                  <th scope="col">From \ to</th>
                  {members.map((member, index) => (
                    <th key={member.id} scope="col" className="num mono" title={memberName(member)}>
                      {shorts[index]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map(({ member, cells }) => (
                  <tr key={member.id}>
                    <th scope="row" className="mono">
                      {memberName(member)}
                    </th>
                    {cells.map((cell) => (
                      <Cell key={cell.toId} cell={cell} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ))}
    </Panel>
  )
}

function Cell({ cell: { self, seconds, shade, tone } }: { cell: MatrixCell }) {
  if (self) return <td className="num dim">self</td>
  if (seconds === null) return <td className="num dim">none</td>
  const ms = seconds * 1000
  return (
    <td className="num" data-heat={shade} title={`${exactNumber(Number(ms.toFixed(3)))} ms`}>
      <span className={tone === undefined ? undefined : `tone-${tone} strong`}>{formatDuration(ms)}</span>
    </td>
  )
}
