import type { Condition, Deployment } from '../kube/objects'
import { setCondition } from './conditions'
import { managers, type World } from './world'

/** The status that the deployment controller writes, counted from the ReplicaSets' own. */
export function reportDeployment(world: World, deployment: Deployment, newestName: string): void {
  const { objects } = world
  const sets = objects.ownedBy('ReplicaSet', deployment)
  const newest = sets.find((set) => set.metadata.name === newestName)
  const sum = (count: (set: (typeof sets)[number]) => number | undefined) =>
    sets.reduce((total, set) => total + (count(set) ?? 0), 0)
  const replicas = sum((set) => set.status.replicas)
  const available = sum((set) => set.status.availableReplicas)
  const ready = sum((set) => set.status.readyReplicas)
  const updated = newest?.status.replicas ?? 0
  const desired = deployment.spec.replicas
  const missing = Math.max(0, Math.max(desired, replicas) - available)

  const time = objects.time()
  const before = deployment.status
  const conditions: Condition[] = structuredClone(before.conditions ?? [])
  const moved =
    before.updatedReplicas !== (updated || undefined) ||
    before.replicas !== (replicas || undefined) ||
    before.availableReplicas !== (available || undefined)
  const complete = updated === desired && replicas === desired && available === desired
  set(conditions, availability(available, desired), time)
  set(conditions, progress(world, deployment, newestName, { complete, moved }), time)
  objects.replace<'Deployment', 'status'>(deployment, managers.controllerStatus, 'status', {
    observedGeneration: deployment.metadata.generation ?? 1,
    ...(replicas > 0 ? { replicas } : {}),
    ...(updated > 0 ? { updatedReplicas: updated } : {}),
    ...(ready > 0 ? { readyReplicas: ready } : {}),
    ...(available > 0 ? { availableReplicas: available } : {}),
    ...(missing > 0 ? { unavailableReplicas: missing } : {}),
    conditions,
  })
}

type Next = Parameters<typeof setCondition>[1]

function set(conditions: Condition[], next: Next, time: string): void {
  if (!setCondition(conditions, next, time)) return
  const condition = conditions.find(({ type }) => type === next.type)
  if (condition !== undefined) condition.lastUpdateTime = time
}

function availability(available: number, desired: number): Next {
  const enough = available >= desired - Math.floor(desired / 4)
  return {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: `Deployment ${enough ? 'has' : 'does not have'} minimum availability.`,
  }
}

/** A rollout that makes no progress for its deadline has failed, until something moves again. */
function progress(
  world: World,
  deployment: Deployment,
  newestName: string,
  state: { complete: boolean; moved: boolean },
): Next {
  const deadline = `${deployment.metadata.uid}/deadline`
  const quoted = `ReplicaSet "${newestName}"`
  const present = deployment.status.conditions?.find(({ type }) => type === 'Progressing')
  if (state.complete) {
    world.timers.forget(deadline)
    const message = `${quoted} has successfully progressed.`
    return { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message }
  }
  if (state.moved) world.timers.forget(deadline)
  else if (present?.reason === 'ProgressDeadlineExceeded' && present.message?.startsWith(quoted)) return { ...present }
  // The opening hurries what pods do, not how long they are given: on a busy machine each first rollout would fail.
  if (world.timers.due(deadline, (deployment.spec.progressDeadlineSeconds * 1000) / world.timers.pace)) {
    const message = `${quoted} has timed out progressing.`
    return { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message }
  }
  return { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: `${quoted} is progressing.` }
}
