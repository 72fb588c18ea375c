'use client'

import { api, type ChangesParams } from '../../../../_client/api'
import { type Log, useLog } from './useLog'

const PAGE = 100

/** The change log of a cluster under some filters. */
export function useChangeLog(cluster: string, params: ChangesParams): Log {
  return useLog(
    ['changes', cluster, 'log', params],
    (page, signal) => api.changes(cluster, { ...params, ...page, order: 'desc' }, signal),
    { head: PAGE, older: PAGE },
  )
}
