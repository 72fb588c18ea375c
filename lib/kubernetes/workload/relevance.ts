/** Which resources tell of workloads. Everything else (leases, events, configuration) the derivation never reads. */

/** Listed whether something owns them or not. */
const alwaysListed = new Set(['deployments', 'statefulsets', 'daemonsets', 'cronjobs', 'replicationcontrollers'])
/** Listed only when no workload owns them: their controllers make them by the dozen. */
const listedWhenBare = new Set(['replicasets', 'jobs', 'pods'])
const supporting = ['services', 'endpointslices', 'horizontalpodautoscalers', 'persistentvolumeclaims', 'nodes']

export const workloadResources: ReadonlySet<string> = new Set([...alwaysListed, ...listedWhenBare, ...supporting])
/** EndpointSlices are rewritten so often that they count as noise, yet they say who serves. */
export const noisyResources: ReadonlySet<string> = new Set(['endpointslices'])

export type Listing = 'always' | 'bare' | 'custom' | 'never'

export function listingOf(resource: string): Listing {
  if (alwaysListed.has(resource)) return 'always'
  if (listedWhenBare.has(resource)) return 'bare'
  return resource.includes('.') ? 'custom' : 'never'
}

/** Kinds of Kubernetes itself that own what is not listed; owners of other kinds may not be in the record. */
export const owningKinds: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  'batch/CronJob',
  '/ReplicationController',
])
