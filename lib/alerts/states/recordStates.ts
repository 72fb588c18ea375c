import type { RecordedState } from './state'

/** States that are read off the record's own rows: who writes, what gaps have lost. */

/** Buckets of the activity: the width in which writes are counted. */
const bucketMs = 10_000
const managersShown = 25

/** Share of each manager of all bytes written within the window; no value while nothing was written. */
export const writerShare: RecordedState = {
  kind: 'record',
  metrics: () => ({}),
  async read(reader, cluster, { fromMs, toMs, windowMs }) {
    const query = { metric: 'bytes' as const, fromMs: fromMs - windowMs, toMs, stepMs: bucketMs }
    const [byManager, all] = await Promise.all([
      reader.activity(cluster, { ...query, by: 'manager', top: managersShown }),
      reader.activity(cluster, { ...query, by: 'op', top: 3 }),
    ])
    const managers = byManager.series.flatMap(({ label, points }) =>
      label === null || label === '' ? [] : [{ labels: { manager: label }, sum: slidingSum(points) }],
    )
    const totals = all.series.map(({ points }) => slidingSum(points))
    return ({ nowMs }) => {
      const total = totals.reduce((sum, sumOf) => sum + sumOf(nowMs - windowMs, nowMs), 0)
      if (total === 0) return []
      return managers.flatMap(({ labels, sum }) => {
        const bytes = sum(nowMs - windowMs, nowMs)
        return bytes === 0 ? [] : [{ labels, value: Math.min(1, bytes / total) }]
      })
    }
  },
}

/** Sum over buckets that begin within [fromMs, toMs), in the time that it takes to find two places. */
function slidingSum(points: readonly (readonly [number, number])[]): (fromMs: number, toMs: number) => number {
  const sums = [0]
  for (const [, amount] of points) sums.push((sums.at(-1) ?? 0) + amount)
  const placeOf = (atMs: number) => {
    let [low, high] = [0, points.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((points[middle]?.[0] ?? 0) < atMs) low = middle + 1
      else high = middle
    }
    return low
  }
  return (fromMs, toMs) => (sums[placeOf(toMs)] ?? 0) - (sums[placeOf(fromMs)] ?? 0)
}

/** Revisions that gaps found within the window have lost. */
export const gapRevisions: RecordedState = {
  kind: 'record',
  metrics: () => ({}),
  async read(reader, cluster, { windowMs }) {
    const gaps = (await reader.cluster(cluster.name))?.gaps ?? []
    return ({ nowMs }) => {
      const found = gaps.filter(({ atMs }) => atMs > nowMs - windowMs && atMs <= nowMs)
      const lost = found.reduce((sum, gap) => sum + Number(gap.toRevision - gap.fromRevision + 1n), 0)
      const reason = found.at(-1)?.reason
      return [{ labels: {}, value: lost, ...(reason === undefined ? {} : { details: { reason } }) }]
    }
  },
}
