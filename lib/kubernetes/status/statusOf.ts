/**
 * The status of any Kubernetes object exactly as the field's library computes it: kstatus, in
 * https://github.com/kubernetes-sigs/cli-utils/tree/master/pkg/kstatus. Rules that hold for all kinds first, then the
 * kind's own, then the condition Ready. Pure; never throws: where kstatus returns an error the status is Unknown.
 */
import { isJsonObject, type JsonObject } from '../decodeObject'
import { daemonSetStatus } from './daemonSet'
import { deploymentStatus } from './deployment'
import { type Condition, conditionsOf, integerAt, objectAt } from './fields'
import { jobStatus } from './job'
import { alwaysReady, claimStatus, definitionStatus, disruptionBudgetStatus, serviceStatus } from './otherKinds'
import { podStatus } from './pod'
import { replicaSetStatus } from './replicaSet'
import { current, failed, inProgress, type ObjectStatus, unknown } from './result'
import { statefulSetStatus } from './statefulSet'

export type { ObjectStatus } from './result'

/** One kind's own rule. `nowMs` is the time at which the object was as it is. */
type KindRule = (object: JsonObject, conditions: readonly Condition[], nowMs: number) => ObjectStatus

/** By group and kind; the version does not matter. */
const rules: ReadonlyMap<string, KindRule> = new Map<string, KindRule>([
  ['/Service', serviceStatus],
  ['/Pod', podStatus],
  ['/Secret', alwaysReady],
  ['/ConfigMap', alwaysReady],
  ['/PersistentVolumeClaim', claimStatus],
  ['apps/Deployment', deploymentStatus],
  ['extensions/Deployment', deploymentStatus],
  ['apps/StatefulSet', statefulSetStatus],
  ['apps/DaemonSet', daemonSetStatus],
  ['extensions/DaemonSet', daemonSetStatus],
  ['apps/ReplicaSet', replicaSetStatus],
  ['extensions/ReplicaSet', replicaSetStatus],
  ['policy/PodDisruptionBudget', disruptionBudgetStatus],
  ['batch/CronJob', alwaysReady],
  ['batch/Job', jobStatus],
  ['apiextensions.k8s.io/CustomResourceDefinition', definitionStatus],
])

/** `nowMs`: epoch ms, the time of the version; only the 15 s of a Pod that waits for a node depend on it. */
export function statusOf(object: JsonObject, nowMs: number): ObjectStatus {
  const { metadata } = object
  if (metadata !== undefined && !isJsonObject(metadata)) return unreadable('metadata is not an object')
  const { deletionTimestamp } = metadata ?? {}
  if (deletionTimestamp !== undefined && deletionTimestamp !== null && typeof deletionTimestamp !== 'string') {
    return unreadable('metadata.deletionTimestamp is not a time')
  }
  if (deletionTimestamp) return { status: 'Terminating', reason: null, message: 'Resource scheduled for deletion' }
  const late = generationStatus(object, metadata ?? {})
  if (late !== null) return late
  const conditions = conditionsOf(object)
  if (conditions === null) return unreadable('status.conditions cannot be read')
  return (
    standardStatus(conditions) ??
    rules.get(groupKindOf(object))?.(object, conditions, nowMs) ??
    readyStatus(conditions) ??
    current('Resource is current')
  )
}

function unreadable(what: string): ObjectStatus {
  return unknown('Unreadable', `The object cannot be evaluated: ${what}.`)
}

function groupKindOf({ apiVersion, kind }: JsonObject): string {
  const version = typeof apiVersion === 'string' ? apiVersion : ''
  const slash = version.indexOf('/')
  return `${slash === -1 ? '' : version.slice(0, slash)}/${typeof kind === 'string' ? kind : ''}`
}

function generationStatus(object: JsonObject, metadata: JsonObject): ObjectStatus | null {
  const generation = integerAt(metadata, 'generation')
  const observed = integerAt(objectAt(object, 'status'), 'observedGeneration')
  if (generation === null || observed === null || generation === observed) return null
  const kind = typeof object.kind === 'string' ? object.kind : ''
  return inProgress(
    'LatestGenerationNotObserved',
    `${kind} generation is ${generation}, but latest observed generation is ${observed}`,
  )
}

/** The conditions that kstatus itself defines; the first of them in the object's order decides. */
function standardStatus(conditions: readonly Condition[]): ObjectStatus | null {
  for (const { type, status, reason, message } of conditions) {
    if (status !== 'True') continue
    if (type === 'Reconciling') return inProgress(reason, message)
    if (type === 'Stalled') return failed(reason, message)
  }
  return null
}

function readyStatus(conditions: readonly Condition[]): ObjectStatus | null {
  for (const { type, status, reason, message } of conditions) {
    if (type !== 'Ready') continue
    if (status === 'True') return current('Resource is Ready')
    if (status === 'False' || status === 'Unknown') return inProgress(reason, message)
  }
  return null
}
