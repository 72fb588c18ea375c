import { podTemplate } from '../controllers/podTemplates'
import type { World } from '../controllers/world'

const nodeNames = ['control-plane-1', 'worker-1', 'worker-2', 'worker-3', 'worker-4']

export function initialNodes(world: World): void {
  const { objects, random } = world
  for (const [index, name] of nodeNames.entries()) {
    const time = objects.time()
    const controlPlane: Record<string, string> = index === 0 ? { 'node-role.kubernetes.io/control-plane': '' } : {}
    const healthy = (type: string, reason: string, message: string) => ({
      type,
      status: type === 'Ready' ? ('True' as const) : ('False' as const),
      lastHeartbeatTime: time,
      lastTransitionTime: time,
      reason,
      message,
    })
    objects.create(
      'Node',
      {
        metadata: {
          name,
          labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...controlPlane },
          annotations: { 'node.alpha.kubernetes.io/ttl': '0' },
        },
        spec: { podCIDR: `10.244.${index}.0/24`, podCIDRs: [`10.244.${index}.0/24`], providerID: `demo://${name}` },
        status: {
          capacity: { cpu: '8', memory: '32768Mi', pods: '110' },
          allocatable: { cpu: '7800m', memory: '31744Mi', pods: '110' },
          conditions: [
            healthy('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
            healthy('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
            healthy('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
            healthy('Ready', 'KubeletReady', 'kubelet is posting ready status'),
          ],
          addresses: [
            { type: 'InternalIP', address: `192.0.2.${10 + index}` },
            { type: 'Hostname', address: name },
          ],
          nodeInfo: {
            machineID: random.uuid().replaceAll('-', ''),
            systemUUID: random.uuid(),
            bootID: random.uuid(),
            kernelVersion: '6.1.0-28-amd64',
            osImage: 'Debian GNU/Linux 12 (bookworm)',
            containerRuntimeVersion: 'containerd://1.7.24',
            kubeletVersion: 'v1.34.2',
            kubeProxyVersion: '',
            operatingSystem: 'linux',
            architecture: 'amd64',
          },
        },
      },
      { manager: 'kubelet' },
    )
  }
}

export function initialDaemonSets(world: World): void {
  for (const { namespace, name, image } of [
    { namespace: 'kube-system', name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.34.2' },
    { namespace: 'platform', name: 'node-exporter', image: 'registry.example.com/platform/node-exporter:1.8.2' },
  ]) {
    const labels = { app: name }
    world.objects.create(
      'DaemonSet',
      {
        metadata: { name, namespace, labels },
        spec: {
          selector: { matchLabels: labels },
          template: podTemplate({ labels, image }),
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
          revisionHistoryLimit: 10,
        },
        status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
      },
      { manager: 'kubectl-client-side-apply' },
    )
  }
}
