import type { JsonObject } from '../decodeObject'
import { type Condition, integerAt, objectAt } from '../status/fields'

/** Pod counts as an object states them; null where its kind has no such number or it is no integer. */
export interface Figures {
  readonly desired: number | null
  readonly current: number | null
  readonly updated: number | null
  readonly ready: number | null
  readonly available: number | null
}

const nothing: Figures = { desired: null, current: null, updated: null, ready: null, available: null }

export function figuresOf(resource: string, object: JsonObject, conditions: readonly Condition[]): Figures {
  const [spec, status] = [objectAt(object, 'spec'), objectAt(object, 'status')]
  switch (resource) {
    case 'deployments':
    case 'statefulsets':
      return { ...replicated(spec, status, 0), updated: integerAt(status, 'updatedReplicas') ?? 0 }
    case 'replicasets':
    case 'replicationcontrollers':
      return replicated(spec, status, 0)
    case 'daemonsets':
      return {
        desired: integerAt(status, 'desiredNumberScheduled'),
        current: integerAt(status, 'currentNumberScheduled'),
        updated: integerAt(status, 'updatedNumberScheduled') ?? 0,
        ready: integerAt(status, 'numberReady'),
        available: integerAt(status, 'numberAvailable') ?? 0,
      }
    case 'jobs':
      return {
        ...nothing,
        desired: integerAt(spec, 'completions') ?? integerAt(spec, 'parallelism') ?? 1,
        current: integerAt(status, 'active') ?? 0,
        ready: integerAt(status, 'ready') ?? 0,
        available: integerAt(status, 'succeeded') ?? 0,
      }
    case 'cronjobs':
      return { ...nothing, current: Array.isArray(status.active) ? status.active.length : 0 }
    case 'pods': {
      const ready = conditions.some((one) => one.type === 'Ready' && one.status === 'True')
      return { ...nothing, desired: 1, current: 1, ready: ready ? 1 : 0 }
    }
    default:
      return {
        desired: integerAt(spec, 'replicas'),
        current: integerAt(status, 'replicas'),
        updated: integerAt(status, 'updatedReplicas'),
        ready: integerAt(status, 'readyReplicas'),
        available: integerAt(status, 'availableReplicas'),
      }
  }
}

/** The apiserver leaves zeros out of a status. */
function replicated(spec: JsonObject, status: JsonObject, absent: number): Figures {
  return {
    desired: integerAt(spec, 'replicas') ?? 1,
    current: integerAt(status, 'replicas') ?? absent,
    updated: null,
    ready: integerAt(status, 'readyReplicas') ?? absent,
    available: integerAt(status, 'availableReplicas') ?? absent,
  }
}
