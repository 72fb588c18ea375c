'use client'

import { useMemo } from 'react'
import { HeatMap, HeatScale } from '../../../../_charts/HeatMap'
import type { HeatRow } from '../../../../_charts/prepareHeat'
import { stepForSpan } from '../../../../_charts/prepareSeries'
import { formatSpan } from '../../../../_client/format'
import { useActivity } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Panel } from '../../../../_ui/Panel'
import { queryState } from '../../../../_ui/States'

const rowsShown = 16

/** The busiest keys by time: a loop is a line, a burst is a column. */
export function KeysHeatPanel({ cluster }: { cluster: string }) {
  const { params, span } = useRange()
  const stepMs = stepForSpan(span.toMs - span.fromMs, 90)
  const query = useActivity(cluster, { metric: 'changes', by: 'key', top: rowsShown, stepMs, ...params })
  const rows = useMemo(
    (): readonly HeatRow[] =>
      (query.data?.series ?? [])
        .filter((one) => one.labels.other !== 'true')
        .map((one) => {
          const key = one.labels.key ?? ''
          return { id: key, label: key.replace(/^\/registry\//, ''), points: one.points }
        }),
    [query.data],
  )
  return (
    <Panel
      title="Keys by time"
      note={`changes per ${formatSpan(query.data?.stepMs ?? stepMs)}, the busiest ${rows.length}${query.data?.total === undefined ? '' : ` of ${query.data.total}`}`}
      actions={<HeatScale rows={rows} />}
    >
      {queryState(query, {
        failed: 'The keys could not be read',
        isEmpty: rows.length === 0,
        empty: { title: 'Nothing was written in this range' },
      }) ?? (
        <HeatMap
          label="Changes of the busiest keys over time"
          rows={rows}
          stepMs={query.data?.stepMs ?? stepMs}
          noun="changes"
        />
      )}
    </Panel>
  )
}
