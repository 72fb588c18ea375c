import { ScopeError } from '../../core/errors'
import { kindCodes, wordOf } from '../codes'
import { addHistograms, decodeHistogram, type HistogramIncrease, quantileOf } from '../histogram'
import type { StoredSample, StoredSeries } from '../samples'
import type { RecordReader, SampleInput, SeriesPoints } from '../store'
import { keptRawMark, type SampleLevel, sampleLevels } from './rollups'
import { boundsOf } from './sampleWriter'
import { bytesOrNull, numberOf, numberOrNull, type Row, type Statements, textOf } from './statements'

/** Metrics over time, from raw samples or their roll-ups, whichever fits the step and still exists. */
export type SeriesReader = Pick<RecordReader, 'series' | 'metricNames' | 'samples'>
type Agg = Parameters<RecordReader['series']>[1]['agg']
type Kind = SampleInput['kind']

const aggsOf: Readonly<Record<Kind, readonly Agg[]>> = {
  gauge: ['avg', 'min', 'max', 'last', 'sum'],
  counter: ['rate', 'sum'],
  histogram: ['p50', 'p90', 'p99', 'rate', 'avg'],
}
/** Reading goes on this long before other work of the process gets its turn. */
const stepBudgetMs = 8
const quantiles: Partial<Record<Agg, number>> = { p50: 0.5, p90: 0.9, p99: 0.99 }

interface Bucket {
  min: number
  max: number
  sum: number
  count: number
  last: number
  spanMs: number
  histogram: HistogramIncrease | null
}

/** A stretch of time and the level that answers for it. */
interface Segment {
  readonly level: SampleLevel
  readonly fromMs: number
  readonly toMs: number
}

