import Link from 'next/link'
import { gapLabel } from '../../../../_charts/Overlays'
import { formatDuration } from '../../../../_client/format'
import { Time } from '../../../../_ui/Figures'
import { MarkTag } from '../../../../_ui/MarkTag'
import type { LogRow } from './prepareRows'

/** What stands between the changes: a change of leader, or a time of which nothing is recorded. */
export function SpanningRow({ row, membersHref }: { row: LogRow; membersHref: (term: string) => string }) {
  if (row.kind === 'leader') {
    const { leader } = row
    return (
      <span className="log-between">
        <MarkTag kind={leader.planned ? 'planned' : 'leader'} />
        <b>
          {leader.planned ? 'Leader moved' : 'Leader lost'}, <Time value={leader.at} as="moment" />
        </b>
        <span className="mid">
          <span className="mono">{leader.fromName ?? 'unknown'}</span> to <span className="mono">{leader.toName}</span>,
          term {leader.term}, leaderless at most {formatDuration(leader.leaderlessMs)}
        </span>
        <Link className="link" href={membersHref(leader.term)}>
          {leader.planned ? 'Open' : 'Open incident'}
        </Link>
      </span>
    )
  }
  if (row.kind === 'gap') {
    return (
      <span className="log-gap" data-kind={row.gap.kind ?? 'missing'}>
        <span>{gapLabel(row.gap, Date.now())}</span>
      </span>
    )
  }
  return null
}
