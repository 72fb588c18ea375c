import type { ClusterSettings, Settings } from '../config/settings'

/** The lines a person sees at start: which cluster is watched. Endpoints never carry credentials. */
export function clusterLine(cluster: ClusterSettings): string {
  const secured = cluster.tls === null ? '' : cluster.tls.cert === null ? ', TLS' : ', mutual TLS'
  const user = cluster.auth === null ? '' : `, as ${cluster.auth.user}`
  const from = [...cluster.endpoints, ...apiserverWords(cluster)].join(', ')
  return `  watching  ${cluster.name}: ${from}${secured}${user}`
}

function apiserverWords({ kubernetes }: ClusterSettings): readonly string[] {
  if (!kubernetes) return []
  if (kubernetes.kubeconfig === null) return ['the apiserver of this pod']
  const context = kubernetes.context === null ? '' : `, context ${kubernetes.context}`
  return [`the apiserver of ${kubernetes.kubeconfig}${context}`]
}

export function dataLine(settings: Settings): string {
  return `  data      ${settings.databaseUrl.slice('file:'.length)}`
}

export function addressLine(host: string, port: number): string {
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `  address   http://${shown}:${port}`
}
