/**
 * How much a change matters: `spec` for configuration by people and tools, `status` for what controllers observe and
 * derive, `metadata` for labels and the like, `heartbeat` for noise by nature, `none` for a rewrite without any
 * difference. "What changed lately that matters" is what remains when the last four are hidden.
 */
import type { Significance } from '../contract/change'
import type { JsonObject } from './decodeObject'
import type { Difference } from './differences'
import type { ObjectChange } from './objectChange'
import { controllerOf } from './objectSummary'

const heartbeatResources = new Set([
  'endpoints',
  'endpointslices',
  'events',
  'leasecandidates',
  'leases',
  'masterleases',
  'peerserverleases',
])
const heartbeatName = /-(lock|lease|leader-election|heartbeat)$|^cluster-autoscaler-status$/

/** Noise by nature, whatever is in it. Election records live in ConfigMaps and custom resources too. */
export function isHeartbeat(resource: string, name: string): boolean {
  if (heartbeatResources.has(resource)) return true
  return (resource === 'configmaps' || resource.includes('.')) && heartbeatName.test(name)
}

/** Kinds that controllers make by the dozen from one piece of configuration. */
const derivedResources = new Set(['controllerrevisions', 'jobs', 'pods', 'replicasets'])
/** Kept by the control plane itself, never by hand. */
const bookkeepingResources = new Set(['csinodes', 'ipaddresses', 'ranges', 'storageversions'])
/** What the control plane fills in on objects that people own. */
const filledResources = new Set([
  'configmaps',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'pods',
  'serviceaccounts',
])
/** Binding writes these, partly without a trace in managedFields. */
const boundFields: Readonly<Record<string, string>> = {
  persistentvolumeclaims: 'volumeName',
  persistentvolumes: 'claimRef',
  pods: 'nodeName',
}
const controlPlane = new Set(['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'])

function isDerived(resource: string, object: JsonObject): boolean {
  return bookkeepingResources.has(resource) || (derivedResources.has(resource) && controllerOf(object) !== null)
}

/** A creation or a deletion. `object` null: not known. */
export function significanceOfLife(
  resource: string,
  name: string,
  object: JsonObject | null,
  manager: string | null,
): Significance {
  if (isHeartbeat(resource, name)) return 'heartbeat'
  if (bookkeepingResources.has(resource)) return 'status'
  // A job from a CronJob may be made by hand; pods are made by controllers of every name.
  const byHand = resource === 'jobs' && manager !== null && !controlPlane.has(manager)
  if (object !== null && isDerived(resource, object)) return byHand ? 'spec' : 'status'
  return manager === 'kube-controller-manager' && filledResources.has(resource) ? 'status' : 'spec'
}

export function significanceOfUpdate(
  resource: string,
  name: string,
  change: ObjectChange,
  after: JsonObject,
  manager: string | null,
): Significance {
  const { desired, metadata, status } = change
  if (isHeartbeat(resource, name)) return 'heartbeat'
  if (desired.length + metadata.length + status.length === 0) return 'none'
  const deletion = metadata.some((d) => d.path[1] === 'deletionTimestamp')
  if (desired.length > 0 || deletion) {
    return isByControlPlane(resource, after, manager, deletion, desired) ? 'status' : 'spec'
  }
  if (metadata.length > 0) {
    const mixed = status.length > 0 || derivedResources.has(resource)
    return mixed && manager !== null && controlPlane.has(manager) ? 'status' : 'metadata'
  }
  return status.every(isBeat) ? 'heartbeat' : 'status'
}

/** Binding, scaling and deleting of what a controller made; a person's hand on it still shows. */
function isByControlPlane(
  resource: string,
  after: JsonObject,
  manager: string | null,
  deletion: boolean,
  desired: readonly Difference[],
): boolean {
  if (isDerived(resource, after)) return deletion || manager === null || controlPlane.has(manager)
  const bound = boundFields[resource]
  if (!deletion && bound !== undefined && desired.every((d) => d.path[1] === bound)) return true
  return manager !== null && controlPlane.has(manager) && filledResources.has(resource)
}

/** A node's regular "still here". */
function isBeat(difference: Difference): boolean {
  return difference.path[difference.path.length - 1] === 'lastHeartbeatTime'
}
