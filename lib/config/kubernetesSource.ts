import { accessSync, constants } from 'node:fs'
import { resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { z } from 'zod'
import { badSetting } from './badSetting'
import type { Environment } from './environment'
import { nearestName } from './nearestName'
import type { KubernetesSettings } from './settings'
import { readNamedFile } from './tlsFiles'

/** What is said of a cluster's apiserver; `subject` names each setting as the person wrote it. */
export interface WrittenKubernetes {
  readonly kubeconfig: string | null
  readonly context: string | null
  readonly inCluster: boolean
  readonly subject: (name: 'kubeconfig' | 'context' | 'inCluster') => string
}

const cluster = z.looseObject({ server: z.string(), 'insecure-skip-tls-verify': z.boolean().optional() })
const context = z.looseObject({ cluster: z.string(), user: z.string().optional() })

/** The parts that are checked at start; what else a kubeconfig holds is the client library's. */
const kubeconfigFile = z.object({
  'current-context': z.string().default(''),
  clusters: z.array(z.object({ name: z.string(), cluster })),
  contexts: z.array(z.object({ name: z.string(), context })),
  users: z.array(z.object({ name: z.string() })).nullish(),
})

const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The apiserver of a cluster, checked as far as that is possible without asking it. A kubeconfig is never looked for:
 * one that merely lies in the home folder or in KUBECONFIG may be of any cluster.
 */
export function kubernetesSource(
  written: WrittenKubernetes,
  around: { readonly env: Environment; readonly folder: string },
): KubernetesSettings {
  const { kubeconfig, inCluster, subject } = written
  if (kubeconfig !== null && inCluster) {
    throw badSetting(subject('inCluster'), `${subject('inCluster')} and ${subject('kubeconfig')} exclude each other.`)
  }
  if (kubeconfig !== null)
    return { kubeconfig: checkedFile(written, kubeconfig, around.folder), context: written.context }
  if (written.context !== null) {
    throw badSetting(subject('context'), `${subject('context')} needs ${subject('kubeconfig')}.`)
  }
  if (!inCluster) {
    throw badSetting(
      subject('kubeconfig'),
      `${subject('kubeconfig')} is missing, and ${subject('inCluster')} is not set.`,
    )
  }
  checkAccount(subject('inCluster'), around.env)
  return { kubeconfig: null, context: null }
}

function checkAccount(at: string, env: Environment): void {
  if ((env.KUBERNETES_SERVICE_HOST ?? '') === '' || (env.KUBERNETES_SERVICE_PORT ?? '') === '') {
    throw badSetting(at, `${at} is set, but this does not run in a pod: KUBERNETES_SERVICE_HOST is not set.`)
  }
  try {
    accessSync(`${accountFolder}/token`, constants.R_OK)
  } catch {
    throw badSetting(at, `${at} is set, but the pod has no service account token in ${accountFolder}.`)
  }
}

/** The absolute path of a kubeconfig whose context leads to a server. */
function checkedFile(written: WrittenKubernetes, path: string, folder: string): string {
  const { subject } = written
  const at = subject('kubeconfig')
  const text = readNamedFile({ subject: at, path }, folder).toString('utf8')
  const document = parseDocument(text, { prettyErrors: false })
  if (document.errors.length > 0) throw badSetting(at, `${at} names ${path}, which is not valid YAML.`)
  const parsed = kubeconfigFile.safeParse(document.toJS({ maxAliasCount: 50 }))
  if (!parsed.success) {
    const place = parsed.error.issues[0]?.path.join('.') ?? ''
    throw badSetting(at, `${at} names ${path}, which is no kubeconfig${place === '' ? '' : ` (at ${place})`}.`)
  }
  const { clusters, contexts, users } = parsed.data
  const wanted = written.context ?? parsed.data['current-context']
  const asked = written.context === null ? at : subject('context')
  if (wanted === '')
    throw badSetting(at, `${at} names ${path}, which has no current-context; set ${subject('context')}.`)
  const chosen = contexts.find(({ name }) => name === wanted)
  if (chosen === undefined) {
    const names = contexts.map(({ name }) => name)
    const nearest = nearestName(wanted, names)
    const advice = nearest === null ? '' : `, did you mean ${nearest}?`
    throw badSetting(asked, `${asked} asks for the context ${wanted}, which ${path} does not have${advice || '.'}`)
  }
  const found = clusters.find(({ name }) => name === chosen.context.cluster)
  const { user = '' } = chosen.context
  const missing =
    found === undefined ? chosen.context.cluster : user === '' || users?.some(({ name }) => name === user) ? null : user
  if (found === undefined || missing !== null) {
    throw badSetting(at, `${at}: the context ${wanted} names ${missing}, which ${path} does not have.`)
  }
  checkServer(at, wanted, found.cluster)
  return resolve(folder, path)
}

function checkServer(at: string, context: string, { server, ...rest }: z.infer<typeof cluster>): void {
  const url = URL.canParse(server) ? new URL(server) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw badSetting(at, `${at}: the server of the context ${context} is no http or https address.`)
  }
  if (url.protocol === 'http:' && rest['insecure-skip-tls-verify'] !== true) {
    throw badSetting(
      at,
      `${at}: the server of the context ${context} is http, which is taken only with insecure-skip-tls-verify: true beside it.`,
    )
  }
}
