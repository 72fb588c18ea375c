'use client'

import { useChartScope } from '../../../../_charts/ChartScope'
import { useCluster } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'

export interface End {
  /** The moment looked at: the end of the range, but neither the future nor after an archive's last change. */
  readonly endMs: number
  /** It is now: sentences say "is", not "was". */
  readonly live: boolean
  /** As the API takes a moment; `now` while the page follows the clock. */
  readonly at: string
  /** False until it is known whether the cluster is an archive: its last moment is not now. */
  readonly known: boolean
}

export function useEnd(): End {
  const { cluster } = useChartScope()
  const { span, nowMs, params } = useRange()
  const known = useCluster(cluster ?? '').data
  const lastMs = known?.state === 'archived' ? Date.parse(known.since) : nowMs
  return {
    endMs: Math.min(span.toMs, lastMs),
    known: known !== undefined,
    live: params.to === 'now',
    at: params.to === 'now' ? 'now' : new Date(Math.min(span.toMs, lastMs)).toISOString(),
  }
}
