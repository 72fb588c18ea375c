import type { ClusterRef, LeaderChangeInput, RecordReader } from '../../store/store'
import { rollingReachMs } from './eventRules'
import { type Cause, rankCauses } from './rankCauses'
import { readSignals } from './readSignals'

/** Ranked causes of leader changes, kept while nothing can change them any more. */

/** Later restarts may turn a change into a part of a rolling restart; after that everything is known. */
const settledAfterMs = rollingReachMs + 5 * 60_000
/** A page asks for the same changes with every frame. */
const freshForMs = 5_000
const keptMost = 2_000

const kept = new WeakMap<RecordReader, Map<string, { causes: readonly Cause[]; untilMs: number }>>()

export async function causesOf(
  reader: RecordReader,
  cluster: ClusterRef,
  change: LeaderChangeInput,
  nowMs: number,
): Promise<readonly Cause[]> {
  const own = kept.get(reader) ?? new Map()
  kept.set(reader, own)
  const key = `${cluster.id} ${change.term} ${change.atMs}`
  const known = own.get(key)
  if (known !== undefined && nowMs < known.untilMs) return known.causes
  const causes = rankCauses(await readSignals(reader, cluster, change))
  const settled = nowMs - change.atMs > settledAfterMs
  own.delete(key)
  own.set(key, { causes, untilMs: settled ? Number.POSITIVE_INFINITY : nowMs + freshForMs })
  const oldest = own.size > keptMost ? own.keys().next().value : undefined
  if (oldest !== undefined) own.delete(oldest)
  return causes
}
