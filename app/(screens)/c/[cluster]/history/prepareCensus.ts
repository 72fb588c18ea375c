import type { Change, SeriesAnswer } from '../../../../../lib/contract'
import type { ChartSeries } from '../../../../_charts/prepareSeries'
import { formatCount } from '../../../../_client/format'

/** How many changes of each sort a range holds, in total and over time. Pure. */

export const sorts = ['spec', 'metadata', 'delete', 'status', 'heartbeat', 'none'] as const
export type Sort = (typeof sorts)[number]

/** A delete is counted as one, whatever it deleted: it reads first. */
export const sortOf = (change: Pick<Change, 'op' | 'significance'>): Sort =>
  change.op === 'delete' ? 'delete' : change.significance

export const sortColors: Readonly<Record<Sort, string>> = {
  spec: 'var(--text-2)',
  metadata: 'var(--chart-other)',
  delete: 'var(--critical-mark)',
  status: 'color-mix(in srgb, var(--chart-other) 55%, var(--panel))',
  heartbeat: 'color-mix(in srgb, var(--chart-other) 32%, var(--panel))',
  none: 'color-mix(in srgb, var(--chart-other) 18%, var(--panel))',
}

export interface Census {
  readonly total: number
  readonly counts: Readonly<Record<Sort, number>>
  readonly series: readonly ChartSeries[]
  /** False: only the newest were counted, down to `fromMs`. */
  readonly complete: boolean
  readonly fromMs: number
}

const noCounts = (): Record<Sort, number> => ({ spec: 0, metadata: 0, delete: 0, status: 0, heartbeat: 0, none: 0 })

export interface Buckets {
  readonly stepMs: number
  readonly fromMs: number
}

/** Counted one by one. `complete` false: there are older ones that were not read. */
export function censusOf(changes: readonly Change[], { stepMs, fromMs }: Buckets, complete: boolean): Census {
  const counts = noCounts()
  const buckets = new Map<number, Record<Sort, number>>()
  let total = 0
  for (const change of changes) {
    const ms = Date.parse(change.at)
    if (ms < fromMs) continue
    const start = Math.floor(ms / stepMs) * stepMs
    const bucket = buckets.get(start) ?? noCounts()
    buckets.set(start, bucket)
    bucket[sortOf(change)] += 1
    counts[sortOf(change)] += 1
    total += 1
  }
  const starts = [...buckets.keys()].sort((a, b) => a - b)
  const last = changes[changes.length - 1]
  return {
    total,
    counts,
    series: seriesOf(counts, (sort) => starts.map((ms) => [ms, buckets.get(ms)?.[sort] ?? 0] as const)),
    complete,
    fromMs: complete || last === undefined ? fromMs : Math.max(fromMs, Date.parse(last.at)),
  }
}

/** From the server's totals by significance: exact however many there are, but deletes are not told apart. */
export function censusOfActivity(answer: SeriesAnswer, shown: readonly string[] | null, fromMs: number): Census {
  const counts = noCounts()
  const points = new Map<Sort, readonly (readonly [number, number | null])[]>()
  for (const one of answer.series) {
    const sort = sorts.find((known) => known === one.labels.significance)
    if (sort === undefined || (shown !== null && !shown.includes(sort))) continue
    points.set(sort, one.points)
    counts[sort] = sumOf(one.points)
  }
  const total = sorts.reduce((sum, sort) => sum + counts[sort], 0)
  return { total, counts, series: seriesOf(counts, (sort) => points.get(sort) ?? []), complete: true, fromMs }
}

function seriesOf(
  counts: Readonly<Record<Sort, number>>,
  pointsOf: (sort: Sort) => ChartSeries['points'],
): readonly ChartSeries[] {
  return sorts
    .filter((sort) => counts[sort] > 0)
    .map((sort) => ({ id: sort, name: sort, color: sortColors[sort], points: pointsOf(sort) }))
}

const sumOf = (points: readonly (readonly [number, number | null])[]) =>
  points.reduce((sum, [, value]) => sum + (value ?? 0), 0)

const noise: ReadonlySet<string> = new Set(['status', 'heartbeat', 'none'])

/** Writes that the default view leaves out. */
export function hiddenNoise(answer: SeriesAnswer | undefined): number | null {
  if (answer === undefined) return null
  return answer.series
    .filter(({ labels }) => noise.has(labels.significance ?? ''))
    .reduce((sum, { points }) => sum + sumOf(points), 0)
}

/** "38 changes", "1,000+ changes". */
export function totalWords({ total, complete }: Pick<Census, 'total' | 'complete'>): string {
  return `${formatCount(total)}${complete ? '' : '+'} ${total === 1 && complete ? 'change' : 'changes'}`
}

const sortWords: Readonly<Record<Sort, string>> = {
  spec: 'spec',
  metadata: 'metadata',
  delete: 'deletes',
  status: 'status',
  heartbeat: 'heartbeat',
  none: 'without a difference',
}

export function countWords(sort: Sort, count: number): string {
  return `${formatCount(count)} ${sort === 'delete' && count === 1 ? 'delete' : sortWords[sort]}`
}
