import { clusterDefaults } from './clusterDefaults'
import type { ClusterSettings } from './settings'

export const demoClusterName = 'demo'

/** The demo's cluster, once its endpoints are known. */
export function demoCluster(endpoints: readonly string[]): ClusterSettings {
  return {
    name: demoClusterName,
    endpoints,
    tls: null,
    auth: null,
    metricsUrls: [],
    statusIntervalMs: clusterDefaults.statusIntervalMs,
    metricsIntervalMs: clusterDefaults.metricsIntervalMs,
    hashIntervalMs: clusterDefaults.hashIntervalMs,
    kubernetesPrefixes: clusterDefaults.kubernetesPrefixes,
    demo: true,
  }
}
