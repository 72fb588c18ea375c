/** The parts of Kubernetes objects that the demo's controllers read and write, in the apiserver's JSON form. */

export interface ManagedFields {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  time: string
  fieldsType: 'FieldsV1'
  fieldsV1: Record<string, unknown>
  subresource?: string
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller: boolean
  blockOwnerDeletion: boolean
}

export interface ObjectMeta {
  name: string
  namespace?: string
  generateName?: string
  uid: string
  generation?: number
  creationTimestamp: string
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  ownerReferences?: OwnerReference[]
  managedFields?: ManagedFields[]
}

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastUpdateTime?: string
  lastTransitionTime?: string
  lastHeartbeatTime?: string
  lastProbeTime?: string | null
}

/** What every kind has; controllers narrow it with the interfaces below. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
}

export interface Container {
  name: string
  image: string
  ports?: { name?: string; containerPort: number; protocol: string }[]
  env?: { name: string; value: string }[]
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[]
  args?: string[]
  resources?: { requests: Record<string, string>; limits: Record<string, string> }
  readinessProbe?: Record<string, unknown>
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[]
  imagePullPolicy?: string
  terminationMessagePath?: string
  terminationMessagePolicy?: string
}

export interface PodSpec {
  containers: Container[]
  volumes?: Record<string, unknown>[]
  nodeName?: string
  restartPolicy: string
  serviceAccountName?: string
  terminationGracePeriodSeconds: number
  dnsPolicy: string
  schedulerName: string
  securityContext: Record<string, unknown>
  tolerations?: Record<string, unknown>[]
}

export interface PodTemplate {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string>; creationTimestamp?: null }
  spec: PodSpec
}

export interface ContainerStatus {
  name: string
  state: {
    waiting?: { reason: string; message?: string }
    running?: { startedAt: string }
    terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string }
  }
  lastState: ContainerStatus['state']
  ready: boolean
  started: boolean
  restartCount: number
  image: string
  imageID: string
}

export interface Pod extends KubeObject {
  spec: PodSpec
  status: {
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
    conditions?: Condition[]
    hostIP?: string
    podIP?: string
    podIPs?: { ip: string }[]
    startTime?: string
    qosClass: string
    containerStatuses?: ContainerStatus[]
    observedGeneration?: number
  }
}

interface Selector {
  matchLabels: Record<string, string>
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas: number; selector: Selector; template: PodTemplate }
  status: {
    replicas: number
    fullyLabeledReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    observedGeneration?: number
  }
}

export interface Deployment extends KubeObject {
  spec: {
    replicas: number
    selector: Selector
    template: PodTemplate
    strategy: { type: 'RollingUpdate'; rollingUpdate: { maxSurge: string; maxUnavailable: string } }
    revisionHistoryLimit: number
    progressDeadlineSeconds: number
  }
  status: {
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    availableReplicas?: number
    unavailableReplicas?: number
    observedGeneration?: number
    conditions?: Condition[]
  }
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas: number
    serviceName: string
    selector: Selector
    template: PodTemplate
    podManagementPolicy: string
    updateStrategy: { type: 'RollingUpdate'; rollingUpdate: { partition: number } }
    revisionHistoryLimit: number
  }
  status: {
    replicas: number
    readyReplicas?: number
    availableReplicas?: number
    currentReplicas?: number
    updatedReplicas?: number
    currentRevision?: string
    updateRevision?: string
    observedGeneration?: number
  }
}

export interface DaemonSet extends KubeObject {
  spec: {
    selector: Selector
    template: PodTemplate
    updateStrategy: { type: 'RollingUpdate'; rollingUpdate: { maxUnavailable: number; maxSurge: number } }
    revisionHistoryLimit: number
  }
  status: {
    currentNumberScheduled: number
    numberMisscheduled: number
    desiredNumberScheduled: number
    numberReady: number
    updatedNumberScheduled?: number
    numberAvailable?: number
    numberUnavailable?: number
    observedGeneration?: number
  }
}

export interface Job extends KubeObject {
  spec: {
    parallelism: number
    completions: number
    backoffLimit: number
    selector: Selector
    template: PodTemplate
    completionMode: string
    suspend: boolean
  }
  status: {
    startTime?: string
    completionTime?: string
    active?: number
    succeeded?: number
    ready?: number
    conditions?: Condition[]
  }
}

export interface CronJob extends KubeObject {
  spec: {
    schedule: string
    concurrencyPolicy: string
    suspend: boolean
    jobTemplate: { metadata: Record<string, unknown>; spec: { backoffLimit: number; template: PodTemplate } }
    successfulJobsHistoryLimit: number
    failedJobsHistoryLimit: number
  }
  status: {
    active?: Record<string, unknown>[]
    lastScheduleTime?: string
    lastSuccessfulTime?: string
  }
}

export interface Service extends KubeObject {
  spec: {
    type: string
    clusterIP: string
    clusterIPs: string[]
    selector?: Record<string, string>
    ports: { name: string; protocol: string; port: number; targetPort: number | string }[]
    sessionAffinity: string
  }
  status: { loadBalancer: Record<string, unknown> }
}

export interface Autoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion: string; kind: string; name: string }
    minReplicas: number
    maxReplicas: number
    metrics: Record<string, unknown>[]
  }
  status: {
    currentReplicas?: number
    desiredReplicas: number
    lastScaleTime?: string
    currentMetrics?: Record<string, unknown>[] | null
    conditions?: Condition[]
  }
}

export interface Node extends KubeObject {
  spec: { podCIDR: string; podCIDRs: string[]; providerID: string; unschedulable?: boolean; taints?: unknown[] }
  status: {
    capacity: Record<string, string>
    allocatable: Record<string, string>
    conditions: Condition[]
    addresses: { type: string; address: string }[]
    nodeInfo: Record<string, string>
  }
}

export interface Lease extends KubeObject {
  spec: {
    holderIdentity: string
    leaseDurationSeconds: number
    acquireTime?: string
    renewTime: string
    leaseTransitions?: number
  }
}

export interface ConfigMap extends KubeObject {
  data: Record<string, string>
}

export interface Secret extends KubeObject {
  type: string
  /** Base64, as in the apiserver's JSON. */
  data: Record<string, string>
}

export interface KindTable {
  Namespace: KubeObject & { spec: { finalizers: string[] }; status: { phase: string } }
  Node: Node
  Lease: Lease
  Pod: Pod
  ReplicaSet: ReplicaSet
  Deployment: Deployment
  StatefulSet: StatefulSet
  ControllerRevision: KubeObject & { data: unknown; revision: number }
  DaemonSet: DaemonSet
  Job: Job
  CronJob: CronJob
  Service: Service
  Endpoints: KubeObject & { subsets?: unknown[] }
  EndpointSlice: KubeObject & { addressType: string; endpoints: unknown[]; ports: unknown[] }
  HorizontalPodAutoscaler: Autoscaler
  ConfigMap: ConfigMap
  Secret: Secret
  ServiceAccount: KubeObject
}

export type Kind = keyof KindTable
