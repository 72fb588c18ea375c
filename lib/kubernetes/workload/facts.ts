import type { JsonObject } from '../decodeObject'
import { type Condition, conditionsOf, integerAt, objectAt, objectsAt, textAt } from '../status/fields'
import { type ObjectStatus, statusOf } from '../status/statusOf'
import { type Figures, figuresOf } from './figures'
import { controllerOf, groupOf, type Labels, labelsIn, metadataOf, type OwnerReference, timeAt } from './identity'
import { type PodState, podStateOf } from './podState'
import { listingOf } from './relevance'
import { restHashOf, templateHashOf } from './template'

/**
 * What one version of an object says, as far as workloads are concerned: small, so that a whole cluster's objects fit
 * into memory. Pure; never throws, whatever the object.
 */
export interface ObjectFacts {
  readonly kind: string
  readonly group: string
  readonly uid: string
  readonly owner: OwnerReference | null
  readonly createdMs: number | null
  readonly status: ObjectStatus
  readonly generation: number | null
  readonly observedGeneration: number | null
  /** Null for what is never listed. */
  readonly figures: Figures | null
  readonly desired: Desired | null
  readonly pod: PodFacts | null
  readonly job: JobFacts | null
  readonly cron: CronFacts | null
  readonly service: ServiceFacts | null
  readonly slice: SliceFacts | null
  readonly autoscaler: AutoscalerFacts | null
  readonly claim: { readonly bound: boolean; readonly phase: string } | null
  readonly nodeReady: boolean | null
}

/** The desired state by what may change of it; template and rest are hashes. */
export interface Desired {
  readonly generation: number
  readonly template: number | null
  readonly replicas: number | null
  readonly rest: number
  /** Labels that its Pods get. */
  readonly podLabels: Labels
  readonly paused: boolean
  /** Why the controller cannot make Pods; null while it can. */
  readonly refused: { readonly reason: string; readonly message: string } | null
}

export interface PodFacts {
  readonly node: string | null
  readonly labels: Labels
  readonly claims: readonly string[]
  readonly state: PodState
}

export interface JobFacts {
  readonly startedMs: number | null
  readonly endedMs: number | null
  readonly outcome: 'running' | 'complete' | 'failed' | 'suspended'
}

export interface CronFacts {
  readonly schedule: string
  readonly timeZone: string | null
  readonly suspended: boolean
  readonly lastScheduledMs: number | null
}

export interface ServiceFacts {
  readonly selector: Labels
  readonly type: string
  /** A load balancer without an address. */
  readonly pending: boolean
}

export interface SliceFacts {
  readonly service: string
  readonly ready: number
  readonly notReady: number
}

export interface AutoscalerFacts {
  readonly targetKind: string
  readonly targetName: string
  readonly atLimit: boolean
  readonly blind: boolean
  readonly message: string
}

/**
 * `before` are the facts of the version before, whose desired state is taken over while the generation is the same.
 * Null for custom resources that report nothing: those are no workloads.
 */
export function factsOf(
  resource: string,
  object: JsonObject,
  atMs: number,
  before: ObjectFacts | null,
): ObjectFacts | null {
  const metadata = metadataOf(object)
  const statusPart = objectAt(object, 'status')
  const spec = objectAt(object, 'spec')
  const generation = integerAt(metadata, 'generation')
  const observedGeneration = integerAt(statusPart, 'observedGeneration')
  const listing = listingOf(resource)
  if (listing === 'custom' && !reports(spec, statusPart, observedGeneration)) return null
  const conditions = conditionsOf(object) ?? []
  const figures = listing === 'never' ? null : figuresOf(resource, object, conditions)
  return {
    kind: textAt(object, 'kind') ?? '',
    group: groupOf(object.apiVersion),
    uid: textAt(metadata, 'uid') ?? '',
    owner: controllerOf(object),
    createdMs: timeAt(metadata, 'creationTimestamp'),
    status: statusOf(object, atMs),
    generation,
    observedGeneration,
    figures,
    desired: figures === null ? null : desiredOf(resource, object, generation, conditions, before?.desired ?? null),
    pod: resource === 'pods' ? podFactsOf(object, spec, conditions) : null,
    job: resource === 'jobs' ? jobFactsOf(spec, statusPart, conditions) : null,
    cron: resource === 'cronjobs' ? cronFactsOf(spec, statusPart) : null,
    service: resource === 'services' ? serviceFactsOf(spec, statusPart) : null,
    slice: resource === 'endpointslices' ? sliceFactsOf(object) : null,
    autoscaler: resource === 'horizontalpodautoscalers' ? autoscalerFactsOf(spec, conditions) : null,
    claim: resource === 'persistentvolumeclaims' ? claimFactsOf(statusPart) : null,
    nodeReady: resource === 'nodes' ? conditions.some((one) => one.type === 'Ready' && one.status === 'True') : null,
  }
}

