'use client'

import Link from 'next/link'
import type { LeaderChange } from '../../../../../lib/contract'
import { exactMoment, formatClock } from '../../../../_client/format'
import { useChanges, useMemberStates, useSeries } from '../../../../_client/queries'
import { LoadingState } from '../../../../_ui/States'
import { objectHref } from '../history/object/objectHref'
import { memberMetrics } from './memberMetrics'
import { windowsOf } from './prepareComparison'
import { type Nearby, prepareNearby } from './prepareNearby'

/** Causes come before effects: more from before the change than from after it. */
const ROWS_BEFORE = 5
const ROWS_AFTER = 3
/** A restart or a defragmentation matters from further away than a changed object. */
const MEMBER_REACH_MS = 5 * 60_000
const STEP_MS = 15_000

/** Configuration that changed, members that went away and databases that were defragmented around a leader change. */
export function NearbySection({ cluster, change }: { cluster: string; change: LeaderChange }) {
  const { around, atMs } = windowsOf(change)
  const wide = { from: String(atMs - MEMBER_REACH_MS), to: String(atMs + MEMBER_REACH_MS) }
  const ask = { significance: ['spec', 'metadata'] } as const
  const before = useChanges(cluster, {
    ...ask,
    from: String(around.fromMs),
    to: String(atMs),
    order: 'desc',
    limit: ROWS_BEFORE,
  })
  const after = useChanges(cluster, {
    ...ask,
    from: String(atMs + 1),
    to: String(around.toMs),
    order: 'asc',
    limit: ROWS_AFTER,
  })
  const changes = [...(before.data?.items ?? []), ...(after.data?.items ?? [])]
  const hasMore = [before, after].some((query) => (query.data?.nextCursor ?? null) !== null)
  const states = useMemberStates(cluster, wide)
  const defrag = useSeries(cluster, { metric: memberMetrics.defrag, ...wide, stepMs: STEP_MS, agg: 'rate' })
  const loading = before.data === undefined || after.data === undefined || states.data === undefined
  const found = prepareNearby({ changes, states: states.data ?? [], defrag: defrag.data })
  return (
    <section aria-label="Nearby">
      <h3>Nearby</h3>
      {loading ? (
        <LoadingState />
      ) : found.length === 0 ? (
        <p className="incident-none">No configuration changed, no member went away, no defragmentation</p>
      ) : (
        <ul className="incident-nearby">
          {found.map((one) => (
            <li key={one.id}>
              <time className="mono" title={exactMoment(one.atMs)} dateTime={new Date(one.atMs).toISOString()}>
                {formatClock(one.atMs)}
              </time>
              <What cluster={cluster} one={one} />
            </li>
          ))}
          {hasMore && (
            <li>
              <span />
              <span className="dim">and more</span>
            </li>
          )}
        </ul>
      )}
    </section>
  )
}

function What({ cluster, one }: { cluster: string; one: Nearby }) {
  if (one.kind !== 'change') {
    return (
      <span>
        <b className="mono">{one.name}</b> {one.words}
      </span>
    )
  }
  const { change } = one
  const words = { create: 'created', update: 'changed', delete: 'deleted' }[change.op]
  const named = change.name ?? change.key ?? change.keyBase64
  return (
    <span title={change.summary}>
      {change.resource}{' '}
      <Link className="nearby-link" href={objectHref(cluster, change, { to: change.revision })}>
        {named}
      </Link>{' '}
      {words}
      {change.manager !== null && ` by ${change.manager}`}
    </span>
  )
}
