import type { Pod, ReplicaSet } from '../kube/objects'
import { isActive, isReady } from './podState'
import { podOf } from './podTemplates'
import { type Controller, managers, type World } from './world'

/** Keeps as many pods as each ReplicaSet asks for. */
export const replicaSets: Controller = (world) => {
  for (const set of world.objects.list('ReplicaSet')) {
    const pods = world.objects.ownedBy('Pod', set).filter(isActive)
    if (pods.length < set.spec.replicas) addPods(world, set, set.spec.replicas - pods.length)
    else if (pods.length > set.spec.replicas) removePods(world, set, pods, pods.length - set.spec.replicas)
    report(world, set)
  }
}

function addPods(world: World, set: ReplicaSet, count: number): void {
  for (let i = 0; i < count; i++) {
    const generateName = `${set.metadata.name}-`
    const name = `${generateName}${world.random.suffix(5)}`
    const pod = world.objects.create(
      'Pod',
      podOf(set, set.spec.template, { name, generateName }),
      managers.controllerManager,
    )
    const message = `Created pod: ${pod.metadata.name}`
    world.events.record(set, 'replicaset-controller', 'Normal', 'SuccessfulCreate', message)
  }
}

/** Pods that are not ready go first, as they serve nobody. */
function removePods(world: World, set: ReplicaSet, pods: Pod[], count: number): void {
  const order = pods.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)))
  for (const pod of order.slice(0, count)) {
    world.objects.markDeleted<'Pod'>(pod, 30)
    const message = `Deleted pod: ${pod.metadata.name}`
    world.events.record(set, 'replicaset-controller', 'Normal', 'SuccessfulDelete', message)
  }
}

function report(world: World, set: ReplicaSet): void {
  const pods = world.objects.ownedBy('Pod', set).filter(isActive)
  const ready = pods.filter(isReady).length
  const { namespace, name } = set.metadata
  const present = world.objects.get('ReplicaSet', namespace, name) ?? set
  world.objects.replace<'ReplicaSet', 'status'>(present, managers.controllerStatus, 'status', {
    replicas: pods.length,
    ...(pods.length > 0 ? { fullyLabeledReplicas: pods.length } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    observedGeneration: present.metadata.generation ?? 1,
  })
}
