import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { badSetting } from './badSetting'
import { clusterDefaults, clusterNamePattern, clusterNameRule } from './clusterDefaults'
import { configAlerts } from './configAlerts'
import { configClusters } from './configClusters'
import { type ReadConfig, readConfig } from './configFile'
import { defaultDatabaseUrl, resolveDatabaseUrl } from './databaseUrl'
import { type Environment, readChoice, readFlag, readText } from './environment'
import { etcdctlCluster } from './etcdctlCluster'
import { kubernetesSource } from './kubernetesSource'
import { checkHost, checkPort, defaultHost, defaultPort } from './listenAddress'
import type { ClusterSettings, KubernetesSettings, Settings } from './settings'

const roles = ['all', 'web', 'collector'] as const

/**
 * Settings from the environment and, where ETCDSCOPE_CONFIG names one, a YAML file; the environment wins. Throws
 * ScopeError BAD_SETTING with one sentence that names the first setting at fault, free of credentials.
 * Nothing that names a cluster means the demo.
 */
export function loadSettings(env: Environment, options: { cwd: string }): Settings {
  const { cwd } = options
  const configPath = readText(env, 'ETCDSCOPE_CONFIG')
  const config = configPath === null ? null : readConfigAt(configPath, cwd)
  const content = config?.content
  const insecure = readFlag(env, 'ETCDSCOPE_INSECURE')
  const demo = readFlag(env, 'ETCDSCOPE_DEMO')
  const clusters = demo ? [] : findClusters(env, config, configPath, cwd)

  const hostText = readText(env, 'HOST')
  const portText = readText(env, 'PORT')
  const urlText = readText(env, 'DATABASE_URL')
  const configFolder = configPath === null ? cwd : dirname(resolve(cwd, configPath))
  const database =
    urlText === null && content?.databaseUrl !== undefined
      ? resolveDatabaseUrl(config?.where(['databaseUrl']) ?? 'databaseUrl', content.databaseUrl, configFolder)
      : resolveDatabaseUrl('DATABASE_URL', urlText ?? defaultDatabaseUrl, cwd)
  const host = checkHost(
    hostText === null && content?.host !== undefined ? (config?.where(['host']) ?? 'host') : 'HOST',
    hostText ?? content?.host ?? defaultHost,
    insecure,
  )
  const port = portText === null ? (content?.port ?? defaultPort) : checkPort('PORT', portText)
  const ownUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  return {
    clusters,
    demo: clusters.length === 0,
    alerts: configAlerts(config, { env, folder: configFolder, ownUrl }),
    host,
    port,
    portGiven: portText !== null || content?.port !== undefined,
    insecure,
    role: readChoice(env, 'ETCDSCOPE_ROLE', roles) ?? content?.role ?? 'all',
    ...database,
  }
}

function findClusters(
  env: Environment,
  config: ReadConfig | null,
  configPath: string | null,
  cwd: string,
): readonly ClusterSettings[] {
  const name = readText(env, 'ETCDSCOPE_CLUSTER') ?? clusterDefaults.name
  if (!clusterNamePattern.test(name)) {
    throw badSetting('ETCDSCOPE_CLUSTER', `ETCDSCOPE_CLUSTER must be ${clusterNameRule}.`)
  }
  if (config !== null && configPath !== null) {
    const other = ['ETCDCTL_ENDPOINTS', 'ETCDSCOPE_KUBECONFIG', 'ETCDSCOPE_IN_CLUSTER'].find(
      (variable) => readText(env, variable) !== null,
    )
    if (other !== undefined) {
      throw badSetting('ETCDSCOPE_CONFIG', `ETCDSCOPE_CONFIG and ${other} both name clusters; unset one of the two.`)
    }
    return configClusters(config, { env, folder: dirname(resolve(cwd, configPath)) })
  }
  const etcd = etcdctlCluster(env, name, cwd)
  const kubernetes = environmentKubernetes(env, cwd)
  if (kubernetes === null) return etcd === null ? [] : [etcd]
  return [{ ...(etcd ?? clusterWithoutEtcd(name)), kubernetes }]
}

const kubernetesVariables = {
  kubeconfig: 'ETCDSCOPE_KUBECONFIG',
  context: 'ETCDSCOPE_KUBE_CONTEXT',
  inCluster: 'ETCDSCOPE_IN_CLUSTER',
} as const

/** Only names of our own: a shell's KUBECONFIG is set for other work, and may be production's. */
function environmentKubernetes(env: Environment, cwd: string): KubernetesSettings | null {
  const kubeconfig = readText(env, kubernetesVariables.kubeconfig)
  const context = readText(env, kubernetesVariables.context)
  const inCluster = readFlag(env, kubernetesVariables.inCluster)
  if (kubeconfig === null && context === null && !inCluster) return null
  const subject = (name: keyof typeof kubernetesVariables) => kubernetesVariables[name]
  return kubernetesSource({ kubeconfig, context, inCluster, subject }, { env, folder: cwd })
}

function clusterWithoutEtcd(name: string): ClusterSettings {
  const { statusIntervalMs, metricsIntervalMs, hashIntervalMs, kubernetesPrefixes } = clusterDefaults
  return {
    name,
    endpoints: [],
    tls: null,
    auth: null,
    metricsUrls: [],
    statusIntervalMs,
    metricsIntervalMs,
    hashIntervalMs,
    kubernetesPrefixes,
    demo: false,
  }
}

function readConfigAt(path: string, cwd: string): ReadConfig {
  let text: string
  try {
    text = readFileSync(resolve(cwd, path), 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw badSetting('ETCDSCOPE_CONFIG', `ETCDSCOPE_CONFIG names ${path}, which cannot be read (${code}).`)
  }
  return readConfig(path, text)
}
