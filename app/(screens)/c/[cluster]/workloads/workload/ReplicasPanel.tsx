'use client'

import { useMemo } from 'react'
import type { WorkloadAnswer } from '../../../../../../lib/contract'
import { ChartScope, useChartScope } from '../../../../../_charts/ChartScope'
import type { Band } from '../../../../../_charts/Overlays'
import type { ChartMark } from '../../../../../_charts/prepareMarks'
import { StepChart } from '../../../../../_charts/StepChart'
import { Tracks } from '../../../../../_charts/Tracks'
import { formatCount, plural } from '../../../../../_client/format'
import { MarkTag } from '../../../../../_ui/MarkTag'
import { Panel } from '../../../../../_ui/Panel'
import { EmptyState, StaleNote } from '../../../../../_ui/States'
import { PodLanes } from './PodLanes'
import {
  emptyBands,
  endpointSeries,
  generationOf,
  ROLLOUT_MARK,
  replicaSeries,
  rolloutMarks,
  statusBands,
} from './prepareTimeline'

interface ReplicasPanelProps {
  readonly cluster: string
  readonly answer: WorkloadAnswer
  readonly endMs: number
  readonly selected: string | null
  readonly onSelect: (generation: string | null) => void
}

/** More Services than these would push the rest of the page away; the panel of Services lists them all. */
const SERVICE_TRACKS = 3

/** Desired against actual, the pods under it and the Services' endpoints under those: cause over effect. */
export function ReplicasPanel({ cluster, answer, endMs, selected, onSelect }: ReplicasPanelProps) {
  const { marks } = useChartScope()
  const own = useMemo(() => rolloutMarks(answer.rollouts), [answer.rollouts])
  const all = useMemo(() => [...marks, ...own], [marks, own])
  const series = useMemo(() => replicaSeries(answer), [answer])
  const bands = useMemo(() => {
    const washes = statusBands(answer.timeline, endMs)
    const chosen = selectedBand(answer, selected, endMs)
    return chosen === null ? washes : [...washes, chosen]
  }, [answer, selected, endMs])
  const open = (mark: ChartMark) => {
    const generation = generationOf(mark)
    if (generation !== null) onSelect(generation === selected ? null : generation)
  }
  const markId = selected === null ? null : `${ROLLOUT_MARK}${selected}`
  const living = answer.pods.filter(({ to }) => to === null).length
  return (
    <Panel
      className="replicas-panel"
      title={answer.podsTotal > 0 ? 'Replicas and pods' : 'State'}
      note={noteOf(answer, living)}
      actions={
        <span className="legend replicas-key">
          {answer.rollouts.length > 0 && (
            <span>
              <MarkTag kind="rollout" />
              rollout
            </span>
          )}
          {answer.truncated && <StaleNote>the newest 20,000 steps of the range</StaleNote>}
        </span>
      }
    >
      <ChartScope cluster={cluster} marks={all}>
        <Tracks>
          <StepChart
            label="Desired, updated, ready and available over time"
            series={series}
            filled={series.at(-1)?.id}
            endMs={endMs}
            heightPx={152}
            bands={bands}
            markTags
            selectedMarkId={markId}
            onOpenMark={open}
            track={{ title: answer.kind === 'Job' ? 'Completions' : 'Replicas' }}
            state={
              series.length === 0 && answer.timeline.length === 0 ? (
                <EmptyState plot title="Nothing of it is recorded in this range" />
              ) : undefined
            }
          />
          {answer.pods.length > 0 && (
            <PodLanes
              cluster={cluster}
              pods={answer.pods}
              total={answer.podsTotal}
              of={answer.name}
              endMs={endMs}
              selectedMarkId={markId}
            />
          )}
          {answer.services.slice(0, SERVICE_TRACKS).map((service) => (
            <StepChart
              key={service.key}
              label={`Endpoints of the Service ${service.name} over time`}
              series={endpointSeries(service)}
              filled={`${service.key} ready`}
              endMs={endMs}
              heightPx={56}
              bands={emptyBands(service, endMs)}
              selectedMarkId={markId}
              track={{ title: service.name }}
            />
          ))}
        </Tracks>
      </ChartScope>
    </Panel>
  )
}

function selectedBand(answer: WorkloadAnswer, selected: string | null, endMs: number): Band | null {
  const rollout = answer.rollouts.find(({ generation }) => generation === selected)
  if (rollout === undefined) return null
  const toMs = rollout.endedAt === null ? endMs : Date.parse(rollout.endedAt)
  return { fromMs: Date.parse(rollout.startedAt), toMs, tone: 'selected' }
}

function noteOf({ current, podsTotal }: WorkloadAnswer, living: number): string {
  const parts: string[] = []
  if (current?.generation != null) {
    const seen = current.observedGeneration
    parts.push(`generation ${current.generation}${seen === null ? '' : `, observed ${seen}`}`)
  }
  if (podsTotal > 0) parts.push(`${plural(podsTotal, 'pod')} in this range, ${formatCount(living)} at its end`)
  return parts.join('; ')
}
