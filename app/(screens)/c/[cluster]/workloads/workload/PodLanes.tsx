'use client'

import Link from 'next/link'
import { useMemo } from 'react'
import type { WorkloadPod } from '../../../../../../lib/contract'
import { useChartScope } from '../../../../../_charts/ChartScope'
import { GapLayer, MarkLayer } from '../../../../../_charts/Overlays'
import { PlotArea } from '../../../../../_charts/PlotArea'
import { useWidth } from '../../../../../_charts/useWidth'
import { useSharedSearch, useUrlParam } from '../../../../../_client/useUrlState'
import { objectHref } from '../../history/object/objectHref'
import { phasesOf, phaseWords, podsInOrder, preparePodLanes } from './preparePodLanes'

interface PodLanesProps {
  readonly cluster: string
  readonly pods: readonly WorkloadPod[]
  /** All of the range; more than `pods` when only the newest are here. */
  readonly total: number
  /** The workload's name. */
  readonly of: string
  readonly endMs: number
  readonly selectedMarkId: string | null
}

/** So many lanes fit a screen; the rest are one click away. */
const SHOWN = 16
const CHAR_PX = 5.6
const ENDS_PX = 12

/** What each pod did, under what the workload as a whole did. */
export function PodLanes({ cluster, pods, total, of, endMs, selectedMarkId }: PodLanesProps) {
  const { scale } = useChartScope()
  const [ref, width] = useWidth<HTMLDivElement>()
  const [param, setParam] = useUrlParam('pods')
  const shared = useSharedSearch()
  const ordered = useMemo(() => podsInOrder(pods), [pods])
  const shown = param === 'all' ? ordered : ordered.slice(0, SHOWN)
  const lanes = useMemo(
    () => preparePodLanes({ pods: shown, of, scale, widthPx: width, endMs }),
    [shown, of, scale, width, endMs],
  )
  return (
    <div className="pods">
      <div className="pods-head">
        <b>Pods</b>
        <PhaseKey pods={pods} />
      </div>
      <div className="lanes pod-lanes">
        <div className="lanes-names">
          {lanes.map((lane) => (
            <div key={lane.id} className="lane-name">
              <Link
                className="mono"
                href={objectHref(cluster, { key: lane.key }, {}, shared)}
                title={lane.node === null ? lane.name : `${lane.name} on ${lane.node}`}
              >
                {lane.shortName}
              </Link>
            </div>
          ))}
        </div>
        <PlotArea label="Pods by phase" className="lanes-area">
          <div className="plot-measure" ref={ref} />
          <GapLayer widthPx={width} />
          <MarkLayer widthPx={width} selectedId={selectedMarkId} />
          {lanes.map((lane) => (
            <div key={lane.id} className="lane" data-gone={lane.endTone === 'gone'}>
              {lane.segments.map((segment) => (
                <div
                  key={segment.from}
                  className="pod-segment"
                  data-phase={segment.phase}
                  title={segment.label}
                  style={{ left: `${segment.from * 100}%`, width: `${(segment.to - segment.from) * 100}%` }}
                >
                  {segment.words !== '' &&
                    segment.words.length * CHAR_PX + ENDS_PX <= (segment.to - segment.from) * width && (
                      <em>{segment.words}</em>
                    )}
                </div>
              ))}
            </div>
          ))}
        </PlotArea>
        <div className="lanes-ends">
          {lanes.map((lane) => (
            <div key={lane.id} className="lane-end pod-end" data-tone={lane.endTone} title={lane.end}>
              {lane.end}
            </div>
          ))}
        </div>
      </div>
      {ordered.length > SHOWN && (
        <button type="button" className="link pods-more" onClick={() => setParam(param === 'all' ? null : 'all')}>
          {param === 'all' ? `Show ${SHOWN} only` : `Show all ${ordered.length} pods`}
        </button>
      )}
      {total > pods.length && (
        <p className="dim pods-more">
          {total} pods lived in this range; the newest {pods.length} are here.
        </p>
      )}
    </div>
  )
}

function PhaseKey({ pods }: { pods: readonly WorkloadPod[] }) {
  return (
    <span className="legend pod-key">
      {phasesOf(pods).map((phase) => (
        <span key={phase}>
          <i className="pod-segment" data-phase={phase} />
          {phaseWords[phase]}
        </span>
      ))}
    </span>
  )
}
