'use client'

import { type Query, type QueryClient, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { type ChangedFrame, changedFrame } from '../../lib/contract'
import { mergeFrames, planRefresh, type WatchedQuery } from './refresh'
import { useUrlState } from './useUrlState'

/**
 * One EventSource a tab. A frame in a quiet period refetches at once (that is what makes a put visible within
 * 150 ms); after that at most one round in COALESCE_MS. EventSource reconnects by itself and sends Last-Event-ID;
 * everything shown is refetched whenever it opens, the first time too: what was read before then may be old, and no
 * frame will say so.
 */
const COALESCE_MS = 180
const STREAM_URL = '/api/v1/stream'

export type StreamState = 'connecting' | 'open' | 'reconnecting' | 'paused'

const StreamContext = createContext<StreamState>('connecting')

/** What the live switch shows. */
export function useStreamState(): StreamState {
  return useContext(StreamContext)
}

interface ActiveQuery extends WatchedQuery {
  readonly query: Query
}

function activeQueries(client: QueryClient): ActiveQuery[] {
  return client
    .getQueryCache()
    .getAll()
    .filter((query) => query.isActive())
    .map((query) => ({
      query,
      key: query.queryKey,
      topics: query.meta?.topics ?? [],
      everyMs: query.meta?.everyMs ?? 0,
      updatedAtMs: query.state.dataUpdatedAt,
      fetching: query.state.fetchStatus === 'fetching',
    }))
}

/** Follows the stream until stopped; the returned function closes it. */
function follow(client: QueryClient, onState: (state: StreamState) => void): () => void {
  let frames: readonly ChangedFrame[] = []
  let timer: ReturnType<typeof setTimeout> | null = null
  let dueMs = Number.POSITIVE_INFINITY
  let lastRoundMs = 0

  const runRound = () => {
    dueMs = Number.POSITIVE_INFINITY
    lastRoundMs = Date.now()
    const plan = planRefresh(frames, activeQueries(client), lastRoundMs)
    frames = plan.waiting
    for (const { query } of plan.now)
      void client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false })
    if (plan.laterMs !== null) runBy(lastRoundMs + plan.laterMs)
  }
  /** The earliest wish counts: what may wait never delays what may not. */
  const runBy = (wishedMs: number) => {
    if (wishedMs >= dueMs) return
    dueMs = wishedMs
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(runRound, Math.max(0, dueMs - Date.now()))
  }
  const runSoon = () => {
    const nowMs = Date.now()
    if (lastRoundMs + COALESCE_MS > nowMs) return runBy(lastRoundMs + COALESCE_MS)
    if (timer !== null) clearTimeout(timer)
    runRound()
  }

  const source = new EventSource(STREAM_URL)
  source.addEventListener('open', () => {
    onState('open')
    void client.invalidateQueries()
  })
  source.addEventListener('error', () => onState('reconnecting'))
  source.addEventListener('changed', (event: MessageEvent<string>) => {
    const frame = changedFrame.safeParse(readJson(event.data))
    if (!frame.success) return
    frames = mergeFrames([...frames, frame.data])
    runSoon()
  })
  source.addEventListener('resync', () => void client.invalidateQueries())
  return () => {
    source.close()
    if (timer !== null) clearTimeout(timer)
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function LiveStreamProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [url] = useUrlState()
  const [state, setState] = useState<StreamState>('connecting')
  const paused = url.pausedAtMs !== null
  useEffect(() => {
    if (paused) return setState('paused')
    setState('connecting')
    const stop = follow(client, setState)
    return stop
  }, [client, paused])
  return <StreamContext value={state}>{children}</StreamContext>
}
