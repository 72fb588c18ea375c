'use client'

import { useMemo } from 'react'
import type { LeaderChange } from '../../../../../lib/contract'
import { formatClockShort, formatMetric } from '../../../../_client/format'
import { useActivity, useSeries } from '../../../../_client/queries'
import { memberMetrics } from './memberMetrics'
import { changesPerSecond, ofMember, prepareComparison, windowsOf } from './prepareComparison'

/** As fine as the scrape; activity is summed in tens of seconds. */
const STEP_MS = 5_000
const ACTIVITY_STEP_MS = 10_000

/** Usual against the two minutes around, of the leader that was lost. */
export function ComparisonSection({ cluster, change }: { cluster: string; change: LeaderChange }) {
  const windows = useMemo(() => windowsOf(change), [change])
  const range = { from: String(windows.whole.fromMs), to: String(windows.whole.toMs) }
  const ask = (metric: string, agg: 'p99' | 'max' | 'rate') => ({ metric, ...range, stepMs: STEP_MS, agg })
  const fsync = useSeries(cluster, ask(memberMetrics.fsync, 'p99'))
  const roundTrip = useSeries(cluster, ask(memberMetrics.roundTrip, 'p99'))
  const pending = useSeries(cluster, ask(memberMetrics.pending, 'max'))
  const cpu = useSeries(cluster, ask(memberMetrics.cpu, 'rate'))
  const changes = useActivity(cluster, { metric: 'changes', by: 'op', ...range, stepMs: ACTIVITY_STEP_MS })
  const leader = change.fromMemberId
  const rows = useMemo(
    () =>
      prepareComparison(
        {
          fsync: ofMember(fsync.data, leader),
          roundTrip: ofMember(roundTrip.data, leader),
          pending: ofMember(pending.data, null),
          cpu: ofMember(cpu.data, leader),
          changes: changesPerSecond(changes.data),
        },
        windows,
      ),
    [fsync.data, roundTrip.data, pending.data, cpu.data, changes.data, leader, windows],
  )
  const loading = [fsync, roundTrip, pending, cpu, changes].some((query) => query.isPending)
  return (
    <section aria-label="Usual, and the two minutes around">
      <h3>Usual, and the two minutes around</h3>
      <table className="incident-comparison" data-loading={loading}>
        <thead>
          <tr>
            <th scope="col" className="mono">
              {change.fromName ?? 'all members'}
            </th>
            <th scope="col" className="num" title="Median of the half hour before">
              {formatClockShort(windows.usual.fromMs)} to {formatClockShort(windows.usual.toMs)}
            </th>
            <th scope="col" className="num" title="Highest">
              {formatClockShort(windows.around.fromMs)} to {formatClockShort(windows.around.toMs)}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ metric, label, unit, usual, around, tone }) => (
            <tr key={metric}>
              <th scope="row">{label}</th>
              <td className="num">{valueWords(usual, unit, loading)}</td>
              <td className={`num ${tone === undefined ? '' : `tone-${tone} strong`}`}>
                {valueWords(around, unit, loading)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function valueWords(value: number | null, unit: string, loading: boolean) {
  if (value === null) return <span className="dim">{loading ? '' : 'none'}</span>
  return formatMetric(value, unit)
}
