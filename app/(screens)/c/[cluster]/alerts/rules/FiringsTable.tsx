import Link from 'next/link'
import { exactMoment, formatDuration, formatMetric, formatMoment } from '../../../../../_client/format'
import { MarkTag } from '../../../../../_ui/MarkTag'
import { StatusMark } from '../../../../../_ui/StatusMark'
import { severityTone } from '../../../../../_ui/severity'
import { incidentHref } from '../../members/incidentHref'
import type { FiringRow } from './prepareBacktest'

/** More than this nobody reads: the rule is wrong, and the number above says so. */
const SHOWN = 50

interface FiringsTableProps {
  readonly rows: readonly FiringRow[]
  readonly unit: string
  readonly cluster: string
}

export function FiringsTable({ rows, unit, cluster }: FiringsTableProps) {
  if (rows.length === 0)
    return <p className="backtest-none">It would not have fired. Drag the threshold to see when it would.</p>
  return (
    <div className="backtest-table">
      <table className="plain-table">
        <thead>
          <tr>
            <th className="end">No.</th>
            <th>What</th>
            <th>From</th>
            <th className="end">Open</th>
            <th className="end">Peak</th>
            <th>At the same time</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, SHOWN).map((row) => (
            <tr key={row.number}>
              <td className="end num">{row.number}</td>
              <td>
                <span className="firing-subject">
                  <StatusMark tone={severityTone[row.severity]} />
                  <span className="mono">{row.subject}</span>
                </span>
              </td>
              <td title={exactMoment(row.fromMs)}>{formatMoment(row.fromMs, 0)}</td>
              <td className="end num">{row.openMs === null ? 'still' : formatDuration(row.openMs)}</td>
              <td className="end num">{row.peak === null ? 'no data' : formatMetric(row.peak, unit)}</td>
              <td>
                {row.leaderChange !== null && (
                  <Link className="link" href={incidentHref(cluster, row.leaderChange.term)}>
                    <MarkTag kind={row.leaderChange.planned ? 'planned' : 'leader'} />{' '}
                    {row.leaderChange.planned ? 'leader moved' : 'leader lost'}
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > SHOWN && <p className="backtest-none">{rows.length - SHOWN} earlier ones are not listed.</p>}
    </div>
  )
}
