import type { ClusterSettings, TlsSettings } from '../../lib/config/settings'
import type { EtcdCluster } from './etcdServer'

/** Settings as they would be loaded for these endpoints. */
export function clusterSettings(
  endpoints: readonly string[],
  parts: { readonly tls?: TlsSettings; readonly auth?: { readonly user: string; readonly password: string } } = {},
): ClusterSettings {
  return {
    name: 'test',
    endpoints,
    tls: parts.tls ?? null,
    auth: parts.auth ?? null,
    metricsUrls: [],
    statusIntervalMs: 1_000,
    metricsIntervalMs: 5_000,
    hashIntervalMs: 60_000,
    kubernetesPrefixes: [],
    demo: false,
  }
}

/** The cluster's CA and client certificate as settings. */
export function clientTls(cluster: EtcdCluster, parts: Partial<TlsSettings> = {}): TlsSettings {
  const { certificates } = cluster
  if (!certificates) throw new Error('the cluster was started without TLS')
  return { ca: certificates.ca, cert: certificates.clientCert, key: certificates.clientKey, serverName: null, ...parts }
}
