'use client'

import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import type { Change } from '../../../../../lib/contract'
import { Bars } from '../../../../_charts/Bars'
import { ChartScope, useChartScope } from '../../../../_charts/ChartScope'
import { Swatch } from '../../../../_charts/Legend'
import type { ChartGap } from '../../../../_charts/prepareSeries'
import { formatCount } from '../../../../_client/format'
import { useLeaderChanges } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { useSharedSearch } from '../../../../_client/useUrlState'
import { DataTable } from '../../../../_ui/DataTable'
import { Panel } from '../../../../_ui/Panel'
import { queryState, StaleNote } from '../../../../_ui/States'
import { ThinnedNote } from '../ThinnedNote'
import { changeColumns } from './changeColumns'
import { isNamed, parseChangeId } from './changeId'
import { EmptyLog } from './EmptyLog'
import { hidesNoise } from './historyFilters'
import { type Census, countWords, sortColors, sorts, totalWords } from './prepareCensus'
import { type LogRow, prepareRows } from './prepareRows'
import { SpanningRow } from './SpanningRow'
import type { CensusAnswer } from './useCensus'
import type { FilterActions } from './useHistoryFilters'
import type { Log } from './useLog'

interface ChangesPanelProps {
  readonly cluster: string
  readonly actions: FilterActions
  readonly log: Log
  readonly census: CensusAnswer
  readonly selected: string | null
  readonly newestEpoch: number
  readonly onOpen: (change: Change) => void
}

/** The log: how many and when, then each change, with leader changes and gaps of the record between them. */
export function ChangesPanel(props: ChangesPanelProps) {
  const { cluster, actions, log, selected, newestEpoch, onOpen } = props
  const { census, hiddenNoise, stepMs } = props.census
  const { query, readOlder, olderFailed } = log
  const search = useSharedSearch()
  const rows = useLogRows(cluster, log)
  const id = parseChangeId(selected)
  const selectedKey =
    id === null ? null : (rows.find((row) => row.kind === 'change' && isNamed(row.change, id, newestEpoch))?.id ?? null)
  const membersHref = (term: string) =>
    `/c/${encodeURIComponent(cluster)}/members${search === '' ? '?' : `${search}&`}change=${term}`
  const changes = query.data?.items.length ?? 0
  return (
    <Panel
      className="history-log"
      title={census === null ? 'Changes' : totalWords(census)}
      note={<CensusWords census={census} stale={query.isError && query.data !== undefined} />}
      flush
      foot={
        query.data !== undefined && (
          <Foot
            cluster={cluster}
            read={changes}
            onRetry={olderFailed ? readOlder : null}
            census={census}
            hidden={hidesNoise(actions.filters) ? hiddenNoise : null}
            onShow={() => actions.setNoise(true)}
          />
        )
      }
    >
      <CensusChart cluster={cluster} census={census} stepMs={stepMs} membersHref={membersHref} />
      {queryState(query, { failed: 'The change log could not be read' }) ?? (
        <DataTable
          id="changes"
          label="Changes, newest first"
          rows={rows}
          columns={changeColumns}
          rowKey={(row) => row.id}
          selectedKey={selectedKey}
          onOpen={(row) => {
            if (row.kind === 'change') onOpen(row.change)
          }}
          holdNew
          spanning={(row) => (row.kind === 'change' ? null : <SpanningRow row={row} membersHref={membersHref} />)}
          onEnd={readOlder}
        />
      )}
      {query.data !== undefined && changes === 0 && (
        <EmptyLog cluster={cluster} actions={actions} hidden={hiddenNoise} />
      )}
    </Panel>
  )
}

function useLogRows(cluster: string, { query }: Log): readonly LogRow[] {
  const { span, params } = useRange()
  const { gaps } = useChartScope()
  const leaders = useLeaderChanges(cluster, params).data
  const items = query.data?.items
  const last = items?.[items.length - 1]
  // Rows leave at the bottom when the range moves past them; while none does, the clock changes nothing.
  const passed = last !== undefined && Date.parse(last.at) < span.fromMs
  const fromMs = passed ? span.fromMs : 0
  const more = query.data !== undefined && query.data.nextCursor !== null
  // A gap that reaches to now, or from before the range, is cut anew with every tick: its edges decide.
  const edges = JSON.stringify(gaps)
  return useMemo(() => {
    const cut: readonly ChartGap[] = JSON.parse(edges)
    return prepareRows({ changes: items ?? [], more, leaders: leaders ?? [], gaps: cut, fromMs })
  }, [items, more, leaders, edges, fromMs])
}

function CensusWords({ census, stale }: { census: Census | null; stale: boolean }) {
  if (census === null) return null
  return (
    <span className="census-words">
      {sorts
        .filter((sort) => census.counts[sort] > 0)
        .map((sort) => (
          <span key={sort}>
            <Swatch color={sortColors[sort]} box />
            {countWords(sort, census.counts[sort])}
          </span>
        ))}
      {stale && <StaleNote>old: the log could not be read again</StaleNote>}
    </span>
  )
}

interface CensusChartProps {
  readonly cluster: string
  readonly census: Census | null
  readonly stepMs: number
  readonly membersHref: (term: string) => string
}

const CHART_PX = 52

function CensusChart({ cluster, census, stepMs, membersHref }: CensusChartProps) {
  const { gaps, marks } = useChartScope()
  const { span } = useRange()
  const router = useRouter()
  const shown = useMemo(() => {
    if (census === null || census.complete) return gaps
    const reason = `Not counted: more than ${formatCount(census.total)} changes match`
    const uncounted: ChartGap = { fromMs: span.fromMs, toMs: census.fromMs, reason }
    return [uncounted, ...gaps.filter((gap) => gap.toMs > census.fromMs)]
  }, [census, gaps, span.fromMs])
  return (
    <div className="history-chart">
      <ChartScope cluster={cluster} marks={marks} gaps={shown}>
        <Bars
          label="Changes over time by significance"
          series={census?.series ?? []}
          stepMs={stepMs}
          heightPx={CHART_PX}
          markTags
          onOpenMark={(mark) => {
            if (mark.id.startsWith('leader-')) router.push(membersHref(mark.id.slice('leader-'.length)))
          }}
        />
      </ChartScope>
    </div>
  )
}

interface FootProps {
  readonly cluster: string
  readonly read: number
  readonly census: Census | null
  /** Set when the last older page could not be read. */
  readonly onRetry: (() => void) | null
  /** Null where nothing is hidden. */
  readonly hidden: number | null
  readonly onShow: () => void
}

function Foot({ cluster, read, census, onRetry, hidden, onShow }: FootProps) {
  return (
    <>
      {census !== null && read < census.total && (
        <span>
          {formatCount(read)} of {formatCount(census.total)}
          {census.complete ? '' : '+'} read,{' '}
          {onRetry === null ? (
            'older ones follow on scrolling'
          ) : (
            <>
              older ones could not be read.{' '}
              <button type="button" className="link" onClick={onRetry}>
                Try again
              </button>
            </>
          )}
        </span>
      )}
      {hidden !== null && (
        <span>
          {formatCount(hidden)} heartbeat and status writes hidden in this range{' '}
          {hidden > 0 && (
            <button type="button" className="link" onClick={onShow}>
              Show
            </button>
          )}
        </span>
      )}
      {hidden === null && census !== null && read >= census.total && <span>All of this range</span>}
      <ThinnedNote cluster={cluster} />
    </>
  )
}
