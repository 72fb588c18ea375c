import type { Cluster } from '../contract'
import type { ClusterRow, RecordReader } from '../store/store'
import { timeOf } from './instant'
import { prefixOfKey } from './mainPrefix'

/** When the database will be full, by a straight line through its size of the last hours, and what fills it. */

const hourMs = 3_600_000
const fitWindowMs = 4 * hourMs
const fitStepMs = 5 * 60_000
/** Below this much history a line says nothing. */
const fitMinimumMs = 20 * 60_000
const fitMinimumPoints = 5
/** Farther away is not a forecast. */
const horizonMs = 365 * 24 * hourMs
/** Enough recent changes to name the prefix that writes most; a bound on the cost of the answer. */
const sampledChanges = 500
const keepMs = 30_000

type Forecast = Omit<Cluster['quota'], 'reclaimableBytes'>

interface Kept {
  readonly atMs: number
  readonly forecast: Promise<Forecast>
}
/** The clusters list is asked for every second by every tab; the line moves in minutes. */
const kept = new WeakMap<RecordReader, Map<string, Kept>>()

export function quotaForecast(
  reader: RecordReader,
  row: ClusterRow,
  quotaBytes: number | null,
  nowMs: number,
): Promise<Forecast> {
  const ofReader = kept.get(reader) ?? new Map<string, Kept>()
  kept.set(reader, ofReader)
  const id = `${row.id} ${quotaBytes}`
  const entry = ofReader.get(id)
  if (entry && Math.abs(nowMs - entry.atMs) < keepMs) return entry.forecast
  const forecast = makeForecast(reader, row, quotaBytes, nowMs)
  ofReader.set(id, { atMs: nowMs, forecast })
  forecast.catch(() => ofReader.delete(id))
  return forecast
}

async function makeForecast(
  reader: RecordReader,
  row: ClusterRow,
  quotaBytes: number | null,
  nowMs: number,
): Promise<Forecast> {
  const toMs = Math.ceil(nowMs / fitStepMs) * fitStepMs
  const series = await reader.series(row, {
    metric: 'etcd_mvcc_db_total_size_in_bytes',
    fromMs: toMs - fitWindowMs,
    toMs,
    stepMs: fitStepMs,
    agg: 'last',
  })
  const growth = growthOf(largestPerBucket(series.map((s) => s.points)))
  return {
    growthBytesPerDay: growth && growth.bytesPerMs * 24 * hourMs,
    fullAt: growth && quotaBytes ? fullAt(growth, quotaBytes, nowMs) : null,
    mainPrefix: await mainPrefix(reader, row),
  }
}

/** The quota binds the member with the largest file. */
function largestPerBucket(series: readonly (readonly (readonly [number, number])[])[]): [number, number][] {
  const largest = new Map<number, number>()
  for (const [t, value] of series.flat()) largest.set(t, Math.max(largest.get(t) ?? 0, value))
  return [...largest].sort((a, b) => a[0] - b[0])
}

export interface Growth {
  readonly bytesPerMs: number
  /** The line's value at `lastMs`. */
  readonly lastBytes: number
  readonly lastMs: number
}

/** Least squares; null when the points cover too little time. */
export function growthOf(points: readonly (readonly [number, number])[]): Growth | null {
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < fitMinimumPoints || last[0] - first[0] < fitMinimumMs) return null
  const meanT = points.reduce((sum, p) => sum + (p[0] - first[0]), 0) / points.length
  const meanV = points.reduce((sum, p) => sum + p[1], 0) / points.length
  let covariance = 0
  let variance = 0
  for (const [t, value] of points) {
    const away = t - first[0] - meanT
    covariance += away * (value - meanV)
    variance += away * away
  }
  const bytesPerMs = covariance / variance
  return { bytesPerMs, lastBytes: meanV + bytesPerMs * (last[0] - first[0] - meanT), lastMs: last[0] }
}

export function fullAt(growth: Growth, quotaBytes: number, nowMs: number): string | null {
  if (growth.lastBytes >= quotaBytes) return timeOf(nowMs)
  if (growth.bytesPerMs <= 0) return null
  const atMs = growth.lastMs + (quotaBytes - growth.lastBytes) / growth.bytesPerMs
  return atMs - nowMs > horizonMs ? null : timeOf(Math.max(atMs, nowMs))
}

/** By bytes of the newest changes: what writes now, at a cost that does not grow with the record. */
async function mainPrefix(reader: RecordReader, row: ClusterRow): Promise<string | null> {
  const newest = await reader.changes(row, {}, { order: 'desc', limit: sampledChanges, after: null })
  const bytes = new Map<string, number>()
  for (const change of newest) {
    const prefix = prefixOfKey(change.key)
    bytes.set(prefix, (bytes.get(prefix) ?? 0) + change.valueBytes + change.key.length)
  }
  return [...bytes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null
}
