import type { Change } from '../../../../../lib/contract'
import { keyText } from './changeId'

/** How an object is named to people: Deployment checkout shop. Plain keys are their own name. Pure. */

/** Plural to kind where the rule below would not find it. */
const irregular: Readonly<Record<string, string>> = {
  apiservices: 'APIService',
  certificatesigningrequests: 'CertificateSigningRequest',
  clusterrolebindings: 'ClusterRoleBinding',
  clusterroles: 'ClusterRole',
  configmaps: 'ConfigMap',
  controllerrevisions: 'ControllerRevision',
  cronjobs: 'CronJob',
  csidrivers: 'CSIDriver',
  csinodes: 'CSINode',
  csistoragecapacities: 'CSIStorageCapacity',
  customresourcedefinitions: 'CustomResourceDefinition',
  daemonsets: 'DaemonSet',
  endpoints: 'Endpoints',
  endpointslices: 'EndpointSlice',
  flowschemas: 'FlowSchema',
  horizontalpodautoscalers: 'HPA',
  ingressclasses: 'IngressClass',
  ipaddresses: 'IPAddress',
  leasecandidates: 'LeaseCandidate',
  limitranges: 'LimitRange',
  masterleases: 'Apiserver lease',
  mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  networkpolicies: 'NetworkPolicy',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  persistentvolumes: 'PersistentVolume',
  poddisruptionbudgets: 'PodDisruptionBudget',
  podtemplates: 'PodTemplate',
  priorityclasses: 'PriorityClass',
  prioritylevelconfigurations: 'PriorityLevelConfiguration',
  replicasets: 'ReplicaSet',
  replicationcontrollers: 'ReplicationController',
  resourcequotas: 'ResourceQuota',
  rolebindings: 'RoleBinding',
  runtimeclasses: 'RuntimeClass',
  serviceaccounts: 'ServiceAccount',
  servicecidrs: 'ServiceCIDR',
  statefulsets: 'StatefulSet',
  storageclasses: 'StorageClass',
  validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
  validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
  validatingwebhookconfigurations: 'ValidatingWebhookConfiguration',
  volumeattachments: 'VolumeAttachment',
}

/** `deployments` to Deployment. Custom resources keep their own plural where discovery told no kind. */
export function kindWords(resource: string): string {
  const known = irregular[resource]
  if (known !== undefined) return known
  if (resource.includes('.') || resource.includes('/')) return resource.split('.')[0] ?? resource
  const singular = resource.endsWith('sses') ? resource.slice(0, -2) : resource.replace(/ies$/, 'y').replace(/s$/, '')
  return singular.charAt(0).toUpperCase() + singular.slice(1)
}

export interface ObjectWords {
  /** Null: a plain key. */
  readonly kind: string | null
  readonly name: string
  readonly where: string | null
}

type Named = Pick<Change, 'resource' | 'kind' | 'namespace' | 'name' | 'key' | 'keyBase64'>

export function objectWords(change: Named): ObjectWords {
  if (change.resource === null || change.name === null) return { kind: null, name: keyText(change), where: null }
  return { kind: change.kind ?? kindWords(change.resource), name: change.name, where: change.namespace }
}

/** "Deployment shop/checkout", for titles. */
export function objectTitle(change: Named): string {
  const { kind, name, where } = objectWords(change)
  return kind === null ? name : `${kind} ${where === null ? '' : `${where}/`}${name}`
}

export interface SummaryPart {
  readonly text: string
  /** The new value of a field. */
  readonly strong: boolean
}

/** "replicas 4 → 6, image …": what a field became stands out. */
export function summaryParts(summary: string): readonly SummaryPart[] {
  const parts: SummaryPart[] = []
  let at = 0
  for (const match of summary.matchAll(/→ ([^,]+)/g)) {
    const start = match.index + 2
    parts.push({ text: summary.slice(at, start), strong: false }, { text: match[1] ?? '', strong: true })
    at = start + (match[1]?.length ?? 0)
  }
  if (at < summary.length) parts.push({ text: summary.slice(at), strong: false })
  return parts
}
