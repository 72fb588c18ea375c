import type { SeriesAnswer } from '../../../../../lib/contract'
import { type ChartSeries, seriesLook } from '../../../../_charts/prepareSeries'
import { memberName, type NamedMember, shortNames } from './memberNames'

/** From the API's series to the tracks' lines: one line a member, in its colour, missing stays missing. Pure. */

type Point = readonly [ms: number, value: number | null]

/** The largest known value of each moment; null only where none of the series has one. */
export function largest(lists: readonly (readonly Point[])[]): readonly Point[] {
  const byMoment = new Map<number, number | null>()
  for (const points of lists) {
    for (const [ms, value] of points) {
      const known = byMoment.get(ms) ?? null
      byMoment.set(ms, value === null ? known : known === null ? value : Math.max(known, value))
    }
  }
  return [...byMoment].sort(([a], [b]) => a - b)
}

/** The sum of each moment: a series without a value there adds nothing, and where none has one it is unknown. */
export function summed(lists: readonly (readonly Point[])[]): readonly Point[] {
  const byMoment = new Map<number, number | null>()
  for (const points of lists) {
    for (const [ms, value] of points) {
      const known = byMoment.get(ms) ?? null
      byMoment.set(ms, value === null ? known : (known ?? 0) + value)
    }
  }
  return [...byMoment].sort(([a], [b]) => a - b)
}

/**
 * Without the empty moments between two measurements at most `reachMs` apart: etcd had nothing to measure there, which
 * is how it samples and no absence. Longer silence stays a cut in the line.
 */
export function bridged(points: readonly Point[], reachMs: number): readonly Point[] {
  const kept: Point[] = []
  let empty: Point[] = []
  for (const point of points) {
    if (point[1] === null) {
      empty.push(point)
      continue
    }
    const before = kept.at(-1)
    if (before === undefined || point[0] - before[0] > reachMs) kept.push(...empty)
    kept.push(point)
    empty = []
  }
  return [...kept, ...empty]
}

/** Three scrapes at the usual interval. */
const SAMPLE_REACH_MS = 15_000

/** One line a member, in the members' order; of several series of one member (one a peer) the worst counts. */
export function memberSeries(
  answer: SeriesAnswer | undefined,
  members: readonly NamedMember[],
  reachMs = SAMPLE_REACH_MS,
): readonly ChartSeries[] {
  const names = shortNames(members.map(memberName))
  return members.map((member, index) => ({
    id: member.id,
    name: names[index] ?? memberName(member),
    points: bridged(largest(seriesOf(answer, member)), reachMs),
    ...seriesLook(index),
  }))
}

function seriesOf(answer: SeriesAnswer | undefined, member: NamedMember) {
  const own = answer?.series.filter(({ labels }) => labels.member_id === member.id) ?? []
  return own.map(({ points }) => points)
}

/** All members as one line: what the busiest of them has. */
export function worstSeries(answer: SeriesAnswer | undefined, id: string, name: string, color: string): ChartSeries {
  return { id, name, color, points: largest(answer?.series.map(({ points }) => points) ?? []) }
}

/** Changes in buckets to changes per second; the last bucket has not ended, so its rate counts what has passed. */
export function ratePerSecond(answer: SeriesAnswer | undefined, askedMs: number): readonly Point[] {
  if (answer === undefined) return []
  return summed(answer.series.map(({ points }) => points)).flatMap(([ms, value]): Point[] => {
    const passedMs = Math.min(answer.stepMs, askedMs - ms)
    if (passedMs < answer.stepMs / 2) return []
    return [[ms, value === null ? null : (value * 1000) / passedMs]]
  })
}

export const isUnmeasured = (series: readonly ChartSeries[]) =>
  series.every(({ points }) => points.every(([, value]) => value === null))
