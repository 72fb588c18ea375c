import { type AnswerOf, describeMetric, type InputOf, type Metric } from '../contract'
import type { ClusterRow } from '../store/store'
import { clusterOf, type Scope } from './scope'

/** The metrics that this cluster has samples of, by name, `up` first. */
export async function metrics(scope: Scope, input: InputOf<'metrics'>): Promise<AnswerOf<'metrics'>> {
  const cluster = await clusterOf(scope, input.cluster)
  return { items: await recordedMetrics(scope, cluster), nextCursor: null }
}

export async function recordedMetrics(scope: Scope, cluster: ClusterRow): Promise<Metric[]> {
  const recorded = await scope.reader.metricNames(cluster)
  const described = recorded
    .filter((row) => row.metric !== 'up')
    .map((row) => describeMetric(row.metric, row.kind))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  // `up` is not scraped: it is read off the members' observed states.
  return [describeMetric('up', 'gauge'), ...described]
}
