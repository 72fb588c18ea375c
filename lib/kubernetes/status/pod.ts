import type { JsonObject } from '../decodeObject'
import { type Condition, objectAt, objectsAt, textAt } from './fields'
import { current, failed, inProgress, type ObjectStatus, unknown } from './result'

/** A Pod younger than this may still find a node. */
const scheduleWindowMs = 15_000

export function podStatus(object: JsonObject, conditions: readonly Condition[], nowMs: number): ObjectStatus {
  const status = objectAt(object, 'status')
  const phase = textAt(status, 'phase') ?? ''
  if (phase === 'Succeeded') return current('Pod has completed successfully')
  if (phase === 'Failed') return current('Pod has completed, but not successfully')
  if (phase === 'Running') return runningStatus(status, conditions)
  if (phase === 'Pending') return pendingStatus(object, conditions, nowMs)
  if (phase === '') return inProgress('PodNotObserved', 'Pod phase not available')
  return unknown('UnknownPhase', `unknown phase ${phase}`)
}

function runningStatus(status: JsonObject, conditions: readonly Condition[]): ObjectStatus {
  if (conditions.some((one) => one.type === 'Ready' && one.status === 'True')) return current('Pod is Ready')
  const crashing = objectsAt(status, 'containerStatuses').flatMap((container) => {
    const waiting = objectAt(objectAt(container, 'state'), 'waiting')
    const name = textAt(container, 'name')
    return name !== null && textAt(waiting, 'reason') === 'CrashLoopBackOff' ? [name] : []
  })
  if (crashing.length > 0) {
    return failed('ContainerCrashLooping', `Containers in CrashLoop state: ${crashing.join(',')}`)
  }
  return inProgress('PodRunningNotReady', 'Pod is running but is not Ready')
}

function pendingStatus(object: JsonObject, conditions: readonly Condition[], nowMs: number): ObjectStatus {
  const unscheduled = conditions.find((one) => one.type === 'PodScheduled' && one.status === 'False')
  if (unscheduled?.reason !== 'Unschedulable') return inProgress('PodPending', 'Pod is in the Pending phase')
  const createdMs = Date.parse(textAt(objectAt(object, 'metadata'), 'creationTimestamp') ?? '')
  if (createdMs > nowMs - scheduleWindowMs) return inProgress('PodNotScheduled', 'Pod has not been scheduled')
  return failed('PodUnschedulable', 'Pod could not be scheduled')
}
