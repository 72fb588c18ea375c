'use client'

import { useMemo } from 'react'
import type { WorkloadGroup } from '../../../../../lib/contract'
import { StepChart } from '../../../../_charts/StepChart'
import { StepSpark } from '../../../../_charts/StepSpark'
import { formatCount, formatDuration, plural } from '../../../../_client/format'
import { useRange } from '../../../../_client/range'
import { useUrlParam } from '../../../../_client/useUrlState'
import { useWorkloadSummary } from '../../../../_client/workloadQueries'
import { type Column, DataTable } from '../../../../_ui/DataTable'
import { Panel } from '../../../../_ui/Panel'
import { Segmented } from '../../../../_ui/Segmented'
import { queryState } from '../../../../_ui/States'
import { StatusMark } from '../../../../_ui/StatusMark'
import { convergeWords, notCurrent, notCurrentSeries, outcomeParts } from './prepareSummary'
import { useEnd } from './useEnd'
import type { FilterActions } from './useWorkloadFilters'
import { outcomeWords } from './workloadWords'

const byOptions = [
  { value: 'namespace', label: 'By namespace' },
  { value: 'kind', label: 'By kind' },
] as const

/** How many were not Current over the range, how long rollouts took, and what became of them: whole and in parts. */
export function SummaryPanel({ cluster, actions }: { cluster: string; actions: FilterActions }) {
  const { params, span, zoomTo } = useRange()
  const { endMs } = useEnd()
  const [param, setParam] = useUrlParam('by')
  const by = param === 'kind' ? 'kind' : 'namespace'
  const query = useWorkloadSummary(cluster, { by, ...params })
  const whole = query.data?.cluster
  const series = useMemo(() => notCurrentSeries(whole?.notCurrent ?? []), [whole?.notCurrent])
  const columns = useMemo(() => groupColumns(by), [by])
  return (
    <Panel className="summary-panel" title="Not Current over time" note="click a moment: the list as it was then" flush>
      <div className="summary-chart">
        <StepChart
          label="Workloads that were not Current, over time"
          series={series}
          filled="notCurrent"
          endMs={endMs}
          heightPx={84}
          onPick={(ms) => zoomTo({ fromMs: span.fromMs, toMs: ms })}
          state={queryState(query, { plot: true, failed: 'The summary could not be read' })}
        />
      </div>
      <div className="summary-by">
        <Segmented
          label="Parts"
          value={by}
          options={byOptions}
          onChange={(value) => setParam(value === 'namespace' ? null : value)}
        />
        {whole !== undefined && <Outcomes outcomes={whole.outcomes} />}
        {whole !== undefined && <span className="summary-converge">{convergeWords(whole.converge)}</span>}
      </div>
      {query.data !== undefined && (
        <DataTable
          id="groups"
          label={`Summary ${by === 'kind' ? 'by kind' : 'by namespace'}`}
          rows={query.data.groups}
          columns={columns}
          rowKey={labelOf}
          maxHeightPx={420}
          onOpen={({ label }) => {
            if (label !== null) actions.setList(by, [label])
          }}
          empty={<p className="summary-none">No workload lived in this range.</p>}
        />
      )}
    </Panel>
  )
}

const labelOf = ({ label }: WorkloadGroup) => label ?? '(cluster-scoped)'

function groupColumns(by: 'namespace' | 'kind'): readonly Column<WorkloadGroup>[] {
  return [
    {
      id: 'label',
      head: by === 'kind' ? 'Kind' : 'Namespace',
      cell: (group) =>
        group.label === null ? <span className="mid">cluster-scoped</span> : <b title={group.label}>{group.label}</b>,
      text: labelOf,
      sort: labelOf,
      width: 'minmax(110px, 1.2fr)',
    },
    {
      id: 'notCurrent',
      head: 'Not Current',
      cell: ({ counts }) => (
        <span
          title={Object.entries(counts)
            .map(([word, count]) => `${word}: ${count}`)
            .join('\n')}
        >
          <b className={counts.Failed > 0 ? 'tone-critical' : notCurrent(counts) > 0 ? 'tone-warn' : undefined}>
            {formatCount(notCurrent(counts))}
          </b>
          <span className="mid"> of {formatCount(counts.total)}</span>
        </span>
      ),
      text: ({ counts }) => `${notCurrent(counts)} of ${counts.total}`,
      sort: ({ counts }) => notCurrent(counts),
      align: 'end',
      width: '104px',
    },
    {
      id: 'over',
      head: 'Over time',
      cell: (group) => <GroupSpark group={group} />,
      text: () => '',
      width: 'minmax(90px, 1.2fr)',
      wideOnly: true,
    },
    ...(['p50Ms', 'p90Ms', 'p99Ms'] as const).map(
      (part): Column<WorkloadGroup> => ({
        id: part,
        head: { p50Ms: 'Half within', p90Ms: '90% within', p99Ms: '99% within' }[part],
        cell: ({ converge }) => {
          const ms = converge[part]
          return ms === null ? (
            <span className="dim">none</span>
          ) : (
            <span title={plural(converge.count, 'rollout')}>{formatDuration(ms)}</span>
          )
        },
        text: ({ converge }) => String(converge[part] ?? ''),
        sort: ({ converge }) => converge[part],
        align: 'end',
        width: '92px',
        ...(part === 'p99Ms' && { optional: true }),
      }),
    ),
    {
      id: 'outcomes',
      head: 'Rollouts',
      cell: ({ outcomes }) => <Outcomes outcomes={outcomes} />,
      text: ({ outcomes }) =>
        outcomeParts(outcomes)
          .map(({ words }) => words)
          .join(', '),
      width: 'minmax(180px, 2.2fr)',
    },
  ]
}

function GroupSpark({ group }: { group: WorkloadGroup }) {
  const { endMs } = useEnd()
  return (
    <StepSpark
      label={`Not Current in ${labelOf(group)}: ${notCurrent(group.counts)} at the end`}
      actual={group.notCurrent}
      endMs={endMs}
      heightPx={20}
    />
  )
}

function Outcomes({ outcomes }: { outcomes: WorkloadGroup['outcomes'] }) {
  const parts = outcomeParts(outcomes)
  if (parts.length === 0) return <span className="dim">no rollouts</span>
  return (
    <span className="outcomes" title={parts.map(({ words }) => words).join(', ')}>
      {parts.map(({ outcome, words }) => (
        <span key={outcome}>
          <StatusMark tone={outcomeWords[outcome].tone} size={8} />
          {words}
        </span>
      ))}
    </span>
  )
}
