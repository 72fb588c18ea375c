import { ownerReference } from '../kube/objectStore'
import type { Pod, Service } from '../kube/objects'
import { stableSuffix } from '../random'
import { isReady, isTerminating } from './podState'
import { type Controller, managers, type World } from './world'

/** Who answers for each Service: its Endpoints and its EndpointSlice, after every change of a pod's readiness. */
export const endpoints: Controller = (world) => {
  for (const service of world.objects.list('Service')) {
    const { selector } = service.spec
    if (selector === undefined) continue
    const pods = world.objects
      .list('Pod', service.metadata.namespace)
      .filter((pod) => pod.status.podIP !== undefined && pod.status.phase === 'Running' && matches(pod, selector))
      .toSorted((a, b) => a.metadata.name.localeCompare(b.metadata.name))
    writeSlice(world, service, pods)
    writeEndpoints(world, service, pods)
  }
}

function matches(pod: Pod, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([label, value]) => pod.metadata.labels?.[label] === value)
}

function targetRef(pod: Pod) {
  const { namespace, name, uid } = pod.metadata
  return { kind: 'Pod', namespace, name, uid }
}

function writeSlice(world: World, service: Service, pods: readonly Pod[]): void {
  const { objects } = world
  const { namespace, name: serviceName } = service.metadata
  const name = `${serviceName}-${stableSuffix(service.metadata.uid, 5)}`
  const entries = pods.map((pod) => ({
    addresses: [pod.status.podIP],
    conditions: { ready: isReady(pod), serving: isReady(pod), terminating: isTerminating(pod) },
    targetRef: targetRef(pod),
    nodeName: pod.spec.nodeName,
  }))
  const present = objects.get('EndpointSlice', namespace, name)
  if (present !== null) {
    objects.replace<'EndpointSlice', 'endpoints'>(present, managers.controllerManager, 'endpoints', entries)
    return
  }
  const ports = service.spec.ports.map((port) => ({ name: port.name, protocol: port.protocol, port: port.targetPort }))
  objects.create(
    'EndpointSlice',
    {
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { 'kubernetes.io/service-name': serviceName },
        ownerReferences: [ownerReference(service)],
      },
      addressType: 'IPv4',
      endpoints: entries,
      ports,
    },
    managers.controllerManager,
  )
}

function writeEndpoints(world: World, service: Service, pods: readonly Pod[]): void {
  const { objects } = world
  const { namespace, name } = service.metadata
  const address = (pod: Pod) => ({ ip: pod.status.podIP, nodeName: pod.spec.nodeName, targetRef: targetRef(pod) })
  const live = pods.filter((pod) => !isTerminating(pod))
  const ready = live.filter(isReady).map(address)
  const notReady = live.filter((pod) => !isReady(pod)).map(address)
  const ports = service.spec.ports.map((port) => ({ name: port.name, port: port.targetPort, protocol: port.protocol }))
  const subset = {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ports,
  }
  const subsets = live.length > 0 ? [subset] : []
  const present = objects.get('Endpoints', namespace, name)
  if (present === null) {
    const metadata = { name, ...(namespace === undefined ? {} : { namespace }) }
    objects.create('Endpoints', { metadata, subsets }, managers.controllerManager)
  } else {
    objects.replace<'Endpoints', 'subsets'>(present, managers.controllerManager, 'subsets', subsets)
  }
}
