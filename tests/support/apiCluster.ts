import { ApiserverModel } from './apiserverModel'

/** A small cluster with what every cluster has: namespaces, one of them with the cluster's own number. */
export const clusterUid = '0aa4cb1e-5d1c-4a77-8000-000000000000'

export const paths = {
  namespaces: '/api/v1/namespaces',
  pods: '/api/v1/pods',
  secrets: '/api/v1/secrets',
  configmaps: '/api/v1/configmaps',
  definitions: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  databases: '/apis/db.acme.example/v1/databases',
} as const

export const databases = { path: paths.databases, kind: 'Database', namespaced: true }

export function smallCluster(uid = clusterUid): ApiserverModel {
  const model = new ApiserverModel()
  model.serve({ path: paths.namespaces, kind: 'Namespace', namespaced: false })
  model.serve({ path: paths.pods, kind: 'Pod', namespaced: true })
  model.serve({ path: paths.secrets, kind: 'Secret', namespaced: true })
  model.serve({ path: paths.configmaps, kind: 'ConfigMap', namespaced: true })
  model.serve({ path: paths.definitions, kind: 'CustomResourceDefinition', namespaced: false })
  model.write(paths.namespaces, 'ADDED', namespace('kube-system', uid))
  model.write(paths.pods, 'ADDED', pod('old'))
  return model
}

function namespace(name: string, uid: string) {
  return { kind: 'Namespace', apiVersion: 'v1', metadata: { name, uid } }
}

export function pod(name: string, spec: object = {}) {
  return { kind: 'Pod', apiVersion: 'v1', metadata: { name, namespace: 'shop' }, spec }
}

export function definition() {
  return {
    kind: 'CustomResourceDefinition',
    apiVersion: 'apiextensions.k8s.io/v1',
    metadata: { name: 'databases.db.acme.example' },
    spec: { group: 'db.acme.example', names: { plural: 'databases', kind: 'Database' } },
  }
}

export function database(name: string, size: number) {
  return {
    apiVersion: 'db.acme.example/v1',
    kind: 'Database',
    metadata: { name, namespace: 'shop' },
    spec: { size },
  }
}
