import type { Clock } from '../../core/clock'
import type { ClusterRef, RecordReader } from '../../store'

/** A cluster that is new in the record is evaluated after this long at the latest. */
const keptMs = 2_000

/**
 * The clusters that the settings name, once the record knows them. Others of the record were watched once: a rule that
 * asks whether they still answer would fire for ever.
 */
export function watchedClusters(options: {
  reader: Pick<RecordReader, 'clusters'>
  clock: Clock
  clusters: readonly string[]
}): () => Promise<readonly ClusterRef[]> {
  let readMs: number | null = null
  let known: readonly ClusterRef[] = []
  return async () => {
    const nowMs = options.clock.nowMs()
    if (readMs === null || Math.abs(nowMs - readMs) >= keptMs) {
      const rows = await options.reader.clusters()
      known = rows.filter((row) => options.clusters.includes(row.name)).map(({ id, name }) => ({ id, name }))
      readMs = nowMs
    }
    return known
  }
}
