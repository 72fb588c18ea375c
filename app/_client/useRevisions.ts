'use client'

import { useQueries, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from './api'

/** A moment younger than this may still gain revisions: the record trails etcd by a little. */
const SETTLED_MS = 5000

/** The newest recorded revision at or before a moment; null when the record begins later. */
function revisionQuery(cluster: string, ms: number) {
  const settled = Date.now() - ms > SETTLED_MS
  return {
    // 'moment' is no stream topic: the past does not change.
    queryKey: ['moment', cluster, 'revision', ms] as const,
    queryFn: async ({ signal }: { signal: AbortSignal }) => {
      const page = await api.changes(cluster, { to: String(Math.round(ms)), order: 'desc', limit: 1 }, signal)
      return page.items[0]?.revision ?? null
    },
    staleTime: settled ? Number.POSITIVE_INFINITY : SETTLED_MS,
    gcTime: 600_000,
  }
}

/** Revisions at round moments, as decimal strings; moments whose answer is not there yet are left out. */
export function useRevisionsAt(cluster: string | null, moments: readonly number[]): ReadonlyMap<number, string> {
  const answers = useQueries({
    queries: cluster === null ? [] : moments.map((ms) => revisionQuery(cluster, ms)),
  })
  const found = new Map<number, string>()
  moments.forEach((ms, index) => {
    const revision = answers[index]?.data
    if (typeof revision === 'string') found.set(ms, revision)
  })
  return found
}

/** The revision at the cursor: asked once the pointer rests, so that moving it does not flood the server. */
export function useRestingRevision(cluster: string | null, ms: number | null, restMs = 120): string | null {
  const [resting, setResting] = useState<number | null>(null)
  useEffect(() => {
    const timer = setTimeout(() => setResting(ms), ms === null ? 0 : restMs)
    return () => clearTimeout(timer)
  }, [ms, restMs])
  const query = useQuery({
    ...revisionQuery(cluster ?? '', resting ?? 0),
    enabled: cluster !== null && resting !== null,
  })
  return resting !== null && resting === ms ? (query.data ?? null) : null
}
