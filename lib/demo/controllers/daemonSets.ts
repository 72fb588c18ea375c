import type { DaemonSet, Pod } from '../kube/objects'
import { isActive, isReady } from './podState'
import { podOf } from './podTemplates'
import { type Controller, managers, type World } from './world'

const generationLabel = 'pod-template-generation'

/** One pod on every node, replaced one after the other. */
export const daemonSets: Controller = (world) => {
  for (const set of world.objects.list('DaemonSet')) {
    const pods = world.objects.ownedBy('Pod', set)
    addMissing(world, set, pods)
    replaceOne(world, set, pods)
    report(world, set)
  }
}

/** Status does not count: only a changed template makes pods outdated. */
function templateGeneration(set: DaemonSet): string {
  return String(set.metadata.generation ?? 1)
}

function addMissing(world: World, set: DaemonSet, pods: readonly Pod[]): void {
  for (const node of world.objects.list('Node')) {
    if (pods.some((pod) => pod.spec.nodeName === node.metadata.name)) continue
    const generateName = `${set.metadata.name}-`
    const name = `${generateName}${world.random.suffix(5)}`
    const labels = { [generationLabel]: templateGeneration(set) }
    const identity = { name, generateName, labels, nodeName: node.metadata.name }
    world.objects.create('Pod', podOf(set, set.spec.template, identity), managers.controllerManager)
    world.events.record(set, 'daemonset-controller', 'Normal', 'SuccessfulCreate', `Created pod: ${name}`)
  }
}

function replaceOne(world: World, set: DaemonSet, pods: readonly Pod[]): void {
  if (pods.some((pod) => !isReady(pod))) return
  const outdated = pods.find((pod) => pod.metadata.labels?.[generationLabel] !== templateGeneration(set))
  if (outdated === undefined) return
  world.objects.markDeleted<'Pod'>(outdated, 30)
  const message = `Deleted pod: ${outdated.metadata.name}`
  world.events.record(set, 'daemonset-controller', 'Normal', 'SuccessfulDelete', message)
}

function report(world: World, set: DaemonSet): void {
  const nodes = world.objects.list('Node').length
  const pods = world.objects.ownedBy('Pod', set).filter(isActive)
  const ready = pods.filter(isReady).length
  const updated = pods.filter((pod) => pod.metadata.labels?.[generationLabel] === templateGeneration(set)).length
  world.objects.replace<'DaemonSet', 'status'>(set, managers.controllerStatus, 'status', {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: nodes,
    numberReady: ready,
    observedGeneration: set.metadata.generation ?? 1,
    ...(updated > 0 ? { updatedNumberScheduled: updated } : {}),
    ...(ready > 0 ? { numberAvailable: ready } : {}),
    ...(ready < nodes ? { numberUnavailable: nodes - ready } : {}),
  })
}
