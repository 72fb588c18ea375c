'use client'

import Link from 'next/link'
import { formatCount, formatMoment } from '../../../../_client/format'
import { useChanges } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { Button, LinkButton } from '../../../../_ui/Button'
import { activeFilters, hidesNoise, requestParams } from './historyFilters'
import { objectHref } from './object/objectHref'
import type { FilterActions } from './useHistoryFilters'

interface EmptyLogProps {
  readonly cluster: string
  readonly actions: FilterActions
  readonly hidden: number | null
}

/** Says what was asked and where the nearest answer is: an older change, a filter to take away, or noise. */
export function EmptyLog({ cluster, actions, hidden }: EmptyLogProps) {
  const { filters } = actions
  const { nowMs } = useRange()
  const nearest = useChanges(cluster, { ...requestParams(filters), limit: 1, order: 'desc' }).data?.items[0]
  const narrowed = activeFilters(filters).length > 0 || filters.q !== ''
  const newestMs = nearest === undefined ? null : Date.parse(nearest.at)
  return (
    <div className="state">
      <p>
        <b>{narrowed ? 'No change in this range matches' : 'No change in this range'}</b>
      </p>
      {newestMs !== null && nearest !== undefined && (
        <p className="mid">
          The newest that matches is from{' '}
          <Link className="link" href={aroundHref(newestMs)}>
            {formatMoment(newestMs, nowMs)}
          </Link>
          .
        </p>
      )}
      {nearest === undefined && narrowed && <p className="mid">The whole record holds none.</p>}
      {hidesNoise(filters) && hidden !== null && hidden > 0 && (
        <p className="mid">{formatCount(hidden)} heartbeat and status writes are hidden.</p>
      )}
      <p className="empty-actions">
        {hidesNoise(filters) && hidden !== null && hidden > 0 && (
          <Button onClick={() => actions.setNoise(true)}>Show noise</Button>
        )}
        {nearest !== undefined && (filters.texts.key !== '' || filters.texts.keyBase64 !== '') && (
          <LinkButton href={objectHref(cluster, nearest, {})}>All versions of this key</LinkButton>
        )}
        {narrowed && <Button onClick={actions.clear}>Clear all filters</Button>}
      </p>
    </div>
  )
}

const AROUND_MS = 5 * 60_000

/** The same filters, with a range around a moment. */
function aroundHref(ms: number): string {
  const params = new URLSearchParams(window.location.search)
  params.delete('zoom')
  params.set('range', `${new Date(ms - AROUND_MS).toISOString()}..${new Date(ms + AROUND_MS).toISOString()}`)
  return `?${params.toString()}`
}
