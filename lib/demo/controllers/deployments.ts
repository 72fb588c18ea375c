import { ownerReference } from '../kube/objectStore'
import type { Deployment, ReplicaSet } from '../kube/objects'
import { stableSuffix } from '../random'
import { reportDeployment } from './deploymentStatus'
import { type Controller, managers, type World } from './world'

const revisionAnnotation = 'deployment.kubernetes.io/revision'

/** Rolls each Deployment to its template: a ReplicaSet per template, the new one up and the old ones down in step. */
export const deployments: Controller = (world) => {
  for (const listed of world.objects.list('Deployment')) {
    const newest = newReplicaSet(world, listed)
    const deployment = world.objects.get('Deployment', listed.metadata.namespace, listed.metadata.name) ?? listed
    roll(world, deployment, newest)
    reportDeployment(world, deployment, newest.metadata.name)
    dropOldSets(world, deployment, newest)
  }
}

function newReplicaSet(world: World, deployment: Deployment): ReplicaSet {
  const { objects } = world
  const hash = stableSuffix(JSON.stringify(deployment.spec.template), 10)
  const owned = objects.ownedBy('ReplicaSet', deployment)
  const revisions = owned.map((set) => Number(set.metadata.annotations?.[revisionAnnotation] ?? 0))
  const highest = Math.max(0, ...revisions)
  const present = owned.find((set) => set.metadata.labels?.['pod-template-hash'] === hash)
  if (present !== undefined && Number(present.metadata.annotations?.[revisionAnnotation]) === highest) return present
  const revision = String(highest + 1)
  noteRevision(world, deployment, revision)
  // Going back to an earlier template takes the old ReplicaSet up again under a new revision.
  if (present !== undefined) {
    return objects.update<'ReplicaSet'>(present, managers.controllerManager, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: revision }
    })
  }
  const labels = { ...deployment.spec.template.metadata.labels, 'pod-template-hash': hash }
  const template = structuredClone(deployment.spec.template)
  template.metadata.labels = labels
  const { namespace } = deployment.metadata
  return objects.create(
    'ReplicaSet',
    {
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels,
        annotations: { [revisionAnnotation]: revision },
        ownerReferences: [ownerReference(deployment)],
      },
      // The very first set starts whole; later ones grow as the old ones shrink.
      spec: {
        replicas: owned.length === 0 ? deployment.spec.replicas : 0,
        selector: { matchLabels: labels },
        template,
      },
      status: { replicas: 0 },
    },
    managers.controllerManager,
  )
}

function noteRevision(world: World, deployment: Deployment, revision: string): void {
  world.objects.update<'Deployment'>(deployment, managers.controllerManager, (draft) => {
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionAnnotation]: revision }
  })
}

function roll(world: World, deployment: Deployment, newest: ReplicaSet): void {
  const desired = deployment.spec.replicas
  const { maxSurge, maxUnavailable } = deployment.spec.strategy.rollingUpdate
  const surge = Math.ceil((percent(maxSurge) * desired) / 100)
  const unavailable = Math.floor((percent(maxUnavailable) * desired) / 100)
  const sets = world.objects.ownedBy('ReplicaSet', deployment)
  const old = sets.filter((set) => set.metadata.uid !== newest.metadata.uid)
  const total = sets.reduce((sum, set) => sum + Math.max(set.spec.replicas, set.status.replicas), 0)

  if (newest.spec.replicas > desired) {
    scale(world, deployment, newest, desired)
    return
  }
  if (newest.spec.replicas < desired) {
    const room = Math.max(0, desired + (old.length > 0 ? surge : 0) - total)
    if (room > 0)
      scale(world, deployment, newest, newest.spec.replicas + Math.min(room, desired - newest.spec.replicas))
  }
  // Only as many old pods go as leave enough available; those that are not available cost nothing.
  const available = sets.reduce((sum, set) => sum + (set.status.availableReplicas ?? 0), 0)
  let budget = available - (desired - unavailable)
  for (const set of old) {
    const present = world.objects.get('ReplicaSet', set.metadata.namespace, set.metadata.name) ?? set
    if (present.spec.replicas === 0) continue
    const idle = present.spec.replicas - (present.status.availableReplicas ?? 0)
    const cut = Math.min(present.spec.replicas, idle + Math.max(0, budget))
    if (cut <= 0) continue
    budget -= Math.max(0, cut - idle)
    scale(world, deployment, present, present.spec.replicas - cut)
  }
}

function scale(world: World, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const from = set.spec.replicas
  world.objects.update<'ReplicaSet'>(set, managers.controllerManager, (draft) => {
    draft.spec.replicas = replicas
  })
  const direction = replicas > from ? 'up' : 'down'
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${replicas}`
  world.events.record(deployment, 'deployment-controller', 'Normal', 'ScalingReplicaSet', message)
}

function dropOldSets(world: World, deployment: Deployment, newest: ReplicaSet): void {
  const idle = world.objects
    .ownedBy('ReplicaSet', deployment)
    .filter((set) => set.metadata.uid !== newest.metadata.uid && set.spec.replicas === 0 && set.status.replicas === 0)
    .toSorted((a, b) => revisionOf(b) - revisionOf(a))
  for (const set of idle.slice(deployment.spec.revisionHistoryLimit)) world.objects.remove(set)
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[revisionAnnotation] ?? 0)
}

function percent(text: string): number {
  return Number(text.replace('%', ''))
}
