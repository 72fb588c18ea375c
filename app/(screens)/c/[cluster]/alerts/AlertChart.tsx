'use client'

import { useMemo } from 'react'
import type { Alert } from '../../../../../lib/contract'
import { ChartScope } from '../../../../_charts/ChartScope'
import { TimeChart } from '../../../../_charts/TimeChart'
import { formatMetric, formatMoment } from '../../../../_client/format'
import { useBacktest } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { queryState } from '../../../../_ui/States'
import { alertSeries, chartQuestion, chartSpan } from './prepareAlertChart'

/** What the rule measured before and since, with its threshold and the time that it fires. */
export function AlertChart({ cluster, alert }: { cluster: string; alert: Alert }) {
  const { nowMs } = useRange()
  const minute = Math.floor(nowMs / 60_000)
  const span = useMemo(() => chartSpan(alert, (minute + 1) * 60_000), [alert.activeAt, alert.endsAt, minute])
  const query = useBacktest(chartQuestion(alert, span))
  const series = useMemo(() => alertSeries(alert, query.data), [alert.id, query.data])
  const severity = alert.severity === 'critical' ? 'critical' : 'warn'
  const words = `${alert.comparison} ${formatMetric(alert.threshold, alert.unit)}`
  return (
    <ChartScope cluster={cluster} span={span}>
      <div className="alert-chart">
        <TimeChart
          label={`${alert.rule}, measured since ${formatMoment(span.fromMs, nowMs)}`}
          kind={series.length === 1 ? 'area' : 'line'}
          unit={alert.unit}
          series={series}
          heightPx={64}
          thresholds={[{ value: alert.threshold, label: `fires ${words}`, severity }]}
          bands={[
            {
              fromMs: Date.parse(alert.startsAt),
              toMs: alert.endsAt === null ? span.toMs : Date.parse(alert.endsAt),
              tone: severity,
            },
          ]}
          state={queryState(query, {
            plot: true,
            failed: 'What was measured could not be read',
            isEmpty: series.every(({ points }) => points.every(([, value]) => value === null)),
            empty: { title: 'Nothing was measured in this time' },
          })}
        />
      </div>
    </ChartScope>
  )
}
