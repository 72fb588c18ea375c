import { addHistograms, decodeHistogram, encodeHistogram, type HistogramIncrease } from '../histogram'
import { bytesOrNull, type Cell, numberOf, numberOrNull, type Row, type Statements } from './statements'

const dayMs = 24 * 60 * 60 * 1000

/** Raw samples (level 0) and the two roll-ups, with how long each is kept. Levels are bucket widths in seconds. */
export const sampleLevels = [
  { level: 0, widthMs: 0, next: 60, keptMs: dayMs },
  { level: 60, widthMs: 60_000, next: 600, keptMs: 14 * dayMs },
  { level: 600, widthMs: 600_000, next: null, keptMs: 400 * dayMs },
] as const
export type SampleLevel = (typeof sampleLevels)[number]

/** A bucket is rolled up this long after its end, so that a slow scrape's sample is in it. */
const settleMs = 15_000
/** Buckets rolled up in one transaction: bounds the time that ingest waits. */
const bucketsPerRun = 5

interface Bucket {
  min: number
  max: number
  sum: number
  count: number
  last: number
  spanMs: number
  histogram: HistogramIncrease | null
}

export interface SampleUpkeep {
  /** One bounded step; call again while `more`. Each call is one transaction of its caller. */
  rollUp(nowMs: number): { written: number; more: boolean }
  drop(nowMs: number): number
  /** Of that cluster the raw samples up to then are imported ones, and stay. */
  keepRaw(clusterId: number, throughMs: number): void
  /** Both roll-ups of that time anew, of one cluster: what was imported lies behind the marks of upkeep. */
  rollUpCluster(clusterId: number, fromMs: number, toMs: number): void
}

/** Where the mark of {@link SampleUpkeep.keepRaw} stands. */
export const keptRawMark = (clusterId: number) => `kept-raw:${clusterId}`

