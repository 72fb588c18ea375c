'use client'

import { keepPreviousData, type UseQueryResult, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { type ChangeLog, joinHead, joinOlder } from './mergePages'

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | undefined
}

export interface Log {
  readonly query: UseQueryResult<ChangeLog>
  /** Reads on where the log ends; does nothing while that is under way, or when there is nothing older. */
  readonly readOlder: () => void
  /** The last page asked for could not be read; asking again tries again. */
  readonly olderFailed: boolean
}

/**
 * A list of changes, newest first. A `changed` frame reads the newest page again, and only that: it is small, so a
 * new change is on the page at once, and what was paged in before stays (see mergePages.ts).
 */
export function useLog(
  queryKey: readonly unknown[],
  readPage: (page: PageRequest, signal?: AbortSignal) => Promise<ChangeLog>,
  sizes: { readonly head: number; readonly older: number },
): Log {
  const client = useQueryClient()
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<ChangeLog> => {
      const head = await readPage({ limit: sizes.head }, signal)
      return joinHead(client.getQueryData<ChangeLog>(queryKey), head)
    },
    placeholderData: keepPreviousData,
    // Items keep their identity in joinHead; comparing thousands of them again would cost the paint.
    structuralSharing: false,
  })
  const reading = useRef<string | null>(null)
  const [olderFailed, setOlderFailed] = useState(false)
  const cursor = query.isPlaceholderData ? null : (query.data?.nextCursor ?? null)
  const latest = useRef({ queryKey, readPage, older: sizes.older })
  latest.current = { queryKey, readPage, older: sizes.older }
  const readOlder = useCallback(() => {
    if (cursor === null || reading.current === cursor) return
    reading.current = cursor
    const { queryKey: key, readPage: read, older } = latest.current
    read({ limit: older, cursor })
      .then((page) => {
        setOlderFailed(false)
        client.setQueryData<ChangeLog>(key, (known) => (known === undefined ? known : joinOlder(known, cursor, page)))
      })
      .catch(() => {
        reading.current = null
        setOlderFailed(true)
      })
  }, [client, cursor])
  return { query, readOlder, olderFailed }
}
