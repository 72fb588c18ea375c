import { ownerReference } from '../kube/objectStore'
import type { Pod, StatefulSet } from '../kube/objects'
import { stableSuffix } from '../random'
import { isReady, isTerminating } from './podState'
import { podOf } from './podTemplates'
import { type Controller, managers, type World } from './world'

const revisionLabel = 'controller-revision-hash'

/** One pod after the other: created from ordinal 0 up, replaced from the highest down. */
export const statefulSets: Controller = (world) => {
  for (const set of world.objects.list('StatefulSet')) {
    const update = updateRevision(world, set)
    const pods = podsByOrdinal(world, set)
    if (pods.every((pod) => pod === undefined || isReady(pod))) step(world, set, update, pods)
    report(world, set, update)
  }
}

function updateRevision(world: World, set: StatefulSet): string {
  const { objects } = world
  const name = `${set.metadata.name}-${stableSuffix(JSON.stringify(set.spec.template), 10)}`
  const { namespace } = set.metadata
  if (objects.get('ControllerRevision', namespace, name) !== null) return name
  const revisions = objects.ownedBy('ControllerRevision', set)
  objects.create(
    'ControllerRevision',
    {
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...set.spec.template.metadata.labels, [revisionLabel]: name },
        ownerReferences: [ownerReference(set)],
      },
      data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
      revision: revisions.length + 1,
    },
    managers.controllerManager,
  )
  return name
}

function podsByOrdinal(world: World, set: StatefulSet): (Pod | undefined)[] {
  const { namespace, name } = set.metadata
  return Array.from(
    { length: set.spec.replicas },
    (_, ordinal) => world.objects.get('Pod', namespace, `${name}-${ordinal}`) ?? undefined,
  )
}

/** At most one change at a time, and only while all others are ready. */
function step(world: World, set: StatefulSet, update: string, pods: (Pod | undefined)[]): void {
  const missing = pods.indexOf(undefined)
  if (missing >= 0) {
    const name = `${set.metadata.name}-${missing}`
    const labels = { [revisionLabel]: update, 'apps.kubernetes.io/pod-index': String(missing) }
    world.objects.create('Pod', podOf(set, set.spec.template, { name, labels }), managers.controllerManager)
    const message = `create Pod ${name} in StatefulSet ${set.metadata.name} successful`
    world.events.record(set, 'statefulset-controller', 'Normal', 'SuccessfulCreate', message)
    return
  }
  const outdated = pods.findLast((pod) => pod?.metadata.labels?.[revisionLabel] !== update)
  if (outdated === undefined) return
  world.objects.markDeleted<'Pod'>(outdated, 30)
  const message = `delete Pod ${outdated.metadata.name} in StatefulSet ${set.metadata.name} successful`
  world.events.record(set, 'statefulset-controller', 'Normal', 'SuccessfulDelete', message)
}

function report(world: World, set: StatefulSet, update: string): void {
  const pods = podsByOrdinal(world, set).filter((pod) => pod !== undefined)
  const present = pods.filter((pod) => !isTerminating(pod))
  const ready = present.filter(isReady).length
  const updated = present.filter((pod) => pod.metadata.labels?.[revisionLabel] === update)
  const done = updated.length === set.spec.replicas && ready === set.spec.replicas
  const current = done ? update : (set.status.currentRevision ?? update)
  const onCurrent = present.filter((pod) => pod.metadata.labels?.[revisionLabel] === current).length
  world.objects.replace<'StatefulSet', 'status'>(set, managers.controllerStatus, 'status', {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(onCurrent > 0 ? { currentReplicas: onCurrent } : {}),
    ...(updated.length > 0 ? { updatedReplicas: updated.length } : {}),
    currentRevision: current,
    updateRevision: update,
  })
}
