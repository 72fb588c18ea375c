import type { AnswerOf, InputOf } from '../contract'
import { activityGrainMs } from './activity'
import { parseRange } from './instant'
import { clusterOf, type Scope } from './scope'
import { timeGrid } from './timeGrid'

const dayMs = 86_400_000
/** A rate per day from less than this is a guess. */
const leastSpanMs = 60_000

/** Who writes how much, by bytes, and how many of those writes changed nothing that matters. */
export async function ledger(scope: Scope, input: InputOf<'ledger'>): Promise<AnswerOf<'ledger'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const { fromMs, toMs } = parseRange(input, scope.nowMs)
  const [rows, totalBytes] = await Promise.all([
    scope.reader.ledger(cluster, { by: input.by, fromMs, toMs, limit: input.limit }),
    bytesWritten(scope, cluster, fromMs, toMs),
  ])
  const firstMs = cluster.epochs.find((epoch) => epoch.firstMs !== null)?.firstMs ?? fromMs
  const spanMs = Math.max(leastSpanMs, Math.min(toMs, scope.nowMs) - Math.max(fromMs, firstMs))
  const items = rows.map((row) => ({
    ...row,
    bytesPerDay: Math.round((row.bytes * dayMs) / spanMs),
    share: totalBytes > 0 ? Math.min(1, row.bytes / totalBytes) : 0,
  }))
  return { items, nextCursor: null }
}

/** Of all labels, also of those that the list leaves out: there are three operations, so their sum is everything. */
async function bytesWritten(
  scope: Scope,
  cluster: Awaited<ReturnType<typeof clusterOf>>,
  fromMs: number,
  toMs: number,
): Promise<number> {
  const grid = timeGrid({ fromMs, toMs }, undefined, {
    points: 10,
    minStepMs: activityGrainMs,
    grainMs: activityGrainMs,
  })
  const { series } = await scope.reader.activity(cluster, { metric: 'bytes', by: 'op', top: 3, ...grid })
  return series.flatMap((one) => one.points).reduce((sum, [, bytes]) => sum + bytes, 0)
}
