import type { AnswerOf, InputOf } from '../contract'
import type { ClusterRow } from '../store/store'
import { parseRange } from './instant'
import { snapshotOf } from './recordedSnapshot'
import { clusterOf, type Scope } from './scope'
import { bucketsOf, type TimeGrid, timeGrid } from './timeGrid'

const barsByDefault = 120
/**
 * The record keeps sums of ten seconds. Finer bars need every single change to be read, which is bearable for a
 * minute of a busy cluster and not for more.
 */
export const activityGrainMs = 10_000
const fineSpanMs = 60_000

/**
 * Recorded changes (or value bytes) per bucket for the busiest labels, the rest as `other`. A bucket without changes
 * is 0 where the record covers it and null where it does not.
 */
export async function activity(scope: Scope, input: InputOf<'activity'>): Promise<AnswerOf<'activity'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const range = parseRange(input, scope.nowMs)
  const grainMs = range.toMs - range.fromMs > fineSpanMs ? activityGrainMs : 1_000
  const grid = timeGrid(range, input.step, { points: barsByDefault, minStepMs: grainMs, grainMs })
  const { metric, by, top } = input
  const { series, labels } = await scope.reader.activity(cluster, { metric, by, top, ...grid })
  const busy = new Set(series.flatMap((one) => one.points.flatMap(([t, value]) => (value > 0 ? [t] : []))))
  const unknown = uncoveredBuckets(cluster, grid, scope.nowMs)
  return {
    metric,
    unit: metric === 'bytes' ? 'bytes' : 'count',
    stepMs: grid.stepMs,
    total: labels,
    series: series.map((one) => {
      const values = new Map(one.points)
      return {
        labels: one.label === null ? { [by]: 'other', other: 'true' } : { [by]: one.label },
        points: [...bucketsOf(grid)].map((t): [number, number | null] => [
          t,
          values.get(t) ?? (unknown.has(t) && !busy.has(t) ? null : 0),
        ]),
      }
    }),
  }
}

/** Buckets of which the record cannot say that nothing happened. */
function uncoveredBuckets(cluster: ClusterRow, grid: TimeGrid, nowMs: number): Set<number> {
  const covered = watchedTimes(cluster, nowMs)
  const unknown = new Set<number>()
  for (const t of bucketsOf(grid)) {
    const endMs = Math.min(t + grid.stepMs, nowMs)
    if (t >= nowMs || !covered.some((span) => span.fromMs < endMs && t <= span.toMs)) unknown.add(t)
  }
  return unknown
}

/** Stretches of time in which every change is recorded: each epoch from its first change on, less its gaps. */
function watchedTimes(cluster: ClusterRow, nowMs: number): { fromMs: number; toMs: number }[] {
  const snapshot = snapshotOf(cluster, nowMs)
  return cluster.epochs.flatMap((epoch, index) => {
    if (epoch.firstMs === null) return []
    const newest = index === cluster.epochs.length - 1
    const seenMs = newest && snapshot?.document.state === 'live' ? snapshot.atMs : 0
    const spans: { fromMs: number; toMs: number }[] = []
    let fromMs = epoch.firstMs
    const gaps = cluster.gaps.filter((gap) => gap.epoch === epoch.epoch).sort((a, b) => a.atMs - b.atMs)
    for (const gap of gaps) {
      if (gap.beforeMs !== null && gap.beforeMs >= fromMs) spans.push({ fromMs, toMs: gap.beforeMs })
      fromMs = Math.max(fromMs, gap.atMs)
    }
    spans.push({ fromMs, toMs: Math.max(epoch.lastMs ?? fromMs, seenMs) })
    return spans
  })
}
