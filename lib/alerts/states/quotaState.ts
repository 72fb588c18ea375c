import { growthOf } from '../../query/quota'
import type { ClusterRef, RecordReader } from '../../store'
import { lookbackMs } from '../needs'
import { newestWithin } from './sampledStates'
import type { RecordedState, StateView } from './state'

/**
 * Hours until the database of the fullest member reaches its quota, by a straight line through its size of the last
 * four hours; no value while it does not grow, or farther away than a year. What writes most is named beside it.
 */

const hourMs = 3_600_000
const fitWindowMs = 4 * hourMs
const horizonHours = 365 * 24
const sizeMetric = 'etcd_mvcc_db_total_size_in_bytes'
const quotaMetric = 'etcd_server_quota_backend_bytes'
/** One point of the line for each of these; more would change nothing. */
const fitStepMs = 60_000
/** Who writes is counted over the hour before. */
const writersMs = hourMs
const writersStepMs = 600_000

export const quotaHoursLeft: RecordedState = {
  kind: 'record',
  metrics: () => ({ [sizeMetric]: fitWindowMs, [quotaMetric]: lookbackMs }),
  async read(reader, cluster, { fromMs, toMs }) {
    const mainAt = await mainWriters(reader, cluster, fromMs, toMs)
    return (view) => {
      const hours = hoursLeft(view)
      if (hours === null) return []
      const prefix = mainAt(view.nowMs)
      return [{ labels: {}, value: hours, ...(prefix === null ? {} : { details: { prefix } }) }]
    }
  },
}

function hoursLeft(view: StateView): number | null {
  let least: number | null = null
  for (const sizes of view.series(sizeMetric)) {
    const quota = quotaOf(view, sizes.labels.member_id)
    if (quota === null) continue
    const points: [number, number][] = []
    for (const row of sizes.rows.slice(sizes.firstAfter(view.nowMs - fitWindowMs), sizes.firstAfter(view.nowMs))) {
      const last = points.at(-1)
      if (last === undefined || row.atMs - last[0] >= fitStepMs) points.push([row.atMs, row.value])
    }
    const growth = growthOf(points)
    if (growth === null) continue
    const left = (quota - growth.lastBytes) / growth.bytesPerMs
    const hours = growth.lastBytes >= quota ? 0 : (growth.lastMs + left - view.nowMs) / hourMs
    if (growth.bytesPerMs <= 0 && growth.lastBytes < quota) continue
    if (hours <= horizonHours && (least === null || hours < least)) least = Math.max(0, hours)
  }
  return least
}

function quotaOf(view: StateView, memberId: string | undefined): number | null {
  for (const series of view.series(quotaMetric)) {
    if (series.labels.member_id !== memberId) continue
    const bytes = newestWithin(series, view.nowMs)
    if (bytes !== null && bytes > 0) return bytes
  }
  return null
}

/** The resource (outside Kubernetes: the first segments of the keys) that wrote most bytes in the hour before. */
async function mainWriters(reader: RecordReader, cluster: ClusterRef, fromMs: number, toMs: number) {
  const { series } = await reader.activity(cluster, {
    metric: 'bytes',
    by: 'resource',
    fromMs: fromMs - writersMs,
    toMs,
    stepMs: writersStepMs,
    top: 10,
  })
  return (nowMs: number): string | null => {
    let most: { label: string; bytes: number } | null = null
    for (const { label, points } of series) {
      if (label === null) continue
      const bytes = points.reduce((sum, [t, amount]) => (t > nowMs - writersMs && t <= nowMs ? sum + amount : sum), 0)
      if (bytes > 0 && (most === null || bytes > most.bytes)) most = { label, bytes }
    }
    return most?.label ?? null
  }
}
