'use client'

import { useMemo } from 'react'
import type { Cluster } from '../../../../../lib/contract'
import { ChartScope, useChartScope } from '../../../../_charts/ChartScope'
import { Legend } from '../../../../_charts/Legend'
import { type ChartSeries, stepForSpan } from '../../../../_charts/prepareSeries'
import { TimeChart } from '../../../../_charts/TimeChart'
import { formatBytes, formatShare, formatSpan } from '../../../../_client/format'
import { useMemberStates, useSeries } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Panel } from '../../../../_ui/Panel'
import { queryState } from '../../../../_ui/States'
import { memberMetrics } from './memberMetrics'
import { isUnmeasured, worstSeries } from './prepareMemberSeries'
import { useUnobserved } from './useUnobserved'

/** Size and the part of it in use, of the largest member: it is the one that meets the quota first. */
export function DatabasePanel({ cluster }: { cluster: Cluster }) {
  const { params, span } = useRange()
  const { marks } = useChartScope()
  const gaps = useUnobserved(useMemberStates(cluster.name, params))
  const stepMs = stepForSpan(span.toMs - span.fromMs)
  const size = useSeries(cluster.name, { metric: memberMetrics.dbSize, ...params, stepMs, agg: 'max' })
  const inUse = useSeries(cluster.name, { metric: memberMetrics.dbInUse, ...params, stepMs, agg: 'max' })
  const series = useMemo<readonly ChartSeries[]>(
    () => [
      { ...worstSeries(size.data, 'db-size', 'size', 'var(--chart-1)'), style: 'solid' },
      { ...worstSeries(inUse.data, 'db-in-use', 'in use', 'var(--chart-1)'), style: 'dashed' },
    ],
    [size.data, inUse.data],
  )
  const { quotaBytes } = cluster
  const thresholds = useMemo(
    () =>
      quotaBytes === null
        ? []
        : [{ value: quotaBytes, label: `quota ${formatBytes(quotaBytes)}`, severity: 'critical' as const }],
    [quotaBytes],
  )
  return (
    <Panel
      title="Database"
      note="largest member"
      actions={<Legend series={series} unit="bytes" />}
      foot={<Outlook cluster={cluster} />}
      className="database-panel"
    >
      <ChartScope cluster={cluster.name} marks={marks} gaps={gaps}>
        <TimeChart
          label="Database size and the part in use, of the largest member"
          kind="line"
          unit="bytes"
          series={series}
          heightPx={104}
          thresholds={thresholds}
          state={queryState(size, {
            plot: true,
            failed: 'The database size could not be read',
            isEmpty: isUnmeasured(series),
            empty: { title: 'Not measured in this range' },
          })}
        />
      </ChartScope>
    </Panel>
  )
}

function Outlook({ cluster }: { cluster: Cluster }) {
  const { nowMs } = useRange()
  const { dbSizeBytes, quotaBytes, quota } = cluster
  const used =
    dbSizeBytes === null || quotaBytes === null || quotaBytes === 0
      ? 'Quota unknown'
      : `${formatShare(dbSizeBytes / quotaBytes)} of the quota of ${formatBytes(quotaBytes)}`
  const full = quota.fullAt === null ? null : `full in ${formatSpan(Date.parse(quota.fullAt) - nowMs)} at this rate`
  const back =
    quota.reclaimableBytes === null ? null : `${formatBytes(quota.reclaimableBytes)} would come back by defragmentation`
  return <span>{[used, full, back].filter((part) => part !== null).join(', ')}</span>
}
