'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { api } from '../../../../../_client/api'
import { plural } from '../../../../../_client/format'
import { useRange } from '../../../../../_client/range'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { Chips, FilterChip } from '../../../../../_ui/Chip'
import { DataTable } from '../../../../../_ui/DataTable'
import { Panel } from '../../../../../_ui/Panel'
import { queryState } from '../../../../../_ui/States'
import { Verdict } from '../../../../../_ui/Verdict'
import { AlertTabs } from '../AlertTabs'
import { eventColumns } from './eventColumns'
import '../alerts.css'

const PAGE = 200

/** Every step of every alert: when it began to hold, fired, was acknowledged, resolved. */
export function AlertHistoryScreen({ cluster }: { cluster: string }) {
  const { nowMs } = useRange()
  const [rule, setRule] = useUrlParam('rule')
  const query = useInfiniteQuery({
    queryKey: ['alerts', cluster, 'event-pages', rule],
    queryFn: ({ pageParam, signal }) =>
      api.alertEvents({ cluster, rule: rule ?? undefined, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const events = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data])
  const columns = useMemo(() => eventColumns(nowMs, setRule), [nowMs, setRule])
  const blocked = queryState(query, {
    failed: 'The history of alerts could not be read',
    isEmpty: events.length === 0,
    empty: {
      title: rule === null ? 'No alert has been pending or firing yet' : `${rule} has not been pending or firing yet`,
    },
  })
  const fired = events.filter(({ kind }) => kind === 'firing').length
  return (
    <div className="stack">
      <Verdict
        sentence={query.data === undefined ? 'History of alerts' : `Alerts fired ${plural(fired, 'time')}`}
        reasons={
          query.hasNextPage ? `Among the newest ${events.length} steps. Older ones load as you scroll.` : undefined
        }
        actions={<AlertTabs cluster={cluster} tab="history" />}
      />
      {rule !== null && (
        <Chips>
          <FilterChip name="rule" value={rule} onRemove={() => setRule(null)} />
        </Chips>
      )}
      <Panel title="History" note="newest first" flush>
        {blocked ?? (
          <DataTable
            id="alert-events"
            label="Steps of alerts"
            rows={events}
            columns={columns}
            rowKey={({ id }) => id}
            twoLines
            holdNew
            onEnd={() => {
              if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage()
            }}
          />
        )}
      </Panel>
    </div>
  )
}
