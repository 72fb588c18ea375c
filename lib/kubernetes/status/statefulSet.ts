import type { JsonObject } from '../decodeObject'
import { integerAt, objectAt, textAt } from './fields'
import { current, inProgress, type ObjectStatus } from './result'

/** The controller sets no conditions, so that a rollout which fails for good cannot be told from a slow one. */
export function statefulSetStatus(object: JsonObject): ObjectStatus {
  const [spec, status] = [objectAt(object, 'spec'), objectAt(object, 'status')]
  const strategy = objectAt(spec, 'updateStrategy')
  if (textAt(strategy, 'type') === 'OnDelete') return current('StatefulSet is using the ondelete update strategy')
  const wanted = integerAt(spec, 'replicas') ?? 1
  const replicas = integerAt(status, 'replicas') ?? 0
  const ready = integerAt(status, 'readyReplicas') ?? 0
  if (wanted > replicas) return inProgress('LessReplicas', `Replicas: ${replicas}/${wanted}`)
  if (wanted > ready) return inProgress('LessReady', `Ready: ${ready}/${wanted}`)
  if (replicas > wanted) return inProgress('ExtraPods', `Pending termination: ${replicas - wanted}`)
  // kstatus takes -1 as "no partition", also where somebody wrote it.
  const partition = integerAt(objectAt(strategy, 'rollingUpdate'), 'partition') ?? -1
  if (partition !== -1) {
    const updated = integerAt(status, 'updatedReplicas') ?? 0
    if (updated < wanted - partition) return inProgress('PartitionRollout', `updated: ${updated}/${wanted - partition}`)
    return current(`Partition rollout complete. updated: ${updated}`)
  }
  const present = integerAt(status, 'currentReplicas') ?? 0
  if (wanted > present) return inProgress('LessCurrent', `current: ${present}/${wanted}`)
  if ((textAt(status, 'currentRevision') ?? '') !== (textAt(status, 'updateRevision') ?? '')) {
    return inProgress('RevisionMismatch', 'Waiting for updated revision to match current')
  }
  return current(`All replicas scheduled as expected. Replicas: ${replicas}`)
}
