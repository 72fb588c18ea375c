import type { SeriesAnswer } from '../contract'
import type { MemberStateInput } from '../store/store'
import { bucketsOf, type TimeGrid } from './timeGrid'

type Stretch = MemberStateInput & { readonly fromMs: number; readonly toMs: number }

/**
 * `up` of each member from its observed states: 1 while it answers, 0 while it does not, null while nobody looked.
 * `min` (the default) keeps an outage shorter than a bucket visible; `avg` is the share of the observed time.
 */
export function upSeries(stretches: readonly Stretch[], grid: TimeGrid, agg: string): SeriesAnswer['series'] {
  return [...groupByMember(stretches)]
    .map(([memberId, own]) => ({
      labels: { member: own.at(-1)?.name ?? memberId, member_id: memberId },
      points: pointsOf(own, grid, agg),
    }))
    .sort((a, b) => (a.labels.member < b.labels.member ? -1 : 1))
}

function groupByMember(stretches: readonly Stretch[]): Map<string, Stretch[]> {
  const groups = new Map<string, Stretch[]>()
  for (const stretch of stretches) {
    const own = groups.get(stretch.memberId)
    if (own) own.push(stretch)
    else groups.set(stretch.memberId, [stretch])
  }
  return groups
}

function pointsOf(stretches: readonly Stretch[], grid: TimeGrid, agg: string): [number, number | null][] {
  const sorted = [...stretches].sort((a, b) => a.fromMs - b.fromMs)
  let first = 0
  const points: [number, number | null][] = []
  for (const t of bucketsOf(grid)) {
    const endMs = t + grid.stepMs
    while (first < sorted.length && (sorted[first]?.toMs ?? 0) < t) first += 1
    const seen: Stretch[] = []
    for (let i = first; i < sorted.length; i++) {
      const stretch = sorted[i]
      if (!stretch || stretch.fromMs >= endMs) break
      if (stretch.toMs >= t) seen.push(stretch)
    }
    points.push([t, seen.length === 0 ? null : bucketValue(seen, t, endMs, agg)])
  }
  return points
}

function bucketValue(seen: readonly Stretch[], t: number, endMs: number, agg: string): number {
  const values = seen.map((stretch) => (stretch.state === 'down' ? 0 : 1))
  if (agg === 'max') return Math.max(...values)
  if (agg === 'last') return values.at(-1) ?? 0
  if (agg !== 'avg') return Math.min(...values)
  let upMs = 0
  let allMs = 0
  seen.forEach((stretch, i) => {
    const spanMs = Math.max(1, Math.min(stretch.toMs, endMs) - Math.max(stretch.fromMs, t))
    allMs += spanMs
    upMs += spanMs * (values[i] ?? 0)
  })
  return upMs / allMs
}
