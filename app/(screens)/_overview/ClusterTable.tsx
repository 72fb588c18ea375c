'use client'

import Link from 'next/link'
import { useMemo } from 'react'
import type { Cluster } from '../../../lib/contract'
import { recordGaps } from '../../_charts/prepareGaps'
import { stepForSpan } from '../../_charts/prepareSeries'
import { Spark } from '../../_charts/Spark'
import { formatCount, formatNumber, formatSpan, splitBytes } from '../../_client/format'
import { useActivity, useFiringAlerts } from '../../_client/queries'
import { useRange } from '../../_client/range'
import { useSharedSearch } from '../../_client/useUrlState'
import { useWorkloadCounts } from '../../_client/workloadQueries'
import { CoverageBar } from '../../_ui/CoverageBar'
import { QuotaBar } from '../../_ui/QuotaBar'
import { Status } from '../../_ui/StatusMark'
import { gravest, heard, severityTone } from '../../_ui/severity'
import { newestRate, quotaWords, recordWords, totalRate, workloadWords } from './clusterFigures'
import { clusterHealth } from './clusterHealth'

const SPARK_POINTS = 90

/** One row a cluster: what it is, how it is, who leads, how much it writes, how full it is, what is recorded. */
export function ClusterTable({ clusters }: { clusters: readonly Cluster[] }) {
  return (
    <section className="panel overflow-x-auto" aria-label="Clusters">
      <table className="plain-table clusters">
        <thead>
          <tr>
            <th>Cluster</th>
            <th>Health</th>
            <th>Leader, since</th>
            <th>Workloads</th>
            <th>Alerts</th>
            <th>Changes/s</th>
            <th>Database, quota</th>
            <th>Record</th>
          </tr>
        </thead>
        <tbody>
          {clusters.map((cluster) => (
            <ClusterRow key={cluster.name} cluster={cluster} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function ClusterRow({ cluster }: { cluster: Cluster }) {
  const search = useSharedSearch()
  const { nowMs, outer } = useRange()
  const health = clusterHealth(cluster)
  const gaps = useMemo(() => recordGaps(cluster, outer), [cluster, outer])
  const held = gaps.filter((gap) => gap.kind !== 'before')
  const record = recordWords(cluster, held)
  const away = cluster.state === 'stopped' || cluster.state === 'reconnecting'
  return (
    <tr>
      <td>
        <Link className="cluster-name" href={`/c/${encodeURIComponent(cluster.name)}/members${search}`}>
          <b>{cluster.name}</b>
          <small>
            {cluster.source} {cluster.version ?? 'version unknown'}
            {cluster.demo ? ', demo' : ''}
          </small>
        </Link>
      </td>
      <td data-label="Health">
        <Status tone={health.tone}>{health.words}</Status>
        <small className="clusters-indent" title={health.detail}>
          {health.detail}
        </small>
      </td>
      <td data-label="Leader">
        {cluster.leader === null ? (
          <span className="dim">Unknown</span>
        ) : (
          <>
            <span className="mono">{cluster.leader.name}</span>
            <small suppressHydrationWarning>
              {cluster.leader.since === null
                ? 'since unknown'
                : formatSpan(Math.max(0, nowMs - Date.parse(cluster.leader.since)))}
              {cluster.raftTerm === null ? '' : `, term ${cluster.raftTerm}`}
            </small>
          </>
        )}
      </td>
      <td data-label="Workloads">
        <Workloads cluster={cluster.name} />
      </td>
      <td data-label="Alerts">
        <Alerts cluster={cluster.name} />
      </td>
      <td data-label="Changes/s" className="clusters-spark">
        <ChangeRate cluster={cluster} />
      </td>
      <td data-label="Database">
        <Database cluster={cluster} nowMs={nowMs} />
      </td>
      <td data-label="Record" className="clusters-record">
        <CoverageBar span={outer} gaps={gaps} label={`Record: ${record}`} />
        <small className={away ? 'tone-critical' : undefined} title={record}>
          {record}
        </small>
      </td>
    </tr>
  )
}

/** How many are not as they should be, and the way to them. */
function Workloads({ cluster }: { cluster: string }) {
  const { data } = useWorkloadCounts(cluster)
  const search = useSharedSearch()
  if (data === undefined) return <span className="dim">Unknown</span>
  const { tone, words, detail } = workloadWords(data)
  if (tone === null) return <span className="dim">{words}</span>
  const filter = tone === 'ok' ? search : `${search === '' ? '?' : `${search}&`}status=notCurrent`
  return (
    <Link className="clusters-workloads" href={`/c/${encodeURIComponent(cluster)}/workloads${filter}`}>
      <Status tone={tone}>{words}</Status>
      <small className="clusters-indent">{detail}</small>
    </Link>
  )
}

/** How many fire, by the gravest, and the way to them. */
function Alerts({ cluster }: { cluster: string }) {
  const { data } = useFiringAlerts(cluster)
  const search = useSharedSearch()
  if (data === undefined) return <span className="dim">Unknown</span>
  const alerts = heard(data.items)
  const worst = gravest(alerts)
  return (
    <Link className="clusters-workloads" href={`/c/${encodeURIComponent(cluster)}/alerts${search}`}>
      <Status tone={worst === null ? 'ok' : severityTone[worst]}>
        {worst === null ? 'None' : `${formatCount(alerts.length)} firing`}
      </Status>
      {worst !== null && <small className="clusters-indent">{worst}</small>}
    </Link>
  )
}

function ChangeRate({ cluster }: { cluster: Cluster }) {
  const { outer, outerParams, nowMs } = useRange()
  const stepMs = stepForSpan(outer.toMs - outer.fromMs, SPARK_POINTS)
  const { data } = useActivity(cluster.name, { metric: 'changes', by: 'op', ...outerParams, stepMs, top: 3 })
  const points = useMemo(() => totalRate(data), [data])
  const gaps = useMemo(() => recordGaps(cluster, outer), [cluster, outer])
  const rate = newestRate(points, data?.stepMs ?? stepMs, nowMs)
  return (
    <div className="clusters-rate">
      <Spark
        label={`Changes per second, now ${rate === null ? 'unknown' : formatNumber(rate)}`}
        points={points}
        span={outer}
        gaps={gaps}
      />
      <b>{rate === null ? <span className="dim">no data</span> : formatNumber(rate)}</b>
    </div>
  )
}

function Database({ cluster, nowMs }: { cluster: Cluster; nowMs: number }) {
  const { dbSizeBytes, dbSizeInUseBytes, quotaBytes } = cluster
  if (dbSizeBytes === null) return <span className="dim">Unknown</span>
  const quota = quotaWords(cluster, nowMs)
  const size = splitBytes(dbSizeBytes)
  const of = quotaBytes === null ? null : splitBytes(quotaBytes)
  return (
    <div className="clusters-database">
      <span>
        <b>
          {size.figure}
          {of !== null && of.unit === size.unit ? '' : ` ${size.unit}`}
        </b>
        {of === null ? '' : ` of ${of.figure} ${of.unit}`}
      </span>
      <QuotaBar sizeBytes={dbSizeBytes} inUseBytes={dbSizeInUseBytes} quotaBytes={quotaBytes} tone={quota.tone} />
      <small className={quota.tone === 'neutral' ? undefined : `tone-${quota.tone}`}>{quota.words}</small>
    </div>
  )
}
