import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { parse } from 'yaml'
import type { KubernetesSettings } from '../config/settings'
import { isJson, type Json } from './parseObject'

/**
 * The credentials of one cluster, read by the Kubernetes client library: certificates, tokens, token files, exec
 * plug-ins, OIDC, proxies, in-cluster accounts. Read anew whenever they are refused, since files and plug-ins rotate.
 */
export async function loadKubeConfig(settings: KubernetesSettings): Promise<KubeConfig> {
  // 70 MB that only a collector with such a cluster needs.
  const { KubeConfig: Loaded } = await import('@kubernetes/client-node')
  const config = new Loaded()
  if (settings.kubeconfig === null) {
    config.loadFromCluster(settings.accountRoot)
    return config
  }
  config.loadFromFile(settings.kubeconfig)
  if (settings.context !== null) config.setCurrentContext(settings.context)
  completeUsers(config, settings.kubeconfig)
  return config
}

/** What kubectl reads and the library leaves out. */
function completeUsers(config: KubeConfig, file: string): void {
  const written = parse(readFileSync(file, 'utf8'), { maxAliasCount: 50 }) as unknown
  const entries = isJson(written) && Array.isArray(written.users) ? written.users.filter(isJson) : []
  const current = config.getCurrentUser()
  config.users = config.users.map((user) => {
    if (user.name !== current?.name) return user
    const entry = entries.find(({ name }) => name === user.name)?.user
    const tokenFile = isJson(entry) && typeof entry.tokenFile === 'string' ? entry.tokenFile : null
    if (tokenFile !== null && user.token === undefined) {
      const path = isAbsolute(tokenFile) ? tokenFile : join(dirname(file), tokenFile)
      return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: path } } }
    }
    return isJson(user.exec) ? { ...user, exec: completeExec(user.exec, config, dirname(file)) } : user
  })
}

/** Plug-ins are told in the environment which form of answer is wanted; a path in the command is the file's. */
function completeExec(exec: Json, config: KubeConfig, folder: string): Json {
  const command = String(exec.command ?? '')
  const cluster = config.getCurrentCluster()
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: {
      interactive: false,
      ...(exec.provideClusterInfo === true && cluster !== null
        ? {
            cluster: {
              server: cluster.server,
              'certificate-authority-data': cluster.caData,
              'tls-server-name': cluster.tlsServerName,
              'insecure-skip-tls-verify': cluster.skipTLSVerify,
            },
          }
        : {}),
    },
  }
  const given = Array.isArray(exec.env) ? exec.env : []
  return {
    ...exec,
    command: command.includes('/') && !isAbsolute(command) ? join(folder, command) : command,
    env: [...given, { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }],
  }
}

/** For errors: the plug-in's name, never its arguments. */
export function execCommandOf(config: KubeConfig): string | null {
  const exec: unknown = config.getCurrentUser()?.exec
  return isJson(exec) && typeof exec.command === 'string' ? exec.command : null
}
