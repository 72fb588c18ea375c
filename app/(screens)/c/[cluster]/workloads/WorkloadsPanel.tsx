'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { formatCount, formatDuration } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { workloadHref } from '../../../../_client/workloadHref'
import type { WorkloadList } from '../../../../_client/workloadQueries'
import { DataTable } from '../../../../_ui/DataTable'
import { Panel } from '../../../../_ui/Panel'
import { queryState, StaleNote } from '../../../../_ui/States'
import { DerivedNote } from './DerivedNote'
import { isNotCovered, NotCovered } from './NotCovered'
import { groupWords, type ListRow, prepareListRows, rowRank } from './prepareList'
import { workloadColumns } from './workloadColumns'

interface WorkloadsPanelProps {
  readonly cluster: string
  readonly query: UseQueryResult<WorkloadList>
  /** Names the filters and the range: rows keep their places only within one list. */
  readonly listed: string
  readonly onClear: (() => void) | undefined
}

const keyOf = (row: ListRow) => row.id

/** Every workload that matches: what is not Current first, then what carries an insight. */
export function WorkloadsPanel({ cluster, query, listed, onClear }: WorkloadsPanelProps) {
  const router = useRouter()
  const shared = useSharedSearch()
  const { span } = useRange()
  const { data } = query
  const rows = useMemo(() => prepareListRows(data?.items ?? []), [data?.items])
  const shown = data?.items.length ?? 0
  return (
    <Panel
      className="workloads-panel"
      title="Desired against actual"
      note={`over ${formatDuration(span.toMs - span.fromMs)}`}
      flush
      foot={
        data === undefined ? undefined : (
          <>
            <span>
              {formatCount(shown)}
              {data.more ? ', the first of those that match' : shown === 1 ? ' workload listed' : ' workloads listed'}
            </span>
            <DerivedNote through={data.derivedThrough} revision={data.revision} />
            {query.isError && <StaleNote>old: the list could not be read again</StaleNote>}
          </>
        )
      }
    >
      {(data === undefined && isNotCovered(query.error) ? <NotCovered problem={query.error} /> : null) ??
        queryState(query, {
          failed: 'The workloads could not be read',
          isEmpty: shown === 0,
          empty:
            onClear === undefined
              ? {
                  title: 'No workloads at this moment',
                  children: 'Deployments, Jobs and the like appear as soon as they are recorded.',
                }
              : { title: 'No workload matches', action: { label: 'Clear the filters', onAct: onClear } },
        }) ?? (
          <DataTable
            id="workloads"
            label="Workloads"
            rows={rows}
            columns={workloadColumns}
            rowKey={keyOf}
            rank={rowRank}
            twoLines
            holdPlaces={query.isPlaceholderData ? `${listed} reading` : listed}
            onOpen={(row) => {
              if (row.kind === 'workload') router.push(workloadHref(cluster, row.item, shared))
            }}
            spanning={(row) =>
              row.kind === 'group' ? (
                <span className="workloads-group">
                  {groupWords[row.group]} <span className="dim">{formatCount(row.count)}</span>
                </span>
              ) : null
            }
          />
        )}
    </Panel>
  )
}
