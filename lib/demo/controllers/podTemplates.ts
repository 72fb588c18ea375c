import { type Draft, ownerReference } from '../kube/objectStore'
import type { Container, KubeObject, PodTemplate } from '../kube/objects'

/** A pod template as `kubectl apply` leaves it after the apiserver's defaults. */
export function podTemplate(options: {
  labels: Record<string, string>
  image: string
  port?: number
  configMap?: string
  secret?: string
  args?: string[]
  restartPolicy?: 'Always' | 'OnFailure'
  serviceAccount?: string
}): PodTemplate {
  const name = options.labels.app ?? 'main'
  const container: Container = {
    name,
    image: options.image,
    ...(options.args === undefined ? {} : { args: options.args }),
    ...(options.port === undefined
      ? {}
      : {
          ports: [{ name: 'http', containerPort: options.port, protocol: 'TCP' }],
          readinessProbe: {
            httpGet: { path: '/ready', port: options.port, scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 5,
            successThreshold: 1,
            failureThreshold: 3,
          },
        }),
    ...(options.secret === undefined ? {} : { envFrom: [{ secretRef: { name: options.secret } }] }),
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
    ...(options.configMap === undefined
      ? {}
      : { volumeMounts: [{ name: 'config', mountPath: '/etc/config', readOnly: true }] }),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'IfNotPresent',
  }
  return {
    metadata: { labels: options.labels },
    spec: {
      ...(options.configMap === undefined
        ? {}
        : { volumes: [{ name: 'config', configMap: { name: options.configMap, defaultMode: 420 } }] }),
      containers: [container],
      restartPolicy: options.restartPolicy ?? 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: options.serviceAccount ?? 'default',
      securityContext: {},
      schedulerName: 'default-scheduler',
    },
  }
}

/** A new pod of an owner, not yet scheduled. */
export function podOf(
  owner: KubeObject,
  template: PodTemplate,
  identity: { name: string; generateName?: string; labels?: Record<string, string>; nodeName?: string },
): Draft<'Pod'> {
  const { creationTimestamp: _, ...templateMetadata } = structuredClone(template.metadata)
  return {
    metadata: {
      ...templateMetadata,
      name: identity.name,
      ...(identity.generateName === undefined ? {} : { generateName: identity.generateName }),
      ...(owner.metadata.namespace === undefined ? {} : { namespace: owner.metadata.namespace }),
      labels: { ...template.metadata.labels, ...identity.labels },
      ownerReferences: [ownerReference(owner)],
    },
    spec: {
      ...structuredClone(template.spec),
      ...(identity.nodeName === undefined ? {} : { nodeName: identity.nodeName }),
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }
}