export function createSeriesReader(statements: Statements): SeriesReader {
  const mark = (name: string): number | null =>
    numberOrNull(statements.raw('SELECT value FROM upkeep WHERE name = ?').get(name)?.[0] ?? null)

  /** What each level holds: [from, to), its start on a whole bucket of the next coarser one. */
  function heldByLevel(): { fromMs: number; toMs: number }[] {
    return sampleLevels.map(({ level }, at) => {
      const dropped = mark(`dropped:${level}`)
      const widthMs = sampleLevels[at + 1]?.widthMs ?? 1
      return {
        fromMs: dropped === null ? Number.NEGATIVE_INFINITY : Math.ceil(dropped / widthMs) * widthMs,
        toMs: level === 0 ? Number.POSITIVE_INFINITY : (mark(`rolled:${level}`) ?? Number.NEGATIVE_INFINITY),
      }
    })
  }

  /**
   * The coarsest level that divides the step answers for what it holds; finer ones for what is not rolled up yet,
   * coarser ones for what the finer ones have dropped. Oldest first.
   */
  function segmentsOf(clusterId: number, fromMs: number, toMs: number, stepMs: number): Segment[] {
    const held = heldByLevel()
    const keptRawMs = mark(keptRawMark(clusterId)) ?? Number.NEGATIVE_INFINITY
    const best = sampleLevels.findLastIndex((level) => level.widthMs === 0 || stepMs % level.widthMs === 0)
    const choice = sampleLevels.map((_, at) => (at <= best ? best - at : at))
    const edges = [fromMs, keptRawMs + 1, ...held.flatMap((span) => [span.fromMs, span.toMs]), toMs]
      .filter((edge) => edge >= fromMs && edge <= toMs)
      .sort((a, b) => a - b)
    const segments: Segment[] = []
    edges.forEach((start, index) => {
      const end = edges[index + 1]
      if (end === undefined || end === start) return
      const at = choice.find((candidate) => {
        const span = held[candidate]
        if (candidate === 0 && start <= keptRawMs) return true
        return span !== undefined && start >= span.fromMs && start < span.toMs
      })
      const level = at === undefined ? undefined : sampleLevels[at]
      if (level !== undefined) segments.push({ level, fromMs: start, toMs: end })
    })
    return segments
  }

  function rowsOf(seriesId: number, segment: Segment): Row[] {
    if (segment.level.level === 0) {
      return statements
        .raw(
          `SELECT t_ms, value, value, value, 1, value, span_ms, histogram FROM sample
           WHERE series_id = ? AND t_ms >= ? AND t_ms < ? ORDER BY t_ms`,
        )
        .all(seriesId, segment.fromMs, segment.toMs)
    }
    return statements
      .raw(
        `SELECT t_ms, min, max, sum, count, last, span_ms, histogram FROM sample_rollup
         WHERE series_id = ? AND level = ? AND t_ms >= ? AND t_ms < ? ORDER BY t_ms`,
      )
      .all(seriesId, segment.level.level, segment.fromMs, segment.toMs)
  }

  function bucketsOf(seriesId: number, segments: readonly Segment[], stepMs: number): Map<number, Bucket> {
    const buckets = new Map<number, Bucket>()
    for (const segment of segments) {
      for (const row of rowsOf(seriesId, segment)) addRow(buckets, row, stepMs)
    }
    return buckets
  }

  return {
    async metricNames(cluster) {
      return statements
        .raw('SELECT DISTINCT metric, kind FROM series WHERE cluster_id = ? ORDER BY metric')
        .all(cluster.id)
        .map((row) => ({ metric: textOf(row[0]), kind: wordOf(kindCodes, numberOf(row[1])) }))
    },

    async series(cluster, { metric, fromMs, toMs, stepMs, agg }) {
      const start = Math.floor(fromMs / stepMs) * stepMs
      const end = Math.ceil(toMs / stepMs) * stepMs
      const segments = segmentsOf(cluster.id, start, end, stepMs)
      const byLabels = new Map<string, Map<number, number>>()
      const found = statements
        .raw('SELECT id, kind, labels, bounds FROM series WHERE cluster_id = ? AND metric = ? ORDER BY id')
        .all(cluster.id, metric)
      for (const row of found) {
        const kind = wordOf(kindCodes, numberOf(row[1]))
        refuseUnfit(metric, kind, agg)
        const bounds = boundsOf(textOf(row[3]))
        // Series with the same labels differ in their buckets' bounds: a member's new version followed the old one.
        const points = byLabels.get(textOf(row[2])) ?? new Map<number, number>()
        byLabels.set(textOf(row[2]), points)
        for (const [tMs, bucket] of bucketsOf(numberOf(row[0]), segments, stepMs)) {
          const value = aggregated(bucket, kind, agg, bounds)
          if (value !== null) points.set(tMs, value)
        }
        await new Promise(setImmediate)
      }
      return [...byLabels]
        .map(([labels, points]) => seriesPoints(labels, points))
        .filter((one) => one.points.length > 0)
    },

    async samples(cluster, { metrics, afterMs, toMs }, signal) {
      // A roll-up is told at the end of its bucket, so the one that began before may end within.
      const segments = segmentsOf(cluster.id, afterMs - widestMs, toMs + 1, 1).flatMap((segment) => {
        const fromMs = Math.max(segment.fromMs, afterMs + 1 - segment.level.widthMs)
        return fromMs < segment.toMs ? [{ ...segment, fromMs }] : []
      })
      const found: StoredSeries[] = []
      let yieldAtMs = performance.now() + stepBudgetMs
      for (const metric of new Set(metrics)) {
        const rows = statements
          .raw('SELECT id, kind, labels, bounds FROM series WHERE cluster_id = ? AND metric = ? ORDER BY id')
          .all(cluster.id, metric)
        for (const row of rows) {
          const id = numberOf(row[0])
          const kind = wordOf(kindCodes, numberOf(row[1]))
          const samples = segments
            .flatMap((segment) => rowsOf(id, segment).map((cells) => sampleOf(cells, segment.level, kind)))
            .filter(({ atMs }) => atMs > afterMs && atMs <= toMs)
          if (samples.length > 0) {
            found.push({
              id,
              metric,
              kind,
              labels: labelsOf(textOf(row[2])),
              bounds: boundsOf(textOf(row[3])),
              samples,
            })
          }
          if (performance.now() < yieldAtMs) continue
          await new Promise(setImmediate)
          signal?.throwIfAborted()
          yieldAtMs = performance.now() + stepBudgetMs
        }
      }
      return found
    },
  }
}

