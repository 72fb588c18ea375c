import type { Rollout, WorkloadAnswer, WorkloadService } from '../../../../../../lib/contract'
import type { Band } from '../../../../../_charts/Overlays'
import type { ChartMark } from '../../../../../_charts/prepareMarks'
import type { ChartSeries } from '../../../../../_charts/prepareSeries'
import { formatClock, formatDuration } from '../../../../../_client/format'
import { statusWashes } from '../prepareItemSteps'
import { outcomeWords } from '../workloadWords'

/** The charts of one workload: desired against actual, washes where it had not converged, and its rollouts as marks. Pure. */

const figures = [
  { id: 'desired', color: 'var(--text)', style: 'dashed' },
  { id: 'updated', color: 'var(--chart-3)', style: 'dotted' },
  { id: 'ready', color: 'var(--chart-2)', style: 'dashed' },
  { id: 'available', color: 'var(--chart-1)', style: 'solid' },
] as const

/** The figure that tells most is the solid line, whichever a kind has. */
const actualLook = { color: 'var(--chart-1)', style: 'solid' } as const

/** What the last figure of a Job counts is said by its own word. */
const jobWords: Readonly<Record<string, string>> = { desired: 'to complete', ready: 'ready', available: 'succeeded' }

/** One line a figure that the kind has; the first stands on top. */
export function replicaSeries({
  timeline,
  kind,
  deletedAt,
}: Pick<WorkloadAnswer, 'timeline' | 'kind' | 'deletedAt'>): readonly ChartSeries[] {
  const steps = timeline.map((step) => ({ ...step, ms: Date.parse(step.at) }))
  const endMs = deletedAt === null ? null : Date.parse(deletedAt)
  const known = figures.filter(({ id }) => steps.some((step) => step[id] !== null))
  return known.map(({ id, color, style }) => ({
    id,
    name: (kind === 'Job' ? jobWords[id] : undefined) ?? id,
    ...(id !== 'desired' && id === known.at(-1)?.id ? actualLook : { color, style }),
    holds: true,
    points: [...steps.map((step) => [step.ms, step[id]] as const), ...(endMs === null ? [] : [[endMs, null] as const])],
  }))
}

const bandWords = (statuses: readonly string[]): string =>
  statuses.length === 1 && statuses[0] !== 'InProgress' ? (statuses[0] ?? '') : 'not converged'

export function statusBands(timeline: WorkloadAnswer['timeline'], endMs: number): readonly Band[] {
  const steps = timeline.map(({ at, status, reason }) => ({
    ms: Date.parse(at),
    status: reason === 'Deleted' || reason === 'NotRecorded' ? null : status,
  }))
  return statusWashes(steps, endMs).map(({ fromMs, toMs, tone, statuses }) => ({
    fromMs,
    toMs,
    tone: tone === 'unknown' ? 'selected' : tone,
    label: bandWords(statuses),
  }))
}

export const ROLLOUT_MARK = 'rollout-'

export function rolloutMarks(rollouts: readonly Rollout[]): readonly ChartMark[] {
  return rollouts.map((rollout) => {
    const ms = Date.parse(rollout.startedAt)
    const { words } = outcomeWords[rollout.outcome]
    const took = rollout.convergedMs === null ? words : `${words} in ${formatDuration(rollout.convergedMs)}`
    return {
      id: `${ROLLOUT_MARK}${rollout.generation}`,
      ms,
      kind: 'rollout',
      label: `Rollout of generation ${rollout.generation}, ${formatClock(ms)}: ${rollout.summary}, ${took}`,
    }
  })
}

/** Its generation when the mark is a rollout's. */
export const generationOf = (mark: Pick<ChartMark, 'id'>): string | null =>
  mark.id.startsWith(ROLLOUT_MARK) ? mark.id.slice(ROLLOUT_MARK.length) : null

export function endpointSeries(service: WorkloadService): readonly ChartSeries[] {
  const series = [
    {
      id: `${service.key} ready`,
      name: 'ready',
      color: 'var(--chart-1)',
      style: 'solid',
      holds: true,
      points: service.steps.map(({ t, ready }) => [t, ready] as const),
    },
    {
      id: `${service.key} notReady`,
      name: 'not ready',
      color: 'var(--chart-2)',
      style: 'dashed',
      holds: true,
      points: service.steps.map(({ t, notReady }) => [t, notReady] as const),
    },
  ] as const
  return service.steps.some(({ notReady }) => notReady > 0) ? series : series.slice(0, 1)
}

/** When a Service had no ready endpoint. */
export function emptyBands(service: WorkloadService, endMs: number): readonly Band[] {
  return service.emptied.map(({ at, until }) => ({
    fromMs: Date.parse(at),
    toMs: until === null ? endMs : Date.parse(until),
    tone: 'critical',
    label: 'none ready',
  }))
}