function reports(spec: JsonObject, status: JsonObject, observedGeneration: number | null): boolean {
  return (
    observedGeneration !== null ||
    Array.isArray(status.conditions) ||
    integerAt(spec, 'replicas') !== null ||
    integerAt(status, 'replicas') !== null
  )
}

function desiredOf(
  resource: string,
  object: JsonObject,
  generation: number | null,
  conditions: readonly Condition[],
  before: Desired | null,
): Desired {
  const spec = objectAt(object, 'spec')
  const same = before !== null && generation !== null && before.generation === generation
  const podMetadata = resource === 'pods' ? metadataOf(object) : metadataOf(objectAt(spec, 'template'))
  const refusal = conditions.find((one) => one.type === 'ReplicaFailure' && one.status === 'True')
  return {
    generation: generation ?? 0,
    template: same ? before.template : templateHashOf(object),
    replicas: integerAt(spec, 'replicas'),
    // Pods and Jobs have no rollouts.
    rest: same ? before.rest : resource === 'pods' || resource === 'jobs' ? 0 : restHashOf(object),
    podLabels: same && resource !== 'pods' ? before.podLabels : labelsIn(podMetadata, 'labels'),
    paused: resource === 'deployments' && spec.paused === true,
    refused: refusal === undefined ? null : { reason: refusal.reason, message: refusal.message },
  }
}

function podFactsOf(object: JsonObject, spec: JsonObject, conditions: readonly Condition[]): PodFacts {
  const claims = objectsAt(spec, 'volumes').flatMap((volume) => {
    const claim = textAt(objectAt(volume, 'persistentVolumeClaim'), 'claimName')
    return claim === null ? [] : [claim]
  })
  return {
    node: textAt(spec, 'nodeName') || null,
    labels: labelsIn(metadataOf(object), 'labels'),
    claims,
    state: podStateOf(object, conditions),
  }
}

function jobFactsOf(spec: JsonObject, status: JsonObject, conditions: readonly Condition[]): JobFacts {
  const is = (type: string) => conditions.some((one) => one.type === type && one.status === 'True')
  const startedMs = timeAt(status, 'startTime')
  const ended = objectsAt(status, 'conditions').find(
    (one) => (one.type === 'Complete' || one.type === 'Failed') && one.status === 'True',
  )
  const endedMs = timeAt(status, 'completionTime') ?? (ended === undefined ? null : timeAt(ended, 'lastTransitionTime'))
  if (is('Complete')) return { startedMs, endedMs, outcome: 'complete' }
  if (is('Failed')) return { startedMs, endedMs, outcome: 'failed' }
  return { startedMs, endedMs: null, outcome: spec.suspend === true ? 'suspended' : 'running' }
}

function cronFactsOf(spec: JsonObject, status: JsonObject): CronFacts {
  return {
    schedule: textAt(spec, 'schedule') ?? '',
    timeZone: textAt(spec, 'timeZone'),
    suspended: spec.suspend === true,
    lastScheduledMs: timeAt(status, 'lastScheduleTime'),
  }
}

function serviceFactsOf(spec: JsonObject, status: JsonObject): ServiceFacts {
  const type = textAt(spec, 'type') ?? 'ClusterIP'
  const ingress = objectsAt(objectAt(status, 'loadBalancer'), 'ingress')
  return {
    selector: type === 'ExternalName' ? {} : labelsIn(spec, 'selector'),
    type,
    pending: type === 'LoadBalancer' && ingress.length === 0,
  }
}

/** An endpoint without a word about readiness counts as ready, as its consumers take it. */
export function sliceFactsOf(object: JsonObject): SliceFacts {
  const endpoints = objectsAt(object, 'endpoints')
  const ready = endpoints.filter((one) => objectAt(one, 'conditions').ready !== false).length
  return {
    service: labelsIn(metadataOf(object), 'labels')['kubernetes.io/service-name'] ?? '',
    ready,
    notReady: endpoints.length - ready,
  }
}

function autoscalerFactsOf(spec: JsonObject, conditions: readonly Condition[]): AutoscalerFacts {
  const target = objectAt(spec, 'scaleTargetRef')
  const active = conditions.find((one) => one.type === 'ScalingActive')
  const able = conditions.find((one) => one.type === 'AbleToScale')
  const limited = conditions.find((one) => one.type === 'ScalingLimited')
  const atLimit = limited?.status === 'True' && limited.reason === 'TooManyReplicas'
  // Scaling is off on purpose while there are no replicas.
  const blind = (active?.status === 'False' && active.reason !== 'ScalingDisabled') || able?.status === 'False'
  const message = blind
    ? ((active?.status === 'False' ? active.message : able?.message) ?? '')
    : atLimit
      ? (limited?.message ?? '')
      : ''
  return {
    targetKind: textAt(target, 'kind') ?? '',
    targetName: textAt(target, 'name') ?? '',
    atLimit,
    blind,
    message,
  }
}

function claimFactsOf(status: JsonObject): { bound: boolean; phase: string } {
  const phase = textAt(status, 'phase') ?? 'Pending'
  return { bound: phase === 'Bound', phase }
}
