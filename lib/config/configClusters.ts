import { parseJsonPath } from '../core/jsonPath'
import { badSetting } from './badSetting'
import { clusterDefaults, intervalBoundsMs, maxClusters } from './clusterDefaults'
import type { ReadConfig } from './configFile'
import type { ConfigCluster } from './configSchema'
import { durationMs } from './durations'
import { normaliseEndpoints, normaliseMetricsUrl } from './endpoints'
import type { Environment } from './environment'
import { kubernetesSource } from './kubernetesSource'
import { retentionOf } from './retentionSettings'
import type { ClusterSettings, RetentionSettings, TlsSettings } from './settings'
import { type NamedFile, readNamedFile, readTls } from './tlsFiles'

interface Surroundings {
  readonly env: Environment
  /** Folder of the YAML file: paths in it are relative to it. */
  readonly folder: string
}

/** The clusters of the YAML file, every file read and every value in bounds. */
export function configClusters(config: ReadConfig, around: Surroundings): ClusterSettings[] {
  const { clusters } = config.content
  if (clusters.length > maxClusters) {
    const at = config.where(['clusters'])
    throw badSetting(at, `${at} lists ${clusters.length} clusters; at most ${maxClusters} are taken.`)
  }
  const names = new Set<string>()
  const common = retentionOf(config.content.retention, (name) => config.where(['retention', name]))
  return clusters.map((cluster, index) => {
    if (names.has(cluster.name)) {
      const at = config.where(['clusters', index, 'name'])
      throw badSetting(at, `${at} repeats the name "${cluster.name}"; each cluster needs its own.`)
    }
    names.add(cluster.name)
    return configCluster(cluster, (...path) => config.where(['clusters', index, ...path]), common, around)
  })
}

type Where = (...path: (string | number)[]) => string

function configCluster(
  cluster: ConfigCluster,
  where: Where,
  common: RetentionSettings | null,
  around: Surroundings,
): ClusterSettings {
  const kubernetes = clusterKubernetes(cluster, where, around)
  if (cluster.endpoints === undefined && kubernetes === null) {
    throw badSetting(where('endpoints'), `${where('endpoints')} is missing; give it, or kubernetes, or both.`)
  }
  const endpoints =
    cluster.endpoints === undefined
      ? []
      : normaliseEndpoints(where('endpoints'), cluster.endpoints, cluster.tls !== undefined)
  const encrypted = endpoints.some((endpoint) => endpoint.startsWith('https:'))
  if (!encrypted && cluster.tls !== undefined) {
    const why = endpoints.length === 0 ? 'without endpoints' : 'although the endpoints say http://'
    throw badSetting(where('tls'), `${where('tls')} is given ${why}.`)
  }
  return {
    name: cluster.name,
    endpoints,
    tls: encrypted ? clusterTls(cluster, where, around) : null,
    auth: clusterAuth(cluster, where, around),
    metricsUrls: (cluster.metricsUrls ?? []).map((url, i) => normaliseMetricsUrl(where('metricsUrls', i), url)),
    statusIntervalMs: interval(cluster, where, 'status') ?? clusterDefaults.statusIntervalMs,
    metricsIntervalMs: interval(cluster, where, 'metrics') ?? clusterDefaults.metricsIntervalMs,
    hashIntervalMs: interval(cluster, where, 'hash') ?? clusterDefaults.hashIntervalMs,
    kubernetesPrefixes: (cluster.kubernetesPrefixes ?? clusterDefaults.kubernetesPrefixes).map(withoutSlash),
    redact: redactOf(cluster, where),
    kubernetes,
    retention: retentionOf(cluster.retention, (name) => where('retention', name)) ?? common ?? undefined,
    demo: false,
  }
}

function clusterKubernetes({ kubernetes }: ConfigCluster, where: Where, around: Surroundings) {
  if (kubernetes === undefined) return null
  const { kubeconfig = null, context = null, inCluster = false } = kubernetes
  const subject = (name: string) => where('kubernetes', name)
  return kubernetesSource({ kubeconfig, context, inCluster, subject }, around)
}

function redactOf({ redact }: ConfigCluster, where: Where): ClusterSettings['redact'] {
  if (redact === undefined) return undefined
  const { keyPrefixes = [], resources = [], credentialConfigMaps = false, paths = [] } = redact
  return {
    keyPrefixes,
    resources,
    credentialConfigMaps,
    paths: paths.map(({ resource = null, keyPrefix = null, path }, i) => {
      if ((resource === null) === (keyPrefix === null)) {
        const at = where('redact', 'paths', i)
        throw badSetting(at, `${at} needs exactly one of resource and keyPrefix.`)
      }
      const steps = parseJsonPath(path)
      if (steps === null) {
        const at = where('redact', 'paths', i, 'path')
        throw badSetting(at, `${at} is no path such as spec.users[*].password or data['db.url'].`)
      }
      return { resource, keyPrefix, steps }
    }),
  }
}

/** Two spellings of one prefix would be two prefixes further down. */
function withoutSlash(prefix: string): string {
  return prefix.length > 1 ? prefix.replace(/\/+$/, '') : prefix
}

function clusterTls(cluster: ConfigCluster, where: Where, around: Surroundings): TlsSettings {
  const tls = cluster.tls ?? {}
  const file = (name: 'caFile' | 'certFile' | 'keyFile'): NamedFile | null => {
    const path = tls[name]
    return path === undefined ? null : { subject: where('tls', name), path }
  }
  return readTls(
    {
      ca: file('caFile'),
      cert: file('certFile'),
      key: file('keyFile'),
      serverName: tls.serverName ?? null,
      insecureSkipVerify: tls.insecureSkipVerify ?? false,
    },
    around.folder,
  )
}

function clusterAuth(cluster: ConfigCluster, where: Where, around: Surroundings): ClusterSettings['auth'] {
  const auth = cluster.auth
  if (auth === undefined) return null
  const given = [auth.password, auth.passwordFile, auth.passwordEnv].filter((source) => source !== undefined)
  if (given.length !== 1) {
    const at = where('auth')
    throw badSetting(at, `${at} needs exactly one of password, passwordFile and passwordEnv.`)
  }
  return { user: auth.user, password: passwordOf(auth, where, around) }
}

function passwordOf(auth: NonNullable<ConfigCluster['auth']>, where: Where, around: Surroundings): string {
  if (auth.password !== undefined) return auth.password
  if (auth.passwordFile !== undefined) {
    const at = where('auth', 'passwordFile')
    // Editors and `echo` end a file with a newline that is not part of the password.
    const password = readNamedFile({ subject: at, path: auth.passwordFile }, around.folder)
      .toString('utf8')
      .replace(/\r?\n$/, '')
    if (password === '') throw badSetting(at, `${at} names an empty file.`)
    return password
  }
  const name = auth.passwordEnv ?? ''
  const password = around.env[name] ?? ''
  if (password === '') {
    const at = where('auth', 'passwordEnv')
    throw badSetting(at, `${at} names the variable ${name}, which is not set.`)
  }
  return password
}

function interval(cluster: ConfigCluster, where: Where, name: 'status' | 'metrics' | 'hash'): number | null {
  const written = cluster.intervals?.[name]
  if (written === undefined) return null
  const valueMs = durationMs(written)
  const { min, max } = intervalBoundsMs[name]
  if (valueMs === null || valueMs < min || valueMs > max) {
    const at = where('intervals', name)
    throw badSetting(at, `${at} must lie between ${min}ms and ${max}ms.`)
  }
  return valueMs
}
