import type { Pod } from '../kube/objects'
import { isTrue } from './conditions'

export function isTerminating(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp !== undefined
}

export function isReady(pod: Pod): boolean {
  return !isTerminating(pod) && isTrue(pod.status.conditions, 'Ready')
}

export function isFinished(pod: Pod): boolean {
  return pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
}

/** Not yet finished and not on its way out: what a controller counts as one of its pods. */
export function isActive(pod: Pod): boolean {
  return !isTerminating(pod) && !isFinished(pod)
}
