'use client'

import type { UseQueryResult } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { SeriesAnswer } from '../../../../../lib/contract'
import type { Band, Threshold } from '../../../../_charts/Overlays'
import { type ChartSeries, stepForSpan } from '../../../../_charts/prepareSeries'
import { TimeChart } from '../../../../_charts/TimeChart'
import { formatDuration } from '../../../../_client/format'
import { useActivity, useSeries } from '../../../../_client/queries'
import { useRange } from '../../../../_client/range'
import { queryState } from '../../../../_ui/States'
import { memberMetrics, ROUND_TRIP_EVERY_MS, ROUND_TRIP_REACH_MS, warnsFromSeconds } from './memberMetrics'
import type { NamedMember } from './memberNames'
import { isUnmeasured, memberSeries, ratePerSecond, worstSeries } from './prepareMemberSeries'

interface Bands {
  readonly bands: readonly Band[]
}

const warnsAt = (seconds: number): readonly Threshold[] => [
  { value: seconds, label: `warns at ${formatDuration(seconds * 1000)}`, severity: 'warn' },
]
const fsyncWarns = warnsAt(warnsFromSeconds.fsync)
const commitWarns = warnsAt(warnsFromSeconds.commit)
const roundTripWarns = warnsAt(warnsFromSeconds.roundTrip)

export function MetricTracks({
  cluster,
  members,
  bands,
}: Bands & { cluster: string; members: readonly NamedMember[] }) {
  const shared = { cluster, members, bands }
  return (
    <>
      <LatencyTrack
        {...shared}
        title="WAL fsync p99"
        metric={memberMetrics.fsync}
        heightPx={112}
        log
        thresholds={fsyncWarns}
      />
      <LatencyTrack
        {...shared}
        title="Commit p99"
        metric={memberMetrics.commit}
        heightPx={78}
        thresholds={commitWarns}
      />
      <LatencyTrack
        {...shared}
        title="Round trip p99"
        metric={memberMetrics.roundTrip}
        heightPx={78}
        thresholds={roundTripWarns}
        everyMs={ROUND_TRIP_EVERY_MS}
        reachMs={ROUND_TRIP_REACH_MS}
      />
      <PendingTrack cluster={cluster} bands={bands} />
    </>
  )
}

/** The metric of the page's range, at a step that fits the width. */
function usePageSeries(cluster: string, metric: string, agg: 'p99' | 'max', everyMs = 0) {
  const { params, span } = useRange()
  return useSeries(cluster, { metric, ...params, stepMs: Math.max(everyMs, stepForSpan(span.toMs - span.fromMs)), agg })
}

/** What covers the plot while there is nothing to draw. */
function stateOf(query: UseQueryResult<SeriesAnswer>, series: readonly ChartSeries[], title: string) {
  return queryState(query, {
    plot: true,
    failed: `${title} could not be read`,
    isEmpty: isUnmeasured(series),
    empty: { title: 'Not measured in this range' },
  })
}

interface LatencyTrackProps extends Bands {
  readonly cluster: string
  readonly members: readonly NamedMember[]
  readonly title: string
  readonly metric: string
  readonly heightPx: number
  readonly log?: boolean
  readonly thresholds: readonly Threshold[]
  /** How often the metric is measured, and how far apart two measurements may be; default: as it is scraped. */
  readonly everyMs?: number
  readonly reachMs?: number
}

function LatencyTrack({
  cluster,
  members,
  title,
  metric,
  heightPx,
  log = false,
  thresholds,
  bands,
  ...sampled
}: LatencyTrackProps) {
  const { everyMs, reachMs } = sampled
  const query = usePageSeries(cluster, metric, 'p99', everyMs)
  const series = useMemo(() => memberSeries(query.data, members, reachMs), [query.data, members, reachMs])
  return (
    <TimeChart
      label={`${title} by member${log ? ', logarithmic' : ''}`}
      kind="line"
      unit="seconds"
      series={series}
      heightPx={heightPx}
      log={log && !isUnmeasured(series)}
      thresholds={thresholds}
      bands={bands}
      track={{ title }}
      state={stateOf(query, series, title)}
    />
  )
}

function PendingTrack({ cluster, bands }: Bands & { cluster: string }) {
  const query = usePageSeries(cluster, memberMetrics.pending, 'max')
  const series = useMemo(() => [worstSeries(query.data, 'cluster', 'highest', 'var(--text-2)')], [query.data])
  const title = 'Proposals pending'
  return (
    <TimeChart
      label="Proposals pending, the highest of all members"
      kind="area"
      unit="count"
      series={series}
      heightPx={52}
      bands={bands}
      track={{ title }}
      state={stateOf(query, series, title)}
    />
  )
}

/** Counted in the record, so its gaps are the record's and not the members'. */
export function ActivityTrack({ cluster, bands }: Bands & { cluster: string }) {
  const { params, span } = useRange()
  const query = useActivity(cluster, {
    metric: 'changes',
    by: 'op',
    ...params,
    stepMs: stepForSpan(span.toMs - span.fromMs),
  })
  // How much of the last bucket has passed is known as of the answer, not of now.
  const askedMs = query.dataUpdatedAt
  const series = useMemo(
    () => [{ id: 'cluster', name: 'cluster', color: 'var(--text-2)', points: ratePerSecond(query.data, askedMs) }],
    [query.data, askedMs],
  )
  return (
    <TimeChart
      label="Recorded changes per second"
      kind="area"
      unit="1/s"
      series={series}
      heightPx={52}
      bands={bands}
      track={{ title: 'Changes/s' }}
      state={queryState(query, {
        plot: true,
        failed: 'Changes could not be read',
        isEmpty: isUnmeasured(series),
        empty: { title: 'No change in this range' },
      })}
    />
  )
}
