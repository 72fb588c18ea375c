'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { RemovedChanges } from '../../../../../../lib/contract'
import { api } from '../../../../../_client/api'
import { keyParams, type NamedKey } from '../changeId'
import { type Log, useLog } from '../useLog'

const HEAD = 100
const OLDER = 500
/** Read without being asked, so that the track shows a whole story; older ones on request. */
const READ_AT_ONCE = 1000
/** How far back a version named in the address is looked for. */
const SOUGHT = 20_000
const REMOVED_MS = 10_000
const nothingRemoved: readonly RemovedChanges[] = []

/** The versions of one key, newest first. */
export function useVersions(cluster: string, named: NamedKey): Log {
  const key = keyParams(named)
  return useLog(
    ['changes', cluster, 'versions', key],
    (page, signal) => api.history(cluster, { ...key, ...page }, signal),
    { head: HEAD, older: OLDER },
  )
}

/** What retention removed of the key, newest first. */
export function useRemoved(cluster: string, named: NamedKey): readonly RemovedChanges[] {
  const key = keyParams(named)
  const query = useQuery({
    queryKey: ['state', cluster, 'removed', key],
    queryFn: ({ signal }) => api.removed(cluster, key, signal),
    meta: { everyMs: REMOVED_MS },
  })
  return query.data ?? nothingRemoved
}

/** Reads on by itself; true while it looks for a version that the address names (`seek`). */
export function useReadOn({ query, readOlder, olderFailed }: Log, seek: boolean): boolean {
  const read = query.data?.items.length ?? 0
  const more = !olderFailed && query.data !== undefined && query.data.nextCursor !== null
  const seeking = more && seek && read < SOUGHT
  const goesOn = seeking || (more && read < READ_AT_ONCE)
  useEffect(() => {
    if (goesOn) readOlder()
  }, [goesOn, readOlder])
  return seeking
}
