/** The Kubernetes apiserver as a source: discovery, lists and watches in the order of revisions. It only reads. */
export { type ApiClient, createApiClient, RetryLater } from './apiClient'
export { type ApiResource, type KnownObject, type ObjectEvent, resourceName } from './apiEvent'
export { discover } from './discovery'
export { type ApiLimits, apiLimits } from './limits'
export { headOf, type ListedObject, listResource } from './listResource'
export { keyTail, ObjectStream } from './objectStream'
export type { SourceItem } from './sourceItem'
export { watchCluster } from './watchCluster'
