import { badTags } from '../controllers/imageFate'
import { setNodeReady } from '../controllers/nodes'
import type { World } from '../controllers/world'
import type { Deployment } from '../kube/objects'
import { argo, madeUp } from './initialWorld'

/** What people and tools do to the cluster. Each episode is one thing done now; some arrange their own end. */
export interface Episode {
  readonly name: string
  /** First time after the start, then about this often. */
  readonly firstMs: number
  readonly everyMs: number
  run(world: World, later: Later): void
}

/** Runs `action` once, `delayMs` from now. */
export type Later = (delayMs: number, action: () => void) => void

export const episodes: readonly Episode[] = [
  { name: 'release', firstMs: 6_000, everyMs: 30_000, run: release },
  { name: 'scale', firstMs: 14_000, everyMs: 70_000, run: scale },
  { name: 'typo', firstMs: 22_000, everyMs: 200_000, run: (world, later) => badRelease(world, later, 'missing') },
  { name: 'crash', firstMs: 100_000, everyMs: 260_000, run: (world, later) => badRelease(world, later, 'crashing') },
  { name: 'edit', firstMs: 4_000, everyMs: 15_000, run: editConfig },
  { name: 'rotate', firstMs: 9_000, everyMs: 45_000, run: rotateSecret },
  { name: 'database', firstMs: 60_000, everyMs: 240_000, run: upgradeDatabase },
  { name: 'agents', firstMs: 130_000, everyMs: 420_000, run: upgradeAgents },
  { name: 'drain', firstMs: 170_000, everyMs: 360_000, run: troubleNode },
]

/** A deployment that no other episode is busy with: all its replicas are there and none is failing. */
function quietDeployment(world: World): Deployment | null {
  const quiet = world.objects
    .list('Deployment')
    .filter(
      ({ spec, status, metadata }) =>
        status.availableReplicas === spec.replicas &&
        status.updatedReplicas === spec.replicas &&
        status.observedGeneration === metadata.generation,
    )
  return quiet.length === 0 ? null : world.random.pick(quiet)
}

function release(world: World): void {
  const deployment = quietDeployment(world)
  if (deployment === null) return
  world.objects.update<'Deployment'>(deployment, argo, (draft) => {
    const container = draft.spec.template.spec.containers[0]
    if (container !== undefined) container.image = nextVersion(container.image)
  })
}

/** `…:2.14.0` becomes `…:2.14.1`. */
export function nextVersion(image: string): string {
  return image.replace(/(\d+)(-[a-z]+)?$/, (_, patch: string) => String(Number(patch) + 1))
}

function scale(world: World): void {
  const deployment = quietDeployment(world)
  if (deployment === null || deployment.metadata.name === 'storefront') return
  world.objects.update<'Deployment'>(deployment, { manager: 'kubectl', subresource: 'scale' }, (draft) => {
    const up = draft.spec.replicas < 3 || (draft.spec.replicas < 6 && world.random.chance(0.4))
    draft.spec.replicas += up ? 1 : -1
  })
}

/** A release that cannot start; somebody notices after a while and goes back. */
function badRelease(world: World, later: Later, fate: keyof typeof badTags): void {
  const deployment = quietDeployment(world)
  if (deployment === null) return
  const before = structuredClone(deployment.spec.template)
  world.objects.update<'Deployment'>(deployment, { manager: 'kubectl-set' }, (draft) => {
    const container = draft.spec.template.spec.containers[0]
    if (container !== undefined) container.image = `${nextVersion(container.image)}${badTags[fate]}`
  })
  later(55_000 + world.random.whole(0, 30_000), () => {
    const present = world.objects.get('Deployment', deployment.metadata.namespace, deployment.metadata.name)
    if (present === null) return
    world.objects.update<'Deployment'>(present, { manager: 'kubectl-rollout' }, (draft) => {
      draft.spec.template = before
    })
  })
}

function editConfig(world: World): void {
  const { objects, random } = world
  const config = random.pick(objects.list('ConfigMap'))
  const byHand = random.chance(0.4)
  objects.update<'ConfigMap'>(config, byHand ? { manager: 'kubectl-edit' } : argo, (draft) => {
    const yaml = draft.data['app.yaml'] ?? ''
    const edit = random.whole(0, 2)
    if (edit === 0) draft.data['app.yaml'] = yaml.replace(/timeoutMs: \d+/, `timeoutMs: ${random.whole(2, 12) * 250}`)
    else if (edit === 1) {
      const level = yaml.includes('logLevel: info') ? 'debug' : 'info'
      draft.data['app.yaml'] = yaml.replace(/logLevel: \w+/, `logLevel: ${level}`)
    } else draft.data['app.yaml'] = yaml.replace(/retries: \d+/, `retries: ${random.whole(1, 6)}`)
  })
}

function rotateSecret(world: World): void {
  const { objects, random } = world
  objects.update<'Secret'>(random.pick(objects.list('Secret')), { manager: 'external-secrets' }, (draft) => {
    draft.data.password = madeUp(`not-a-real-password-${random.suffix(8)}`)
    draft.metadata.annotations = { ...draft.metadata.annotations, 'external-secrets.io/rotated-at': objects.time() }
  })
}

function upgradeDatabase(world: World): void {
  const database = world.objects.get('StatefulSet', 'data', 'postgres')
  if (database === null) return
  world.objects.update<'StatefulSet'>(database, { manager: 'helm' }, (draft) => {
    const container = draft.spec.template.spec.containers[0]
    if (container !== undefined) container.image = nextVersion(container.image)
  })
}

function upgradeAgents(world: World): void {
  const agents = world.random.pick(world.objects.list('DaemonSet'))
  world.objects.update<'DaemonSet'>(agents, { manager: 'kubectl-set' }, (draft) => {
    const container = draft.spec.template.spec.containers[0]
    if (container !== undefined) container.image = nextVersion(container.image)
  })
}

/** A worker loses its network for half a minute and is kept free of new pods meanwhile. */
function troubleNode(world: World, later: Later): void {
  const name = `worker-${world.random.whole(1, 4)}`
  const cordon = (unschedulable: boolean) => {
    const node = world.objects.get('Node', undefined, name)
    if (node === null) return
    setNodeReady(world, node, !unschedulable)
    world.objects.update<'Node'>(node, { manager: 'kubectl-cordon' }, (draft) => {
      if (unschedulable) draft.spec.unschedulable = true
      else delete draft.spec.unschedulable
    })
  }
  cordon(true)
  later(30_000, () => cordon(false))
}
