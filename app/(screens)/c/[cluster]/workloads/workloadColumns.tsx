'use client'

import Link from 'next/link'
import { useMemo } from 'react'
import type { WorkloadItem } from '../../../../../lib/contract'
import { useChartScope } from '../../../../_charts/ChartScope'
import { StepSpark } from '../../../../_charts/StepSpark'
import { formatCount, formatDuration, formatSpan } from '../../../../_client/format'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { workloadHref } from '../../../../_client/workloadHref'
import { Revision, Time } from '../../../../_ui/Figures'
import { Status } from '../../../../_ui/StatusMark'
import type { Column, SortValue } from '../../../../_ui/table'
import { itemLines } from './prepareItemSteps'
import type { ListRow } from './prepareList'
import { useEnd } from './useEnd'
import { isShort, outcomeWords, reached, reachedWords, statusTone } from './workloadWords'

/** A column of the list from a column of workloads: group heads stand across all of them. */
function of(column: {
  readonly id: string
  readonly head: string
  readonly cell: (item: WorkloadItem) => React.ReactNode
  readonly text?: (item: WorkloadItem) => string
  readonly sort?: (item: WorkloadItem) => SortValue
  readonly rest?: Partial<Pick<Column<ListRow>, 'align' | 'width' | 'optional' | 'wideOnly'>>
}): Column<ListRow> {
  const { id, head, cell, text, sort, rest } = column
  const item = (row: ListRow) => (row.kind === 'workload' ? row.item : null)
  return {
    id,
    head,
    ...rest,
    cell: (row) => (row.kind === 'workload' ? cell(row.item) : null),
    ...(text !== undefined && { text: (row: ListRow) => (row.kind === 'workload' ? text(row.item) : '') }),
    ...(sort !== undefined && {
      sort: (row: ListRow) => {
        const one = item(row)
        return one === null ? null : sort(one)
      },
    }),
  }
}

const statusOrder = ['Failed', 'InProgress', 'Unknown', 'Terminating', 'Current']
const digits = (value: number | null) => (value === null ? '' : String(value))

export const workloadColumns: readonly Column<ListRow>[] = [
  of({
    id: 'status',
    head: 'Status',
    cell: (item) => <StatusCell item={item} />,
    text: (item) => item.status,
    sort: (item) => statusOrder.indexOf(item.status),
    rest: { width: '112px' },
  }),
  of({
    id: 'name',
    head: 'Workload',
    cell: (item) => <NameCell item={item} />,
    text: (item) => `${item.kind} ${item.name}`,
    sort: (item) => item.name,
    rest: { width: 'minmax(126px, 1.1fr)' },
  }),
  of({
    id: 'namespace',
    head: 'Namespace',
    cell: (item) => (
      <span title={item.namespace ?? undefined}>{item.namespace ?? <span className="dim">none</span>}</span>
    ),
    text: (item) => item.namespace ?? '',
    sort: (item) => item.namespace,
    rest: { width: 'minmax(96px, 0.7fr)' },
  }),
  of({
    id: 'actual',
    head: 'Actual',
    cell: (item) => <ActualCell item={item} />,
    text: (item) => reachedWords(item) ?? '',
    sort: (item) => {
      const figure = reached(item)
      return figure === null || figure.have === null || figure.want === null ? null : figure.want - figure.have
    },
    rest: { align: 'end', width: '86px' },
  }),
  of({
    id: 'steps',
    head: 'Desired, actual',
    cell: (item) => <StepsCell item={item} />,
    text: () => '',
    rest: { width: 'minmax(100px, 1.2fr)', wideOnly: true },
  }),
  of({
    id: 'reason',
    head: 'Reason',
    cell: (item) => <ReasonCell item={item} />,
    text: (item) => [item.reason, item.message].filter((part) => part !== null).join(': '),
    sort: (item) => item.reason,
    rest: { width: 'minmax(110px, 1.15fr)' },
  }),
  of({
    id: 'insights',
    head: 'Insights, ours',
    cell: (item) => <InsightsCell item={item} />,
    text: (item) => item.insights.map(({ message }) => message).join(' '),
    sort: (item) => (item.insights.length === 0 ? null : -item.insights.length),
    rest: { width: 'minmax(130px, 1.6fr)' },
  }),
  of({
    id: 'since',
    head: 'Since',
    cell: (item) => <SinceCell item={item} />,
    text: (item) => item.since,
    sort: (item) => -Date.parse(item.since),
    rest: { width: '80px' },
  }),
  of({
    id: 'usual',
    head: 'Usual time',
    cell: (item) => <UsualCell item={item} />,
    text: (item) => digits(item.usualConvergeMs),
    sort: (item) => item.usualConvergeMs,
    rest: { width: '92px', align: 'end', optional: true },
  }),
  of({
    id: 'rollout',
    head: 'Last rollout',
    cell: (item) => <RolloutCell item={item} />,
    text: (item) => (item.lastRollout === null ? '' : `${item.lastRollout.startedAt} ${item.lastRollout.outcome}`),
    sort: (item) => (item.lastRollout === null ? null : -Date.parse(item.lastRollout.startedAt)),
    rest: { width: 'minmax(136px, 0.8fr)' },
  }),
  of({
    id: 'generation',
    head: 'Generation, observed',
    cell: (item) => (
      <span className="num">
        {item.generation ?? 'none'}, {item.observedGeneration ?? 'none'}
      </span>
    ),
    text: (item) => `${item.generation ?? ''} ${item.observedGeneration ?? ''}`,
    rest: { width: '96px', optional: true },
  }),
  of({
    id: 'figures',
    head: 'Updated, ready',
    cell: (item) => (
      <span className="num">
        {item.updated === null ? 'none' : formatCount(item.updated)},{' '}
        {item.ready === null ? 'none' : formatCount(item.ready)}
      </span>
    ),
    text: (item) => `${digits(item.updated)} ${digits(item.ready)}`,
    rest: { width: '96px', optional: true },
  }),
  of({
    id: 'revision',
    head: 'Revision',
    cell: (item) => <Revision value={item.revision} />,
    text: (item) => item.revision,
    sort: (item) => BigInt(item.revision),
    rest: { width: '118px', align: 'end', optional: true },
  }),
]

