import type { RemovedChanges, RetentionHorizon } from '../contract'
import type { HorizonRow } from '../store/retention'
import type { ChangeFilter, ClusterRow } from '../store/store'
import { timeOf } from './instant'
import type { Scope } from './scope'

/** What retention may have removed of what is asked for: said beside every answer that could lack it. */

/** Of a key's history more stretches than these are not listed. */
const stretchLimit = 1_000

/** Classes that are not whole at one of the moments. */
export async function thinnedAt(
  scope: Scope,
  cluster: ClusterRow,
  moments: readonly { readonly epoch: number; readonly revision: bigint }[],
): Promise<RetentionHorizon[]> {
  const horizons = await scope.reader.horizons(cluster)
  return horizons
    .filter((horizon) => moments.some((at) => at.epoch === horizon.epoch && at.revision <= horizon.revision))
    .map(horizonItem)
}

/** Classes that are not whole somewhere in the range of a filter. */
export async function thinnedSince(
  scope: Scope,
  cluster: ClusterRow,
  filter: ChangeFilter,
): Promise<RetentionHorizon[]> {
  const { epoch, fromRevision = -1n, fromMs = Number.NEGATIVE_INFINITY } = filter
  const horizons = await scope.reader.horizons(cluster)
  return horizons
    .filter((each) => epoch === undefined || each.epoch === epoch)
    .filter((each) => each.revision >= fromRevision && each.atMs >= fromMs)
    .map(horizonItem)
}

export async function removedOf(scope: Scope, cluster: ClusterRow, key: Uint8Array): Promise<RemovedChanges[]> {
  const stretches = await scope.reader.removedOf(cluster, key, stretchLimit)
  return stretches.map((stretch) => ({
    epoch: stretch.epoch,
    fromRevision: String(stretch.firstRevision),
    toRevision: String(stretch.lastRevision),
    beforeRevision: String(stretch.beforeRevision),
    changes: stretch.changes,
  }))
}

export function horizonItem({ epoch, class: name, revision, atMs }: HorizonRow): RetentionHorizon {
  return { epoch, class: name, revision: String(revision), at: timeOf(atMs) }
}
