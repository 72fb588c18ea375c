import type { AnswerOf, InputOf, Metric, SeriesAnswer } from '../contract'
import { describeMetric, metricCatalogue } from '../contract'
import { ScopeError } from '../core/errors'
import type { SeriesPoints } from '../store/store'
import { parseRange } from './instant'
import { recordedMetrics } from './metrics'
import { clusterOf, type Scope } from './scope'
import { bucketsOf, type TimeGrid, timeGrid } from './timeGrid'
import { upSeries } from './upSeries'

type Agg = NonNullable<InputOf<'series'>['agg']>

const aggsOf: Readonly<Record<Metric['kind'], readonly Agg[]>> = {
  gauge: ['max', 'avg', 'min', 'last', 'sum'],
  counter: ['rate', 'sum'],
  histogram: ['p99', 'p50', 'p90', 'rate', 'avg'],
}

/** /metrics is read each 5 s unless configured otherwise: finer buckets would be mostly empty. */
const scrapeMs = 5_000
/** A sample stands for this long when buckets are finer than the scrape; beyond it nothing was measured. */
const holdMs = 2.5 * scrapeMs
const pointsByDefault = 300

/** One metric over time; `null` where nothing was measured. */
export async function series(scope: Scope, input: InputOf<'series'>): Promise<AnswerOf<'series'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const range = parseRange(input, scope.nowMs)
  const up = input.metric === 'up'
  const grid = timeGrid(range, input.step, { points: pointsByDefault, minStepMs: up ? 1_000 : scrapeMs })
  if (up) {
    const stretches = await scope.reader.memberStates(cluster, grid.fromMs, grid.toMs)
    return { metric: 'up', unit: 'ratio', stepMs: grid.stepMs, series: upSeries(stretches, grid, input.agg ?? 'min') }
  }
  const metric = await metricOf(scope, cluster, input.metric)
  const agg = input.agg ?? aggsOf[metric.kind][0] ?? 'last'
  if (metric.known && !aggsOf[metric.kind].includes(agg)) {
    throw new ScopeError('BAD_REQUEST', `agg of a ${metric.kind} must be one of ${aggsOf[metric.kind].join(', ')}.`, {
      subject: 'agg',
    })
  }
  const found = metric.known ? await scope.reader.series(cluster, { metric: input.metric, agg, ...grid }) : []
  return {
    metric: input.metric,
    unit: unitOf(metric, agg),
    stepMs: grid.stepMs,
    series: [...found].sort(byLabels).map((one) => ({ labels: { ...one.labels }, points: onGrid(one.points, grid) })),
  }
}

/** A metric that etcd has but this record does not (yet) is an empty chart; one that nobody knows is a mistake. */
async function metricOf(scope: Scope, cluster: Awaited<ReturnType<typeof clusterOf>>, name: string) {
  const recorded = (await recordedMetrics(scope, cluster)).find((metric) => metric.name === name)
  if (recorded) return { ...recorded, known: true }
  const listed = metricCatalogue.get(name)
  if (listed) return { ...describeMetric(name, listed.kind), known: false }
  throw new ScopeError(
    'BAD_REQUEST',
    `metric ${JSON.stringify(name)} is not recorded; see metrics for those that are.`,
    {
      subject: 'metric',
    },
  )
}

function unitOf(metric: Metric, agg: Agg): string {
  if (metric.kind === 'histogram' && agg === 'rate') return '1/s'
  if (metric.kind === 'counter' && agg === 'sum') return metric.unit === 'bytes/s' ? 'bytes' : 'count'
  return metric.unit
}

/** One point for every bucket. */
export function onGrid(points: SeriesPoints['points'], grid: TimeGrid): SeriesAnswer['series'][number]['points'] {
  const measured = new Map(points.map(([t, value]) => [t, value]))
  const filled: [number, number | null][] = []
  let held: readonly [number, number] | null = null
  const lastMs = points.at(-1)?.[0] ?? 0
  for (const t of bucketsOf(grid)) {
    const value: number | undefined = measured.get(t)
    if (value !== undefined) held = [t, value]
    // Between two scrapes the last one stands, as long as another follows: a fact of sampling, not a missing value.
    const stands: boolean = held !== null && t < lastMs && t - held[0] < holdMs && grid.stepMs < 2 * scrapeMs
    filled.push([t, value ?? (stands && held ? held[1] : null)])
  }
  return filled
}

function byLabels(a: SeriesPoints, b: SeriesPoints): number {
  return JSON.stringify(a.labels) < JSON.stringify(b.labels) ? -1 : 1
}
