'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRef } from 'react'
import type { WorkloadItem, WorkloadsAnswer } from '../../lib/contract'
import { api, type RangeParams, type WorkloadName, type WorkloadSummaryParams, type WorkloadsParams } from './api'
import { useCluster } from './queries'

/**
 * Workloads at a moment and over a range. They are worked out from many objects, so each is bounded in how often it
 * is asked for again; what is small and looked at closely, more often.
 */
const CLOSE_MS = 1000
const WIDE_MS = 5000
/** From so many on, reading all of them again each second would cost more than it tells. */
const MANY = 1000
const PAGE = 1000
const MOST_PAGES = 10

export interface WorkloadList extends Omit<WorkloadsAnswer, 'nextCursor'> {
  /** More match than are read: the first ten thousand are here. */
  readonly more: boolean
}

async function readAll(cluster: string, params: WorkloadsParams, signal: AbortSignal): Promise<WorkloadList> {
  let { nextCursor, ...first } = await api.workloads(cluster, { ...params, limit: PAGE }, signal)
  const found = new Map<string, WorkloadItem>(first.items.map((item) => [item.key, item]))
  for (let page = 1; nextCursor !== null && page < MOST_PAGES; page++) {
    const next = await api.workloads(cluster, { ...params, limit: PAGE, cursor: nextCursor }, signal)
    for (const item of next.items) found.set(item.key, item)
    nextCursor = next.nextCursor
  }
  return { ...first, items: [...found.values()], more: nextCursor !== null }
}

/** All workloads under the filters: the list is sorted and grouped as a whole, so it is read as a whole. */
export const useWorkloads = (cluster: string, params: WorkloadsParams, enabled = true) => {
  const seen = useRef(0)
  const query = useQuery({
    queryKey: ['workloads', cluster, 'workloads', params],
    queryFn: ({ signal }) => readAll(cluster, params, signal),
    enabled,
    placeholderData: keepPreviousData,
    meta: { everyMs: seen.current > MANY ? WIDE_MS : CLOSE_MS },
  })
  seen.current = query.data?.items.length ?? 0
  return query
}

export const useWorkload = (cluster: string, which: WorkloadName, range: RangeParams) =>
  useQuery({
    queryKey: ['workloads', cluster, 'workload', which, range],
    queryFn: ({ signal }) => api.workload(cluster, which, range, signal),
    placeholderData: keepPreviousData,
    meta: { everyMs: CLOSE_MS },
  })

export const useWorkloadSummary = (cluster: string, params: WorkloadSummaryParams) =>
  useQuery({
    queryKey: ['workloads', cluster, 'workload-summary', params],
    queryFn: ({ signal }) => api.workloadSummary(cluster, params, signal),
    placeholderData: keepPreviousData,
    meta: { everyMs: WIDE_MS },
  })

/** How many are in which state now, and the worst of them. Asked once the record of the cluster has begun. */
export const useWorkloadCounts = (cluster: string) => {
  const hasBegun = (useCluster(cluster).data?.coverage.length ?? 0) > 0
  return useQuery({
    queryKey: ['workloads', cluster, 'workload-counts'],
    queryFn: ({ signal }) => api.workloads(cluster, { limit: 1 }, signal),
    enabled: hasBegun,
    meta: { everyMs: WIDE_MS },
  })
}

/** Workloads with a text in their kind, namespace, name, reason or insights, as they are now. */
export const useFoundWorkloads = (cluster: string, params: WorkloadsParams, enabled: boolean) =>
  useQuery({
    queryKey: ['workloads', cluster, 'workloads-found', params],
    queryFn: ({ signal }) => api.workloads(cluster, params, signal),
    placeholderData: keepPreviousData,
    enabled,
    meta: { everyMs: WIDE_MS },
  })
