import type { JsonObject } from '../decodeObject'
import { integerAt, objectAt } from './fields'
import { current, inProgress, type ObjectStatus } from './result'

/** Its numbers are all in the status: without the controller's first report nothing is known. */
export function daemonSetStatus(object: JsonObject): ObjectStatus {
  const status = objectAt(object, 'status')
  if (integerAt(objectAt(object, 'metadata'), 'generation') === null) {
    return inProgress('NoGeneration', 'DaemonSet metadata.generation not found')
  }
  if (integerAt(status, 'observedGeneration') === null) {
    return inProgress('NoObservedGeneration', 'DaemonSet status.observedGeneration not found')
  }
  const wanted = integerAt(status, 'desiredNumberScheduled') ?? -1
  if (wanted === -1) return inProgress('NoDesiredNumber', 'Missing .status.desiredNumberScheduled')
  const present = integerAt(status, 'currentNumberScheduled') ?? 0
  const updated = integerAt(status, 'updatedNumberScheduled') ?? 0
  const available = integerAt(status, 'numberAvailable') ?? 0
  const ready = integerAt(status, 'numberReady') ?? 0
  if (wanted > present) return inProgress('LessCurrent', `Current: ${present}/${wanted}`)
  if (wanted > updated) return inProgress('LessUpdated', `Updated: ${updated}/${wanted}`)
  if (wanted > available) return inProgress('LessAvailable', `Available: ${available}/${wanted}`)
  if (wanted > ready) return inProgress('LessReady', `Ready: ${ready}/${wanted}`)
  return current(`All replicas scheduled as expected. Replicas: ${wanted}`)
}