const widestMs = Math.max(...sampleLevels.map((level) => level.widthMs))

function sampleOf(row: Row, level: SampleLevel, kind: Kind): StoredSample {
  const [tMs, min, max, sum, count, last, spanMs] = row.slice(0, 7).map(numberOf)
  const bytes = bytesOrNull(row[7])
  return {
    atMs: (tMs ?? 0) + level.widthMs,
    value: (kind === 'gauge' ? last : sum) ?? 0,
    spanMs: spanMs ?? 0,
    ...(level.widthMs === 0 ? {} : { bucket: { min: min ?? 0, max: max ?? 0, sum: sum ?? 0, count: count ?? 0 } }),
    ...(bytes === null ? {} : { counts: decodeHistogram(bytes).counts }),
  }
}

function addRow(buckets: Map<number, Bucket>, row: Row, stepMs: number): void {
  const tMs = Math.floor(numberOf(row[0]) / stepMs) * stepMs
  const bytes = bytesOrNull(row[7])
  const histogram = bytes === null ? null : decodeHistogram(bytes)
  const bucket = buckets.get(tMs)
  if (bucket === undefined) {
    const [min, max, sum, count] = [numberOf(row[1]), numberOf(row[2]), numberOf(row[3]), numberOf(row[4])]
    buckets.set(tMs, { min, max, sum, count, last: numberOf(row[5]), spanMs: numberOf(row[6]), histogram })
    return
  }
  bucket.min = Math.min(bucket.min, numberOf(row[1]))
  bucket.max = Math.max(bucket.max, numberOf(row[2]))
  bucket.sum += numberOf(row[3])
  bucket.count += numberOf(row[4])
  bucket.last = numberOf(row[5])
  bucket.spanMs += numberOf(row[6])
  if (histogram !== null) bucket.histogram = addHistograms(bucket.histogram, histogram)
}

/** Null where the bucket holds nothing to divide by: missing is missing, not zero. */
function aggregated(bucket: Bucket, kind: Kind, agg: Agg, bounds: readonly number[]): number | null {
  const quantile = quantiles[agg]
  if (quantile !== undefined) return quantileOf(quantile, bounds, bucket.histogram?.counts ?? [])
  if (agg === 'rate') return bucket.spanMs > 0 ? (bucket.sum * 1000) / bucket.spanMs : null
  if (agg === 'avg' && kind === 'histogram') {
    return bucket.sum > 0 && bucket.histogram !== null ? bucket.histogram.sum / bucket.sum : null
  }
  if (agg === 'avg') return bucket.sum / bucket.count
  if (agg === 'min') return bucket.min
  if (agg === 'max') return bucket.max
  if (agg === 'last') return bucket.last
  return bucket.sum
}

function refuseUnfit(metric: string, kind: Kind, agg: Agg): void {
  if (aggsOf[kind].includes(agg)) return
  throw new ScopeError('BAD_REQUEST', `${metric} is a ${kind}: agg must be one of ${aggsOf[kind].join(', ')}.`, {
    subject: 'agg',
  })
}

function seriesPoints(labelsText: string, points: Map<number, number>): SeriesPoints {
  return { labels: labelsOf(labelsText), points: [...points].sort(([a], [b]) => a - b) }
}

function labelsOf(text: string): Record<string, string> {
  const parsed: unknown = JSON.parse(text)
  return Object.fromEntries(Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]))
}
