'use client'

import { useEffect } from 'react'
import { api } from '../../../../../_client/api'
import { keyParams, type NamedKey } from '../changeId'
import { type Log, useLog } from '../useLog'

const HEAD = 100
const OLDER = 500
/** Read without being asked, so that the track shows a whole story; older ones on request. */
const READ_AT_ONCE = 1000

/** The versions of one key, newest first. `seek`: a version named in the address is not among them yet. */
export function useVersions(cluster: string, named: NamedKey): Log {
  const key = keyParams(named)
  return useLog(
    ['changes', cluster, 'versions', key],
    (page, signal) => api.history(cluster, { ...key, ...page }, signal),
    { head: HEAD, older: OLDER },
  )
}

export function useReadOn({ query, readOlder, olderFailed }: Log, seek: boolean): void {
  const read = query.data?.items.length ?? 0
  const more = !olderFailed && query.data !== undefined && query.data.nextCursor !== null
  useEffect(() => {
    if (more && (seek || read < READ_AT_ONCE)) readOlder()
  }, [more, seek, read, readOlder])
}
