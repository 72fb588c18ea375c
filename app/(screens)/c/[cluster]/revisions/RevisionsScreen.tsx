'use client'

import { useMemo } from 'react'
import { stepForSpan } from '../../../../_charts/prepareSeries'
import { useActivity, useCluster, useLedger } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { EmptyState } from '../../../../_ui/States'
import { Verdict } from '../../../../_ui/Verdict'
import { ActivityPanel } from './ActivityPanel'
import { HotLoopsPanel } from './HotLoopsPanel'
import { KeysHeatPanel } from './KeysHeatPanel'
import { hotLoops, revisionsVerdict } from './prepareVerdict'
import { WritersPanel } from './WritersPanel'
import './revisions.css'

/** How much is written, by whom, what it costs, and what of it is needless. */
export function RevisionsScreen({ cluster }: { cluster: string }) {
  const { params, span } = useRange()
  const known = useCluster(cluster)
  const spanMs = span.toMs - span.fromMs
  const recordedMs = recordedSpan(spanMs, span.toMs, known.data?.firstTime ?? null)
  const stepMs = stepForSpan(spanMs, 60)
  const changes = useActivity(cluster, { metric: 'changes', by: 'significance', top: 5, stepMs, ...params })
  const bytes = useActivity(cluster, { metric: 'bytes', by: 'significance', top: 5, stepMs, ...params })
  const keys = useLedger(cluster, { by: 'key', limit: 200, ...params })
  const loops = useMemo(() => hotLoops(keys.data ?? [], recordedMs), [keys.data, recordedMs])
  const verdict = revisionsVerdict({ changes: changes.data, bytes: bytes.data, loops, spanMs: recordedMs })
  if (known.unknown) {
    return <EmptyState title={`No cluster named ${cluster} is watched`}>The switcher lists those that are.</EmptyState>
  }
  return (
    <div className="stack">
      {verdict !== null && <Verdict sentence={verdict.sentence} reasons={verdict.reasons} />}
      <ActivityPanel cluster={cluster} />
      <div className="grid-12">
        <div className="col-span-12 lg:col-span-7">
          <WritersPanel cluster={cluster} />
        </div>
        <div className="col-span-12 lg:col-span-5">
          <HotLoopsPanel cluster={cluster} loops={loops} />
        </div>
      </div>
      <KeysHeatPanel cluster={cluster} />
    </div>
  )
}

/** Of the range, the part in which a record exists: rates over time before it would be too low. */
function recordedSpan(spanMs: number, toMs: number, firstTime: string | null): number {
  if (firstTime === null) return spanMs
  return Math.max(10_000, Math.min(spanMs, toMs - Date.parse(firstTime)))
}
