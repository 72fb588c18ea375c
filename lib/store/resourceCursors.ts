import type { ClusterRef, Ownership } from './identity'

/** How far each resource of an apiserver source is complete in the record; they are watched one by one. */
export interface ResourceCursorWriter {
  /** By resource (`deployments.apps`). One that is missing was never read in this epoch. */
  resourceCursors(cluster: ClusterRef, epoch: number): Promise<ReadonlyMap<string, bigint>>
  /** Replaces them all. Each says: every change of the resource up to here is stored or inside a gap. */
  saveResourceCursors(
    cluster: ClusterRef,
    epoch: number,
    ownership: Ownership,
    cursors: ReadonlyMap<string, bigint>,
  ): Promise<void>
}
