'use client'

import { useMemo } from 'react'
import type { Change } from '../../../../../../lib/contract'
import { ChartScope, useChartScope } from '../../../../../_charts/ChartScope'
import { recordGaps } from '../../../../../_charts/prepareGaps'
import { formatCount, plural } from '../../../../../_client/format'
import { useCluster } from '../../../../../_client/queries'
import { useRange } from '../../../../../_client/range'
import { useUrlParam } from '../../../../../_client/useUrlState'
import { IconButton } from '../../../../../_ui/Button'
import { Segmented } from '../../../../../_ui/Segmented'
import { keyText, type NamedKey } from '../changeId'
import { trackSpan } from './prepareTrack'
import { shapeOf } from './prepareVersions'
import type { EndsChoice } from './useEnds'
import { ShapeGlyph, VersionTrack } from './VersionTrack'

interface TrackPanelProps {
  readonly cluster: string
  readonly named: NamedKey
  readonly versions: readonly Change[]
  /** There are older ones that were not read. */
  readonly more: boolean
  readonly choice: EndsChoice
}

const spans = [
  { value: 'range', label: 'This range' },
  { value: 'all', label: 'All versions' },
] as const

/** The key, how many versions of which sort, and the track on which two of them are chosen. */
export function TrackPanel({ cluster, named, versions, more, choice }: TrackPanelProps) {
  const { span: range, nowMs } = useRange()
  const { marks } = useChartScope()
  const [asked, setAsked] = useUrlParam('track')
  const { span, which } = trackSpan(versions, range, nowMs, asked)
  const data = useCluster(cluster).data
  const gaps = useMemo(
    () => recordGaps(data, span).filter((gap) => gap.kind === undefined),
    [data, span.fromMs, span.toMs],
  )
  const text = keyText(named)
  const counts = countShapes(versions, span)
  return (
    <section className="panel" aria-label="Versions on a line of time">
      <div className="panel-head track-head">
        <code className="track-key" title={text}>
          {text}
        </code>
        <IconButton icon="copy" label="Copy key" onClick={() => void navigator.clipboard.writeText(text)} />
        <small>
          {plural(versions.length, 'version')}
          {more ? ' read, older ones are in the record' : ' recorded'}
        </small>
        <div className="panel-actions">
          <span className="track-legend">
            {counts.map(([shape, count]) => (
              <span key={shape}>
                <ShapeGlyph shape={shape} />
                {shape} <b>{formatCount(count)}</b>
              </span>
            ))}
          </span>
          <Segmented label="Time on the track" value={which} options={spans} onChange={(next) => setAsked(next)} />
        </div>
      </div>
      <ChartScope cluster={cluster} span={span} marks={marks} gaps={gaps}>
        <VersionTrack versions={versions} choice={choice} />
      </ChartScope>
    </section>
  )
}

const shapes = ['spec', 'metadata', 'status', 'delete'] as const

function countShapes(versions: readonly Change[], span: { fromMs: number; toMs: number }) {
  const counts = { spec: 0, metadata: 0, status: 0, delete: 0 }
  for (const version of versions) {
    const ms = Date.parse(version.at)
    if (ms >= span.fromMs && ms <= span.toMs) counts[shapeOf(version)] += 1
  }
  return shapes.filter((shape) => counts[shape] > 0).map((shape) => [shape, counts[shape]] as const)
}
