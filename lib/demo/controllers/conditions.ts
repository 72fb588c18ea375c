import type { Condition } from '../kube/objects'

/** Sets a condition; its transition time moves only when the status does. Answers whether anything changed. */
export function setCondition(
  conditions: Condition[],
  next: { type: string; status: Condition['status']; reason?: string; message?: string },
  time: string,
): boolean {
  const present = conditions.find((condition) => condition.type === next.type)
  if (present === undefined) {
    conditions.push({ ...next, lastTransitionTime: time })
    return true
  }
  if (present.status === next.status && present.reason === next.reason && present.message === next.message) return false
  if (present.status !== next.status) present.lastTransitionTime = time
  present.status = next.status
  if (next.reason === undefined) delete present.reason
  else present.reason = next.reason
  if (next.message === undefined) delete present.message
  else present.message = next.message
  return true
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
}
