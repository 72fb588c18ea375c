import { type WorkloadName, workloadPath } from './api'

/** Kinds of Kubernetes itself need no group to be told apart. */
const ownGroups = ['', 'apps', 'batch']

/** How an address names a workload: custom resources by `Kind.group`, as two groups may share a kind. */
export function workloadName(item: WorkloadName & { readonly group: string }): WorkloadName {
  const kind = ownGroups.includes(item.group) ? item.kind : `${item.kind}.${item.group}`
  return { kind, namespace: item.namespace, name: item.name }
}

/** The address of a workload's page; `shared` keeps the range (see useSharedSearch). */
export function workloadHref(cluster: string, item: WorkloadName & { readonly group: string }, shared = ''): string {
  return `/c/${encodeURIComponent(cluster)}${workloadPath(workloadName(item))}${shared}`
}
