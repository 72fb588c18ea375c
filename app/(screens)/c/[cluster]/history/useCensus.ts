'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { stepForSpan } from '../../../../_charts/prepareSeries'
import type { ChangesParams } from '../../../../_client/api'
import { changesQuery, useActivity } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { type HistoryFilters, isWhole, shownSignificances } from './historyFilters'
import type { ChangeLog } from './mergePages'
import { type Census, censusOf, censusOfActivity, hiddenNoise } from './prepareCensus'

/** As many as the API answers at once. */
const MOST_COUNTED = 1000
const COUNT_EVERY_MS = 2000
const BARS = 90

export interface CensusAnswer {
  readonly census: Census | null
  /** Of the whole range, whatever the filters; null while unknown. */
  readonly hiddenNoise: number | null
  readonly stepMs: number
}

/**
 * How many changes match, by sort and over time. The log itself when all of it has been read; else up to a thousand
 * counted apart, at a bounded rate; beyond that the server's totals, which only the unfiltered log has.
 */
export function useCensus(
  cluster: string,
  filters: HistoryFilters,
  params: ChangesParams,
  log: ChangeLog | undefined,
): CensusAnswer {
  const { span, params: range } = useRange()
  const stepMs = stepForSpan(span.toMs - span.fromMs, BARS)
  // The same request as the ruler's while the page is not zoomed.
  const activity = useActivity(cluster, { metric: 'changes', by: 'significance', ...range, stepMs, top: 8 })
  const partial = log !== undefined && log.nextCursor !== null
  const counted = useQuery({
    ...changesQuery(cluster, { ...params, limit: MOST_COUNTED, order: 'desc' }),
    enabled: partial,
    meta: { everyMs: COUNT_EVERY_MS },
  })
  const census = useMemo(() => {
    const buckets = { stepMs, fromMs: span.fromMs }
    if (log === undefined) return null
    if (log.nextCursor === null) return censusOf(log.items, buckets, true)
    const page = counted.data
    if (page !== undefined && page.nextCursor === null) return censusOf(page.items, buckets, true)
    if (isWhole(filters) && activity.data !== undefined)
      return censusOfActivity(activity.data, shownSignificances(filters), span.fromMs)
    return censusOf(page?.items ?? log.items, buckets, false)
  }, [log, counted.data, activity.data, filters, stepMs, span.fromMs])
  return { census, hiddenNoise: hiddenNoise(activity.data), stepMs }
}
