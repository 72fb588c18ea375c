'use client'

import { useMemo } from 'react'
import { stepForSpan } from '../../../../_charts/prepareSeries'
import { TimeChart } from '../../../../_charts/TimeChart'
import { useActivity } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Segmented } from '../../../../_ui/Segmented'
import { Select } from '../../../../_ui/Select'
import { queryState } from '../../../../_ui/States'
import { ActivityTable } from './ActivityTable'
import { prepareActivity, shownWords } from './prepareActivity'
import { byOptions, metricOptions, topOptions, useActivityChoice } from './useActivityChoice'

/** Writes over time, stacked by whoever or whatever one asks for, with the values under the cursor beside it. */
export function ActivityPanel({ cluster }: { cluster: string }) {
  const { params, span, nowMs } = useRange()
  const { by, metric, top, setBy, setMetric, setTop } = useActivityChoice()
  const stepMs = stepForSpan(span.toMs - span.fromMs, 240)
  const query = useActivity(cluster, { metric, by, top: Number(top), stepMs, ...params })
  const series = useMemo(() => prepareActivity(query.data, by, nowMs), [query.data, by, nowMs])
  const unit = metric === 'bytes' ? 'bytes/s' : '1/s'
  return (
    <section className="panel" aria-label="Writes over time">
      <div className="activity-controls">
        <Segmented label="Measure" value={metric} options={metricOptions} onChange={setMetric} />
        <Segmented label="Stacked by" value={by} options={byOptions} onChange={setBy} />
        <span className="activity-shown">
          {shownWords(series, query.data)}
          <Select label="How many" value={top} options={topOptions} onChange={setTop} />
        </span>
      </div>
      <div className="activity-body">
        <div className="activity-chart">
          <TimeChart
            label={`${metric === 'bytes' ? 'Bytes' : 'Changes'} per second by ${by}`}
            kind="stacked"
            unit={unit}
            series={series}
            heightPx={236}
            markTags
            stale={query.isError && query.data !== undefined}
            state={queryState(query, {
              plot: true,
              failed: 'The activity could not be read',
              isEmpty: series.every((one) => one.total === 0),
              empty: { title: 'Nothing was written in this range' },
            })}
          />
        </div>
        <ActivityTable series={series} unit={unit} />
      </div>
    </section>
  )
}
