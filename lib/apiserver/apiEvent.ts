/** What the apiserver's streams tell, in the terms of etcd's events. */

/** One change of one object, as etcd's watch would tell it. `version` and `createRevision` are 0n when not known. */
export interface ObjectEvent {
  readonly type: 'put' | 'delete'
  readonly key: Uint8Array
  /** The object's JSON as served, without its resourceVersion; empty for a delete. */
  readonly value: Uint8Array
  /** The resourceVersion. */
  readonly modRevision: bigint
  readonly createRevision: bigint
  readonly version: bigint
  /** Leases are not served: always 0n. */
  readonly leaseId: bigint
}

/** The newest version of an object that a stream has told or that the record holds. */
export interface KnownObject {
  readonly modRevision: bigint
  readonly createRevision: bigint
  readonly version: bigint
}

/** A kind that can be listed and watched, as discovery tells it. */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  /** `deployments`. */
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
}

/** The path of all its objects: `/apis/apps/v1/deployments`. */
export function pathOf({ group, version, plural }: Pick<ApiResource, 'group' | 'version' | 'plural'>): string {
  return group === '' ? `/api/${version}/${plural}` : `/apis/${group}/${version}/${plural}`
}

/** `deployments.apps`, `pods`: what stays the same when the preferred version moves. */
export function resourceName({ group, plural }: Pick<ApiResource, 'group' | 'plural'>): string {
  return group === '' ? plural : `${plural}.${group}`
}
