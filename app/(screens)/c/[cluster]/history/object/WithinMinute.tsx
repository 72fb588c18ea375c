'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useMemo } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { formatClock, formatCount } from '../../../../../_client/format'
import { changesQuery } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useSharedSearch } from '../../../../../_client/useUrlState'
import { Panel } from '../../../../../_ui/Panel'
import { queryState } from '../../../../../_ui/States'
import { ObjectName, Summary } from '../ChangeParts'
import { rowIdOf } from '../changeId'
import { objectHref } from './objectHref'
import { nearbyRows } from './prepareNearby'

const REACH_MS = 60_000
const READ = 500
const LIVE_EVERY_MS = 1000
/** The record trails etcd by a little. */
const SETTLED_MS = 5000

/** What else somebody changed within a minute of the version chosen as To. */
export function WithinMinute({ cluster, version }: { cluster: string; version: Change | null }) {
  const atMs = version === null ? 0 : Date.parse(version.at)
  const around = {
    from: String(atMs - REACH_MS),
    to: String(atMs + REACH_MS),
    significance: ['spec', 'metadata'],
    order: 'asc',
    limit: READ,
  } as const
  const { nowMs } = useRange()
  const settled = nowMs > atMs + REACH_MS + SETTLED_MS
  const query = useQuery({
    ...changesQuery(cluster, around),
    // A minute that is over changes no more: no frame reads it again.
    ...(settled && { queryKey: ['recorded', cluster, 'around', around] }),
    enabled: version !== null,
    meta: { everyMs: LIVE_EVERY_MS },
  })
  const shared = useSharedSearch()
  const items = query.data?.items
  const nearby = useMemo(() => (version === null ? null : nearbyRows(items ?? [], version)), [items, version])
  if (version === null || nearby === null) return null
  return (
    <Panel title="Within a minute" note={`${formatClock(atMs - REACH_MS)} to ${formatClock(atMs + REACH_MS)}`} flush>
      {queryState(query, {
        failed: 'The changes around it could not be read',
        isEmpty: nearby.rows.length <= 1,
        empty: { title: 'No other configuration change' },
      }) ?? (
        <ul className="nearby-list">
          {nearby.rows.map(({ change, offset, self, times }) => (
            <li key={rowIdOf(change)} data-self={self}>
              <time dateTime={change.at}>{offset}</time>
              {self ? (
                <b>This change</b>
              ) : (
                <div>
                  <Link className="nearby-name" href={objectHref(cluster, change, { to: change.revision }, shared)}>
                    <ObjectName change={change} />
                  </Link>
                  <small>
                    <Summary change={change} />
                    {times > 1 && `, ${formatCount(times)} times`}
                    {change.manager !== null && `, ${change.manager}`}
                  </small>
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {nearby.left > 0 && <p className="nearby-left">{formatCount(nearby.left)} more of other keys</p>}
    </Panel>
  )
}