export function createSampleUpkeep(statements: Statements): SampleUpkeep {
  const mark = statements.raw('SELECT value FROM upkeep WHERE name = ?')
  const setMark = statements.run(
    'INSERT INTO upkeep (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  )
  const series = statements.raw('SELECT id, cluster_id FROM series')
  const write = statements.run(
    `INSERT OR REPLACE INTO sample_rollup (series_id, level, t_ms, min, max, sum, count, last, span_ms, histogram)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const sources = {
    60: statements.raw(
      `SELECT t_ms, value, value, value, 1, value, span_ms, histogram FROM sample
       WHERE series_id = ? AND t_ms >= ? AND t_ms < ? ORDER BY t_ms`,
    ),
    600: statements.raw(
      `SELECT t_ms, min, max, sum, count, last, span_ms, histogram FROM sample_rollup
       WHERE series_id = ? AND level = 60 AND t_ms >= ? AND t_ms < ? ORDER BY t_ms`,
    ),
  }

  function rollUpLevel(level: 60 | 600, readyMs: number): { written: number; more: boolean } {
    const widthMs = level * 1000
    const start = numberOrNull(mark.get(`rolled:${level}`)?.[0] ?? null) ?? firstBucket(level)
    const ready = Math.floor(readyMs / widthMs) * widthMs
    if (start === null || start >= ready) return { written: 0, more: false }
    const end = Math.min(ready, start + bucketsPerRun * widthMs)
    let written = 0
    for (const [seriesId] of series.all()) written += rollUpSeries(seriesId ?? null, level, start, end)
    setMark.run(`rolled:${level}`, written === 0 ? skipEmpty(level, end, ready) : end)
    return { written, more: end < ready }
  }

  /** Across a time without any sample the mark jumps, or a month's pause would take hours of small steps. */
  function skipEmpty(level: 60 | 600, end: number, ready: number): number {
    const next = firstFrom(level, end)
    return next === null ? ready : Math.min(ready, Math.max(end, next))
  }

  /** Whole buckets of one series and level; returns how many. */
  function rollUpSeries(seriesId: Cell, level: 60 | 600, fromMs: number, toMs: number): number {
    let written = 0
    for (const [tMs, bucket] of merged(sources[level].iterate(seriesId, fromMs, toMs), level * 1000)) {
      const { min, max, sum, count, last, spanMs, histogram } = bucket
      const bytes = histogram === null ? null : encodeHistogram(histogram)
      write.run(seriesId, level, tMs, min, max, sum, count, last, spanMs, bytes)
      written++
    }
    return written
  }

  const firstBucket = (level: 60 | 600) => firstFrom(level, 0)

  function firstFrom(level: 60 | 600, fromMs: number): number | null {
    let first: number | null = null
    const source =
      level === 60
        ? statements.raw('SELECT min(t_ms) FROM sample WHERE series_id = ? AND t_ms >= ?')
        : statements.raw('SELECT min(t_ms) FROM sample_rollup WHERE series_id = ? AND level = 60 AND t_ms >= ?')
    for (const [seriesId, clusterId] of series.all()) {
      // What was imported is rolled up already, and would take hours of small steps.
      const afterMs = Math.max(fromMs, (keptRaw(numberOf(clusterId)) ?? -1) + 1)
      const at = numberOrNull(source.get(seriesId, afterMs)?.[0] ?? null)
      if (at !== null && (first === null || at < first)) first = at
    }
    return first === null ? null : Math.floor(first / (level * 1000)) * level * 1000
  }

  return {
    rollUp(nowMs) {
      const fine = rollUpLevel(60, nowMs - settleMs)
      // The coarse level reads the fine one, so it may come only as far.
      const coarse = rollUpLevel(600, numberOrNull(mark.get('rolled:60')?.[0] ?? null) ?? 0)
      return { written: fine.written + coarse.written, more: fine.more || coarse.more }
    },
    drop(nowMs) {
      let dropped = 0
      for (const { level, keptMs, next } of sampleLevels) {
        // Nothing goes before the next level has it.
        const rolledMs = next === null ? nowMs : numberOrNull(mark.get(`rolled:${next}`)?.[0] ?? null)
        if (rolledMs === null) continue
        const before = Math.min(nowMs - keptMs, rolledMs)
        const remove =
          level === 0
            ? statements.run('DELETE FROM sample WHERE series_id = ? AND t_ms < ? AND t_ms > ?')
            : statements.run('DELETE FROM sample_rollup WHERE series_id = ? AND level = ? AND t_ms < ?')
        for (const [seriesId, clusterId] of series.all()) {
          const bounds = level === 0 ? [before, keptRaw(numberOf(clusterId)) ?? -1] : [level, before]
          dropped += remove.run(seriesId, ...bounds).changes
        }
        setMark.run(`dropped:${level}`, before)
      }
      return dropped
    },
    keepRaw(clusterId, throughMs) {
      setMark.run(keptRawMark(clusterId), Math.max(throughMs, keptRaw(clusterId) ?? throughMs))
    },
    rollUpCluster(clusterId, fromMs, toMs) {
      const own = statements.raw('SELECT id FROM series WHERE cluster_id = ?').all(clusterId)
      for (const level of [60, 600] as const) {
        const widthMs = level * 1000
        const [start, end] = [Math.floor(fromMs / widthMs) * widthMs, Math.ceil(toMs / widthMs) * widthMs]
        for (const [seriesId] of own) rollUpSeries(seriesId ?? null, level, start, end)
      }
    },
  }

  function keptRaw(clusterId: number): number | null {
    return numberOrNull(mark.get(keptRawMark(clusterId))?.[0] ?? null)
  }
}

/** Rows of one series, ascending, merged into buckets. */
function merged(rows: IterableIterator<Row>, widthMs: number): Map<number, Bucket> {
  const buckets = new Map<number, Bucket>()
  for (const row of rows) {
    const tMs = Math.floor(numberOf(row[0]) / widthMs) * widthMs
    const [min, max, sum, count, last, spanMs] = row.slice(1, 7).map(numberOf)
    if (min === undefined || max === undefined || sum === undefined) continue
    if (count === undefined || last === undefined || spanMs === undefined) continue
    const bytes = bytesOrNull(row[7])
    const histogram = bytes === null ? null : decodeHistogram(bytes)
    const bucket = buckets.get(tMs)
    if (bucket === undefined) {
      buckets.set(tMs, { min, max, sum, count, last, spanMs, histogram })
      continue
    }
    bucket.min = Math.min(bucket.min, min)
    bucket.max = Math.max(bucket.max, max)
    bucket.sum += sum
    bucket.count += count
    bucket.last = last
    bucket.spanMs += spanMs
    if (histogram !== null) bucket.histogram = addHistograms(bucket.histogram, histogram)
  }
  return buckets
}
