import type { ClusterRow } from '../../store/store'
import { stateCoverage } from '../coverage'
import { parseInstant } from '../instant'
import { coveredMoment, findMoment, type Moment } from '../moment'
import { snapshotOf } from '../recordedSnapshot'
import type { Scope } from '../scope'

/** A moment with its time: what holds then may depend on both. */
export interface TimedMoment extends Moment {
  readonly atMs: number
}

export async function timedMoment(
  scope: Scope,
  cluster: ClusterRow,
  at: string,
  options: { epoch?: number | undefined; parameter?: string; uncovered?: boolean },
): Promise<TimedMoment> {
  const find = options.uncovered === true ? findMoment : coveredMoment
  const moment = await find(scope, cluster, at, options)
  return { ...moment, atMs: await timeOfMoment(scope, cluster, at, moment) }
}

async function timeOfMoment(scope: Scope, cluster: ClusterRow, at: string, moment: Moment): Promise<number> {
  const storedMs = (await scope.reader.timeOf(cluster, moment.epoch, moment.revision)) ?? scope.nowMs
  if (/^\d{1,19}$/.test(at)) return storedMs
  // Now is as far as the record is known to reach.
  if (at === 'now') return stateCoverage(cluster, snapshotOf(cluster, scope.nowMs)).at(-1)?.toMs ?? storedMs
  return parseInstant(at, scope.nowMs, 'at')
}

/** A range of one epoch: the state at its end and what led to it. */
export interface Span {
  readonly epoch: number
  readonly from: bigint
  readonly to: bigint
  readonly fromMs: number
  readonly toMs: number
}

/** Without `from` the range begins with the record of the epoch. */
export async function spanOf(
  scope: Scope,
  cluster: ClusterRow,
  range: { from?: string | undefined; to: string; epoch?: number | undefined },
): Promise<Span> {
  // An instant in epoch milliseconds must not be taken for a revision.
  const to = range.to === 'now' ? 'now' : new Date(parseInstant(range.to, scope.nowMs, 'to')).toISOString()
  const end = await timedMoment(scope, cluster, to, { epoch: range.epoch, parameter: 'to', uncovered: true })
  const epoch = cluster.epochs.find((one) => one.epoch === end.epoch)
  const firstMs = epoch?.firstMs ?? end.atMs
  const fromMs = range.from === undefined ? firstMs : parseInstant(range.from, scope.nowMs, 'from')
  const from = fromMs <= firstMs ? 0n : ((await scope.reader.revisionAt(cluster, end.epoch, fromMs)) ?? 0n)
  return { epoch: end.epoch, from, to: end.revision, fromMs, toMs: end.atMs }
}
