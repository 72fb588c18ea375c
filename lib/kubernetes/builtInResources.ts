/**
 * Where the apiserver keeps built-in kinds: the path behind the prefix, which carries no group, to the resource as
 * the API calls it. Only what cannot be told from the key itself stands here: renamed paths, groups, and which
 * resources have no namespace. From the storage registrations of Kubernetes 1.36.
 */
export interface BuiltInResource {
  readonly resource: string
  readonly group: string
  readonly namespaced: boolean
}

/** The paths whose resource is called otherwise, and those of two segments. */
const renamed: Readonly<Record<string, string>> = {
  minions: 'nodes',
  'services/specs': 'services',
  'services/endpoints': 'endpoints',
  controllers: 'replicationcontrollers',
  ingress: 'ingresses',
  'apiextensions.k8s.io/customresourcedefinitions': 'customresourcedefinitions',
  'apiregistration.k8s.io/apiservices': 'apiservices',
}

const namespacedByGroup: Readonly<Record<string, readonly string[]>> = {
  '': [
    'configmaps',
    'controllers',
    'events',
    'limitranges',
    'persistentvolumeclaims',
    'pods',
    'podtemplates',
    'resourcequotas',
    'secrets',
    'serviceaccounts',
    'services/endpoints',
    'services/specs',
  ],
  apps: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  autoscaling: ['horizontalpodautoscalers'],
  batch: ['cronjobs', 'jobs'],
  'certificates.k8s.io': ['podcertificaterequests'],
  'coordination.k8s.io': ['leases', 'leasecandidates'],
  'discovery.k8s.io': ['endpointslices'],
  'networking.k8s.io': ['ingress', 'networkpolicies'],
  policy: ['poddisruptionbudgets'],
  'rbac.authorization.k8s.io': ['rolebindings', 'roles'],
  'resource.k8s.io': ['resourceclaims', 'resourceclaimtemplates'],
  'scheduling.k8s.io': ['podgroups', 'workloads'],
  'storage.k8s.io': ['csistoragecapacities'],
}

const clusterWideByGroup: Readonly<Record<string, readonly string[]>> = {
  '': ['masterleases', 'minions', 'namespaces', 'peerserverleases', 'persistentvolumes', 'ranges'],
  'admissionregistration.k8s.io': [
    'mutatingadmissionpolicies',
    'mutatingadmissionpolicybindings',
    'mutatingwebhookconfigurations',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
  ],
  'apiextensions.k8s.io': ['apiextensions.k8s.io/customresourcedefinitions'],
  'apiregistration.k8s.io': ['apiregistration.k8s.io/apiservices'],
  'certificates.k8s.io': ['certificatesigningrequests', 'clustertrustbundles'],
  'flowcontrol.apiserver.k8s.io': ['flowschemas', 'prioritylevelconfigurations'],
  'internal.apiserver.k8s.io': ['storageversions'],
  'networking.k8s.io': ['ingressclasses', 'ipaddresses', 'servicecidrs'],
  'node.k8s.io': ['runtimeclasses'],
  policy: ['podsecuritypolicy'],
  'rbac.authorization.k8s.io': ['clusterrolebindings', 'clusterroles'],
  'resource.k8s.io': ['deviceclasses', 'devicetaintrules', 'resourcepoolstatusrequests', 'resourceslices'],
  'scheduling.k8s.io': ['priorityclasses'],
  'storage.k8s.io': ['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'],
  'storagemigration.k8s.io': ['storageversionmigrations'],
}

/** By the path behind the prefix. */
export const builtInResources: ReadonlyMap<string, BuiltInResource> = new Map(
  [
    { byGroup: namespacedByGroup, namespaced: true },
    { byGroup: clusterWideByGroup, namespaced: false },
  ].flatMap(({ byGroup, namespaced }) =>
    Object.entries(byGroup).flatMap(([group, paths]) =>
      paths.map((path) => [path, { resource: renamed[path] ?? path, group, namespaced }] as const),
    ),
  ),
)
