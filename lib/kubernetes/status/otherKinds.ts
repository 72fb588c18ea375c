import type { JsonObject } from '../decodeObject'
import { type Condition, objectAt, textAt } from './fields'
import { current, failed, inProgress, type ObjectStatus } from './result'

/** The kinds whose rule is a line or two. */

export function alwaysReady(): ObjectStatus {
  return current('Resource is always ready')
}

/** Its controller reports an observed generation, which the rule for all kinds has checked before. */
export function disruptionBudgetStatus(): ObjectStatus {
  return current('AllowedDisruptions has been computed.')
}

export function claimStatus(object: JsonObject): ObjectStatus {
  const phase = textAt(objectAt(object, 'status'), 'phase') ?? 'unknown'
  return phase === 'Bound' ? current('PVC is Bound') : inProgress('NotBound', `PVC is not Bound. phase: ${phase}`)
}

export function serviceStatus(object: JsonObject): ObjectStatus {
  const spec = objectAt(object, 'spec')
  const lacksAddress = (textAt(spec, 'clusterIP') ?? '') === ''
  return textAt(spec, 'type') === 'LoadBalancer' && lacksAddress
    ? inProgress('NoIPAssigned', 'ClusterIP not set. Service type: LoadBalancer')
    : current('Service is ready')
}

export function definitionStatus(_object: JsonObject, conditions: readonly Condition[]): ObjectStatus {
  for (const { type, status, reason, message } of conditions) {
    if (type === 'NamesAccepted' && status === 'False') return failed(reason, message)
    if (type !== 'Established') continue
    if (status === 'False' && reason !== 'Installing') return failed(reason, message)
    if (status === 'True') return current('CRD is established')
  }
  return inProgress('Installing', 'Install in progress')
}
