import type { JsonObject } from '../decodeObject'
import { type Condition, integerAt, objectAt } from './fields'
import { current, failed, inProgress, type ObjectStatus } from './result'

/** The greatest int32: the controller takes it as "no deadline" and then sets no condition Progressing. */
const noDeadline = 2_147_483_647

export function deploymentStatus(object: JsonObject, conditions: readonly Condition[]): ObjectStatus {
  const [spec, status] = [objectAt(object, 'spec'), objectAt(object, 'status')]
  let progressed = (integerAt(spec, 'progressDeadlineSeconds') ?? noDeadline) === noDeadline
  let isAvailable = false
  for (const condition of conditions) {
    if (condition.type === 'Progressing') {
      if (condition.reason === 'ProgressDeadlineExceeded') return failed(condition.reason, 'Progress deadline exceeded')
      if (condition.status === 'True' && condition.reason === 'NewReplicaSetAvailable') progressed = true
    } else if (condition.type === 'Available' && condition.status === 'True') isAvailable = true
  }
  const wanted = integerAt(spec, 'replicas') ?? 1
  const replicas = integerAt(status, 'replicas') ?? 0
  const updated = integerAt(status, 'updatedReplicas') ?? 0
  const ready = integerAt(status, 'readyReplicas') ?? 0
  const available = integerAt(status, 'availableReplicas') ?? 0
  if (wanted > replicas) return inProgress('LessReplicas', `Replicas: ${replicas}/${wanted}`)
  if (wanted > updated) return inProgress('LessUpdated', `Updated: ${updated}/${wanted}`)
  if (replicas > wanted) return inProgress('ExtraPods', `Pending termination: ${replicas - wanted}`)
  if (updated > available) return inProgress('LessAvailable', `Available: ${available}/${updated}`)
  if (wanted > ready) return inProgress('LessReady', `Ready: ${ready}/${wanted}`)
  if (!progressed) return inProgress('ReplicaSetNotAvailable', 'ReplicaSet not Available')
  if (!isAvailable) return inProgress('DeploymentNotAvailable', 'Deployment not Available')
  return current(`Deployment is available. Replicas: ${replicas}`)
}
