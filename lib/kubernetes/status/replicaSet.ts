import type { JsonObject } from '../decodeObject'
import { type Condition, integerAt, objectAt } from './fields'
import { current, inProgress, type ObjectStatus } from './result'

export function replicaSetStatus(object: JsonObject, conditions: readonly Condition[]): ObjectStatus {
  if (conditions.some(({ type, status }) => type === 'ReplicaFailure' && status === 'True')) {
    return inProgress('ReplicaFailure', 'Replica Failure condition. Check Pods')
  }
  const status = objectAt(object, 'status')
  const wanted = integerAt(objectAt(object, 'spec'), 'replicas') ?? 1
  const replicas = integerAt(status, 'replicas') ?? 0
  const labelled = integerAt(status, 'fullyLabeledReplicas') ?? 0
  const available = integerAt(status, 'availableReplicas') ?? 0
  const ready = integerAt(status, 'readyReplicas') ?? 0
  if (wanted > labelled) return inProgress('LessLabelled', `Labelled: ${labelled}/${wanted}`)
  if (wanted > available) return inProgress('LessAvailable', `Available: ${available}/${wanted}`)
  if (wanted > ready) return inProgress('LessReady', `Ready: ${ready}/${wanted}`)
  if (replicas > wanted) return inProgress('ExtraPods', `Pending termination: ${replicas - wanted}`)
  return current(`ReplicaSet is available. Replicas: ${replicas}`)
}