interface CellProps {
  readonly item: WorkloadItem
}

function StatusCell({ item }: CellProps) {
  const { endMs } = useEnd()
  return <Status tone={statusTone(item, endMs)}>{item.status}</Status>
}

function NameCell({ item }: CellProps) {
  const { cluster } = useChartScope()
  const shared = useSharedSearch()
  return (
    <>
      <Link className="workload-name" href={workloadHref(cluster ?? '', item, shared)} title={item.name}>
        {item.name}
      </Link>
      <small title={item.kind}>{item.kind}</small>
    </>
  )
}

function ActualCell({ item }: CellProps) {
  const figure = reached(item)
  if (figure === null) return <span className="dim">no count</span>
  return (
    <>
      <b className={isShort(figure) ? 'tone-warn' : undefined}>{figure.have ?? '?'}</b>
      {figure.want !== null && <span className="mid"> of {formatCount(figure.want)}</span>}
      <small>{figure.word}</small>
    </>
  )
}

function StepsCell({ item }: CellProps) {
  const { endMs } = useEnd()
  const lines = useMemo(() => itemLines(item, endMs), [item, endMs])
  if (lines === null) return null
  return (
    <StepSpark label={`Desired and available: now ${reachedWords(item) ?? 'not counted'}`} {...lines} endMs={endMs} />
  )
}

/** Of a workload that is Current, only a stated reason is worth the eye; what it says of itself is on hover. */
function ReasonCell({ item }: CellProps) {
  const { status, reason, message } = item
  if (reason === null && (status === 'Current' || message === null))
    return (
      <span className="dim" title={message ?? undefined}>
        none
      </span>
    )
  return (
    <>
      <span className={status === 'Current' ? 'mid' : undefined} title={reason ?? undefined}>
        {reason ?? message}
      </span>
      {reason !== null && message !== null && <small title={message}>{message}</small>}
    </>
  )
}

function InsightsCell({ item }: CellProps) {
  const sorted = [...item.insights].sort((a, b) => Number(a.severity === 'info') - Number(b.severity === 'info'))
  const [first] = sorted
  if (first === undefined) return <span className="dim">none</span>
  const rest = sorted.length - 1
  return (
    <span className="workload-insight" title={sorted.map(({ message }) => message).join('\n')} data-more={rest > 0}>
      <span className={first.severity === 'warning' ? undefined : 'mid'}>{first.message}</span>
      {rest > 0 && <small>and {rest} more</small>}
    </span>
  )
}

function SinceCell({ item }: CellProps) {
  const { endMs } = useEnd()
  const sinceMs = Math.max(0, endMs - Date.parse(item.since))
  return (
    <>
      <b className="workload-since">{formatSpan(sinceMs)}</b>
      <small>
        <Time value={item.since} as="moment" nowMs={endMs} />
      </small>
    </>
  )
}

function UsualCell({ item }: CellProps) {
  if (item.usualConvergeMs === null) return <span className="dim">not known</span>
  return <span className="mid">{formatDuration(item.usualConvergeMs)}</span>
}

function RolloutCell({ item }: CellProps) {
  const { endMs } = useEnd()
  const rollout = item.lastRollout
  if (rollout === null) return <span className="dim">none</span>
  const { tone, words } = outcomeWords[rollout.outcome]
  const took = rollout.convergedMs === null ? words : formatDuration(rollout.convergedMs)
  const usual = item.usualConvergeMs === null ? 'no usual time yet' : `usually ${formatDuration(item.usualConvergeMs)}`
  return (
    <>
      <span className="mid" title={took}>
        <Time value={rollout.startedAt} nowMs={endMs} />,{' '}
        <span className={tone === 'critical' ? 'tone-critical' : undefined}>{took}</span>
      </span>
      <small>{usual}</small>
    </>
  )
}
