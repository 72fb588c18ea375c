import { badSetting } from './badSetting'
import { clusterDefaults, etcdctlDefaultEndpoint } from './clusterDefaults'
import { normaliseEndpoints } from './endpoints'
import { type Environment, readFlag, readText } from './environment'
import type { ClusterSettings } from './settings'
import { type NamedFile, readTls } from './tlsFiles'

/** Any of these says: there is a cluster, the one that etcdctl would talk to in the same shell. */
const namesThatMeanACluster = [
  'ETCDCTL_ENDPOINTS',
  'ETCDCTL_CACERT',
  'ETCDCTL_CERT',
  'ETCDCTL_KEY',
  'ETCDCTL_USER',
  'ETCDCTL_PASSWORD',
] as const

/** The cluster of the `ETCDCTL_*` variables; null when none of them is set. */
export function etcdctlCluster(env: Environment, name: string, cwd: string): ClusterSettings | null {
  if (readText(env, 'ETCDCTL_DISCOVERY_SRV') !== null) {
    throw badSetting(
      'ETCDCTL_DISCOVERY_SRV',
      'ETCDCTL_DISCOVERY_SRV is not supported; give the endpoints themselves in ETCDCTL_ENDPOINTS.',
    )
  }
  if (namesThatMeanACluster.every((variable) => readText(env, variable) === null)) return null
  const skipVerify = readFlag(env, 'ETCDCTL_INSECURE_SKIP_TLS_VERIFY')
  const ca = namedFile(env, 'ETCDCTL_CACERT')
  const cert = namedFile(env, 'ETCDCTL_CERT')
  const key = namedFile(env, 'ETCDCTL_KEY')
  const tlsGiven = ca !== null || cert !== null || key !== null || skipVerify
  const written = readText(env, 'ETCDCTL_ENDPOINTS') ?? etcdctlDefaultEndpoint
  const endpoints = normaliseEndpoints('ETCDCTL_ENDPOINTS', written.split(','), tlsGiven)
  const encrypted = endpoints.some((endpoint) => endpoint.startsWith('https:'))
  if (!encrypted && (ca !== null || cert !== null)) {
    throw badSetting(
      'ETCDCTL_ENDPOINTS',
      'ETCDCTL_ENDPOINTS says http:// although ETCDCTL_CACERT or ETCDCTL_CERT is given; write https:// or no scheme.',
    )
  }
  return {
    name,
    endpoints,
    tls: encrypted ? readTls({ ca, cert, key, serverName: null, insecureSkipVerify: skipVerify }, cwd) : null,
    auth: etcdctlAuth(env),
    metricsUrls: [],
    statusIntervalMs: clusterDefaults.statusIntervalMs,
    metricsIntervalMs: clusterDefaults.metricsIntervalMs,
    hashIntervalMs: clusterDefaults.hashIntervalMs,
    kubernetesPrefixes: clusterDefaults.kubernetesPrefixes,
    demo: false,
  }
}

function namedFile(env: Environment, variable: string): NamedFile | null {
  const path = readText(env, variable)
  return path === null ? null : { subject: variable, path }
}

/** `user:password` in one variable or in two. etcdctl would ask for a missing password; a server cannot. */
function etcdctlAuth(env: Environment): ClusterSettings['auth'] {
  const written = readText(env, 'ETCDCTL_USER')
  // A password is taken as it is: spaces at its ends may be part of it.
  const given = env.ETCDCTL_PASSWORD ?? ''
  if (written === null) {
    if (given === '') return null
    throw badSetting('ETCDCTL_PASSWORD', 'ETCDCTL_PASSWORD is given without ETCDCTL_USER.')
  }
  const colon = written.indexOf(':')
  const user = colon === -1 ? written : written.slice(0, colon)
  const password = given !== '' ? given : colon === -1 ? '' : written.slice(colon + 1)
  if (user === '') throw badSetting('ETCDCTL_USER', 'ETCDCTL_USER has no user before the colon.')
  if (password === '') {
    throw badSetting('ETCDCTL_USER', 'ETCDCTL_USER names a user without a password; set ETCDCTL_PASSWORD.')
  }
  return { user, password }
}
