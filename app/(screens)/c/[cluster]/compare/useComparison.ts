'use client'

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { CompareItem } from '../../../../../lib/contract'
import { api } from '../../../../_client/api'
import { ApiProblem } from '../../../../_client/apiProblem'
import { useCluster } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { useUrlParam, writeParams } from '../../../../_client/useUrlState'
import { momentAt, nearestMoment } from '../keys/prepareMoment'
import { isNoise } from './prepareCompare'

const PAGE_ITEMS = 500
/** With less than a screen of rows the next page is read at once, but not for ever: then a button asks. */
const ROWS_WANTED = 60
const MOST_PAGES_UNASKED = 20
const SETTLED_MS = 30_000
const HEAVY_MS = 2000

export interface Comparison {
  readonly query: ReturnType<typeof useCompareQuery>
  /** Everything read so far, noise included. */
  readonly items: readonly CompareItem[]
  readonly shown: readonly CompareItem[]
  readonly more: boolean
}

export function useComparison(
  cluster: string,
  given: { readonly prefix: string; readonly from: string; readonly to: string; readonly noise: boolean },
): Comparison {
  const query = useCompareQuery(cluster, given)
  const items = query.data?.pages.flatMap((page) => page.items) ?? []
  const shown = given.noise ? items : items.filter((item) => !isNoise(item))
  const { hasNextPage, isFetching, fetchNextPage } = query
  const pages = query.data?.pages.length ?? 0
  const wants = shown.length < ROWS_WANTED && hasNextPage && !isFetching && !query.isError && pages < MOST_PAGES_UNASKED
  useEffect(() => {
    if (wants) void fetchNextPage()
  }, [wants, fetchNextPage])
  return { query, items, shown, more: hasNextPage }
}

function useCompareQuery(cluster: string, { prefix, from, to }: { prefix: string; from: string; to: string }) {
  const live = from === 'now' || to === 'now'
  return useInfiniteQuery({
    queryKey: [live ? 'changes' : 'moment', cluster, 'compare', prefix, from, to],
    queryFn: ({ pageParam, signal }) =>
      api.compare(cluster, { prefix, from, to, limit: PAGE_ITEMS, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: from !== '',
    placeholderData: keepPreviousData,
    staleTime: live ? 0 : SETTLED_MS,
    meta: { everyMs: HEAVY_MS },
  })
}

/** An address without moments gets them: the start of the range, or of the record within it, and its end. */
export function useFirstMoments(cluster: string): void {
  const [from] = useUrlParam('from')
  const { span, following } = useRange()
  const epoch = useCluster(cluster).data?.epoch ?? null
  const start = useQuery({
    queryKey: ['moment', cluster, 'start of the range'],
    queryFn: async ({ signal }) => {
      const ms = Math.round(span.fromMs)
      const at = new Date(ms).toISOString()
      try {
        await api.compare(cluster, { from: at, to: at, limit: 1 }, signal)
        return at
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== 'NOT_COVERED') throw error
        const nearest = nearestMoment({ kind: 'time', ms }, error.nearest, epoch)
        return nearest === null ? at : momentAt(nearest)
      }
    },
    enabled: from === null,
    gcTime: 0,
  })
  const found = start.data
  const to = following ? 'now' : new Date(Math.round(span.toMs)).toISOString()
  useEffect(() => {
    if (from !== null || found === undefined) return
    const given = new URLSearchParams(window.location.search).get('to')
    writeParams({ from: found, to: given ?? to }, 'replace')
  }, [from, found, to])
}
