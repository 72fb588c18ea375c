/** What every verb of the store names: the cluster that it is about and the lease that it writes under. */

/** A watched cluster as the store knows it. `id` is the store's own, small and stable. */
export interface ClusterRef {
  readonly id: number
  readonly name: string
}

/** A lease, of one cluster's collection or of the evaluation of alerts: the fencing token is checked inside every write. */
export interface Ownership {
  readonly owner: string
  readonly token: bigint
}
