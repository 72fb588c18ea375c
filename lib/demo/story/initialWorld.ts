import { podTemplate } from '../controllers/podTemplates'
import type { World } from '../controllers/world'
import { initialDaemonSets, initialNodes } from './initialNodes'

/** The little shop that the demo cluster runs, as its people first applied it. */

export const argo = { manager: 'argocd-controller', operation: 'Apply' } as const
const apply = { manager: 'kubectl-client-side-apply' } as const

export const registry = 'registry.example.com'

export const shopDeployments = [
  { namespace: 'shop', name: 'storefront', replicas: 4, port: 8080, version: '2.14.0' },
  { namespace: 'shop', name: 'checkout', replicas: 3, port: 8081, version: '1.9.3' },
  { namespace: 'shop', name: 'payments', replicas: 2, port: 8082, version: '4.2.1' },
  { namespace: 'shop', name: 'search', replicas: 3, port: 8083, version: '0.31.0' },
  { namespace: 'data', name: 'ingest', replicas: 2, port: 9000, version: '3.0.7' },
  { namespace: 'platform', name: 'api-gateway', replicas: 3, port: 8443, version: '5.6.2' },
  { namespace: 'platform', name: 'notifier', replicas: 1, port: 8090, version: '1.1.0' },
] as const

export function createInitialWorld(world: World): void {
  const { objects } = world
  for (const name of ['default', 'kube-system', 'kube-node-lease', 'shop', 'data', 'platform']) {
    objects.create(
      'Namespace',
      {
        metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
        spec: { finalizers: ['kubernetes'] },
        status: { phase: 'Active' },
      },
      apply,
    )
    objects.create(
      'ServiceAccount',
      { metadata: { name: 'default', namespace: name } },
      { manager: 'kube-controller-manager' },
    )
  }
  initialNodes(world)
  for (const shop of shopDeployments) createShop(world, shop)
  createDatabase(world)
  createCronJobs(world)
  createAutoscaler(world)
  initialDaemonSets(world)
}

function createShop(world: World, shop: (typeof shopDeployments)[number]): void {
  const { objects, random } = world
  const { namespace, name, replicas, port, version } = shop
  const labels = { app: name }
  const configMap = `${name}-config`
  const secret = `${name}-credentials`
  objects.create(
    'ConfigMap',
    {
      metadata: { name: configMap, namespace, labels },
      data: {
        'app.yaml': `logLevel: info\ntimeoutMs: ${random.whole(2, 9) * 250}\nretries: 3\nupstreams:\n  - http://api-gateway.platform\n`,
        GREETING: `Welcome to ${name}`,
      },
    },
    argo,
  )
  objects.create(
    'Secret',
    {
      metadata: { name: secret, namespace, labels },
      type: 'Opaque',
      data: { username: madeUp(name), password: madeUp(`not-a-real-password-${random.suffix(8)}`) },
    },
    { manager: 'external-secrets' },
  )
  objects.create(
    'Service',
    {
      metadata: { name, namespace, labels },
      spec: {
        type: 'ClusterIP',
        ...address(world),
        selector: labels,
        ports: [{ name: 'http', protocol: 'TCP', port: 80, targetPort: port }],
        sessionAffinity: 'None',
      },
      status: { loadBalancer: {} },
    },
    argo,
  )
  const image = `${registry}/${namespace}/${name}:${version}`
  objects.create(
    'Deployment',
    {
      metadata: { name, namespace, labels },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: podTemplate({ labels, image, port, configMap, secret }),
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        revisionHistoryLimit: 4,
        // The default of ten minutes is longer than anybody watches a demo.
        progressDeadlineSeconds: 40,
      },
      status: {},
    },
    argo,
  )
}

/** Values of secrets are obviously made up, in case somebody reads them where they should not be. */
export function madeUp(text: string): string {
  return Buffer.from(`demo-${text}`).toString('base64')
}

function address(world: World): { clusterIP: string; clusterIPs: string[] } {
  const clusterIP = `10.96.${world.random.whole(0, 15)}.${world.random.whole(2, 250)}`
  return { clusterIP, clusterIPs: [clusterIP] }
}

function createDatabase(world: World): void {
  const labels = { app: 'postgres' }
  const metadata = { name: 'postgres', namespace: 'data', labels }
  world.objects.create(
    'Service',
    {
      metadata,
      spec: {
        type: 'ClusterIP',
        clusterIP: 'None',
        clusterIPs: ['None'],
        selector: labels,
        ports: [{ name: 'sql', protocol: 'TCP', port: 5432, targetPort: 5432 }],
        sessionAffinity: 'None',
      },
      status: { loadBalancer: {} },
    },
    { manager: 'helm' },
  )
  world.objects.create(
    'StatefulSet',
    {
      metadata,
      spec: {
        replicas: 3,
        serviceName: 'postgres',
        selector: { matchLabels: labels },
        template: podTemplate({ labels, image: `${registry}/data/postgres:16.4`, port: 5432 }),
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        revisionHistoryLimit: 10,
      },
      status: { replicas: 0 },
    },
    { manager: 'helm' },
  )
}

function createCronJobs(world: World): void {
  for (const { namespace, name, schedule } of [
    { namespace: 'data', name: 'backup', schedule: '*/2 * * * *' },
    { namespace: 'shop', name: 'price-report', schedule: '* * * * *' },
  ]) {
    const template = podTemplate({
      labels: { app: name },
      image: `${registry}/${namespace}/${name}:1.0.4`,
      restartPolicy: 'OnFailure',
      args: ['--once'],
    })
    world.objects.create(
      'CronJob',
      {
        metadata: { name, namespace },
        spec: {
          schedule,
          concurrencyPolicy: 'Forbid',
          suspend: false,
          jobTemplate: { metadata: {}, spec: { backoffLimit: 3, template } },
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 1,
        },
        status: {},
      },
      argo,
    )
  }
}

function createAutoscaler(world: World): void {
  world.objects.create(
    'HorizontalPodAutoscaler',
    {
      metadata: { name: 'storefront', namespace: 'shop' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'storefront' },
        minReplicas: 3,
        maxReplicas: 7,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
        ],
      },
      status: { desiredReplicas: 0, currentMetrics: null },
    },
    apply,
  )
}
