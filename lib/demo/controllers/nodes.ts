import type { Node } from '../kube/objects'
import { setCondition } from './conditions'
import { type Controller, managers, type World } from './world'

const leaseNamespace = 'kube-node-lease'

/** Nodes say that they live: a Lease each 10 s, a status each minute; and the control plane's leaders theirs. */
export const nodes: Controller = (world) => {
  for (const node of world.objects.list('Node')) {
    const { uid, name } = node.metadata
    if (world.objects.get('Lease', leaseNamespace, name) === null) createLease(world, leaseNamespace, name, name, 40)
    if (world.timers.due(`${uid}/lease`, 10_000)) renewLease(world, leaseNamespace, name, 'kubelet')
    if (world.timers.due(`${uid}/heartbeat`, 60_000)) heartbeat(world, node)
  }
  for (const component of ['kube-controller-manager', 'kube-scheduler']) {
    if (world.objects.get('Lease', 'kube-system', component) === null) {
      createLease(world, 'kube-system', component, `control-plane-1_${world.random.uuid()}`, 15)
    }
    if (world.timers.due(`lease/${component}`, 2000)) renewLease(world, 'kube-system', component, component)
  }
}

function createLease(world: World, namespace: string, name: string, holder: string, seconds: number): void {
  const now = world.objects.microTime()
  world.objects.create(
    'Lease',
    {
      metadata: { name, namespace },
      spec: { holderIdentity: holder, leaseDurationSeconds: seconds, acquireTime: now, renewTime: now },
    },
    { manager: namespace === leaseNamespace ? 'kubelet' : name },
  )
}

function renewLease(world: World, namespace: string, name: string, manager: string): void {
  const lease = world.objects.get('Lease', namespace, name)
  if (lease === null) return
  world.objects.update<'Lease'>(lease, { manager }, (draft) => {
    draft.spec.renewTime = world.objects.microTime()
  })
}

function heartbeat(world: World, node: Node): void {
  world.objects.update<'Node'>(node, managers.kubeletStatus, (draft) => {
    const time = world.objects.time()
    for (const condition of draft.status.conditions) condition.lastHeartbeatTime = time
  })
}

/** The kubelet's word on its node: ready again, or why not. */
export function setNodeReady(world: World, node: Node, ready: boolean): void {
  world.objects.update<'Node'>(node, managers.kubeletStatus, (draft) => {
    const next = ready
      ? { status: 'True' as const, reason: 'KubeletReady', message: 'kubelet is posting ready status' }
      : { status: 'False' as const, reason: 'KubeletNotReady', message: 'container runtime network not ready' }
    setCondition(draft.status.conditions, { type: 'Ready', ...next }, world.objects.time())
  })
}
