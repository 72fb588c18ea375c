'use client'

import { useSearchParams } from 'next/navigation'
import { useEffect } from 'react'
import type { Cluster } from '../../lib/contract'
import { MIN_SPAN_MS, urlStateParams } from './urlState'
import { useUrlState, writeParams } from './useUrlState'

/** Of an archive nothing happened lately: without a range in the address, all that it holds is shown. */
export function useArchiveRange(cluster: Cluster | undefined): void {
  const [state] = useUrlState()
  const given = useSearchParams().has('range')
  const firstTime = cluster?.state === 'archived' ? cluster.firstTime : null
  const lastTime = cluster?.since ?? null
  useEffect(() => {
    if (given || firstTime === null || lastTime === null) return
    const fromMs = Date.parse(firstTime)
    const toMs = Math.max(Date.parse(lastTime), fromMs + MIN_SPAN_MS)
    // A twentieth of room on both sides, so that the first and the last change do not stand on the edge.
    const roomMs = Math.ceil((toMs - fromMs) / 20)
    const range = { kind: 'absolute', fromMs: fromMs - roomMs, toMs: toMs + roomMs } as const
    writeParams(urlStateParams({ ...state, range }), 'replace')
  }, [given, firstTime, lastTime, state])
}
