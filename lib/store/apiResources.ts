import type { ClusterRef, Ownership } from './identity'

/** A kind of a cluster, as its apiserver's discovery told it last. */
export interface ApiResourceRow {
  /** As changes call it: `deployments`, `databases.db.acme.example`. */
  readonly resource: string
  /** `apps/v1`. */
  readonly apiVersion: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
}

export interface ApiResourceWriter {
  /** Adds and renews; what is no longer served keeps its last name, since the record goes on holding it. */
  saveApiResources(cluster: ClusterRef, ownership: Ownership, rows: readonly ApiResourceRow[]): Promise<void>
}

export interface ApiResourceReader {
  /** In the order of `resource`; empty where no apiserver is known. */
  apiResources(cluster: ClusterRef): Promise<ApiResourceRow[]>
}
