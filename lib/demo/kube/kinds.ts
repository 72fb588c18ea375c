import type { Kind } from './objects'

interface KindFacts {
  readonly apiVersion: string
  /** The path below /registry. */
  readonly path: string
  readonly namespaced: boolean
  /** The apiserver counts generations of this kind. */
  readonly generation: boolean
}

/** Where the apiserver keeps objects of each kind that the demo has. */
export const kinds: Readonly<Record<Kind, KindFacts>> = {
  Namespace: { apiVersion: 'v1', path: 'namespaces', namespaced: false, generation: false },
  Node: { apiVersion: 'v1', path: 'minions', namespaced: false, generation: false },
  Lease: { apiVersion: 'coordination.k8s.io/v1', path: 'leases', namespaced: true, generation: false },
  Pod: { apiVersion: 'v1', path: 'pods', namespaced: true, generation: true },
  ReplicaSet: { apiVersion: 'apps/v1', path: 'replicasets', namespaced: true, generation: true },
  Deployment: { apiVersion: 'apps/v1', path: 'deployments', namespaced: true, generation: true },
  StatefulSet: { apiVersion: 'apps/v1', path: 'statefulsets', namespaced: true, generation: true },
  ControllerRevision: { apiVersion: 'apps/v1', path: 'controllerrevisions', namespaced: true, generation: false },
  DaemonSet: { apiVersion: 'apps/v1', path: 'daemonsets', namespaced: true, generation: true },
  Job: { apiVersion: 'batch/v1', path: 'jobs', namespaced: true, generation: true },
  CronJob: { apiVersion: 'batch/v1', path: 'cronjobs', namespaced: true, generation: true },
  Service: { apiVersion: 'v1', path: 'services/specs', namespaced: true, generation: false },
  Endpoints: { apiVersion: 'v1', path: 'services/endpoints', namespaced: true, generation: false },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', path: 'endpointslices', namespaced: true, generation: true },
  HorizontalPodAutoscaler: {
    apiVersion: 'autoscaling/v2',
    path: 'horizontalpodautoscalers',
    namespaced: true,
    generation: false,
  },
  ConfigMap: { apiVersion: 'v1', path: 'configmaps', namespaced: true, generation: false },
  Secret: { apiVersion: 'v1', path: 'secrets', namespaced: true, generation: false },
  ServiceAccount: { apiVersion: 'v1', path: 'serviceaccounts', namespaced: true, generation: false },
}

export function isKind(kind: unknown): kind is Kind {
  return typeof kind === 'string' && Object.hasOwn(kinds, kind)
}

export function keyOf(kind: Kind, namespace: string | undefined, name: string): string {
  const { path, namespaced } = kinds[kind]
  return `/registry/${path}/${namespaced ? `${namespace}/` : ''}${name}`
}
