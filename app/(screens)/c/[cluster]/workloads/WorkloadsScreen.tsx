'use client'

import { useMemo } from 'react'
import { formatMoment } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { useWorkloads } from '../../../../_client/workloadQueries'
import { Verdict } from '../../../../_ui/Verdict'
import { isNotCovered } from './NotCovered'
import { listVerdict } from './prepareList'
import { SummaryPanel } from './SummaryPanel'
import { useEnd } from './useEnd'
import { useWorkloadFilters } from './useWorkloadFilters'
import { WorkloadFilterBar } from './WorkloadFilterBar'
import { WorkloadsPanel } from './WorkloadsPanel'
import { narrows, requestParams, viewOf } from './workloadFilters'
import './workloads.css'

/** What is not as it should be, since when; every workload, desired against actual, at any moment of the record. */
export function WorkloadsScreen({ cluster }: { cluster: string }) {
  const range = useRange()
  const { at, endMs, live, known } = useEnd()
  const actions = useWorkloadFilters()
  const { filters } = actions
  const { from } = range.params
  const params = useMemo(() => ({ ...requestParams(filters), at, from }), [filters, at, from])
  const query = useWorkloads(cluster, params, known)
  const verdict =
    query.data === undefined
      ? null
      : listVerdict({
          list: query.data,
          endMs,
          when: live ? '' : `at ${formatMoment(endMs, range.nowMs)}`,
          filtered: narrows(filters),
        })
  const uncovered = query.data === undefined && isNotCovered(query.error)
  const narrowed = narrows(filters) || viewOf(filters) !== 'all'
  return (
    <div className="stack workloads">
      {uncovered && <Verdict tone="unknown" sentence="Not recorded at this moment" />}
      {verdict !== null && (
        <Verdict
          tone={verdict.tone}
          sentence={verdict.sentence}
          reasons={verdict.reasons === '' ? undefined : verdict.reasons}
        />
      )}
      <WorkloadFilterBar cluster={cluster} actions={actions} list={query.data} />
      <div className="workloads-parts">
        <WorkloadsPanel
          cluster={cluster}
          query={query}
          listed={JSON.stringify(params)}
          onClear={narrowed ? actions.clear : undefined}
        />
        {!uncovered && <SummaryPanel cluster={cluster} actions={actions} />}
      </div>
    </div>
  )
}
