import { ScopeError } from '../core/errors'

export interface CommandLine {
  readonly command: 'serve' | 'verify' | 'import-snapshot' | 'import-metrics' | 'help' | 'version'
  /** Next's development server instead of the built pages. */
  readonly dev: boolean
  /** Overrides ETCDSCOPE_ROLE. */
  readonly role: 'all' | 'web' | 'collector' | null
  /** A head of the hash chain that verify looks for. */
  readonly head?: string
  /** Of the imports: what to read, and the cluster that it becomes part of. */
  readonly imported?: { readonly file: string; readonly cluster: string }
}

export const helpText = `etcdscope: every revision, every leader change, desired versus actual of etcd clusters

usage: etcdscope [command] [options]

  serve        record the clusters and show them in the browser (the default)
  collector    record only; the same as serve --role=collector
  verify       check the record of every cluster, and its newest state against etcd's own where it is reachable
  import-snapshot FILE --cluster NAME
               record what an etcd snapshot holds, as an archived cluster; several of one cluster, oldest first
  import-metrics FILE --cluster NAME
               record what a Prometheus measured of etcd members: OpenMetrics or Prometheus' text with times, plain or
               gzipped; into the past of a cluster that is recorded, or as an archived one
  --help       this text
  --version    the version

options of verify:
  --head=HEX                 a head that an earlier verify printed: is it still in the chain?

options of serve:
  --role=all|web|collector   which part runs here (also ETCDSCOPE_ROLE)
  --dev                      pages from the development server

settings come from the environment:
  ETCDCTL_ENDPOINTS, ETCDCTL_CACERT, ETCDCTL_CERT, ETCDCTL_KEY, ETCDCTL_USER, ETCDCTL_PASSWORD
                             the cluster to watch, as etcdctl takes them; nothing set: a demo cluster
  ETCDSCOPE_KUBECONFIG, ETCDSCOPE_KUBE_CONTEXT, ETCDSCOPE_IN_CLUSTER=1
                             a Kubernetes cluster through its apiserver, where etcd cannot be reached
  ETCDSCOPE_CONFIG           a YAML file with several clusters
  ETCDSCOPE_CLUSTER          the name of the cluster (default)
  ETCDSCOPE_DEMO=1           the demo even if something is configured
  DATABASE_URL               where the record lies (file:./data/etcdscope.db)
  PORT, HOST                 where the pages are served (4380 on 127.0.0.1)
`

export function readCommandLine(args: readonly string[]): CommandLine {
  if (args[0] === 'import-snapshot' || args[0] === 'import-metrics') return readImport(args[0], args.slice(1))
  let command: CommandLine['command'] = 'serve'
  let dev = false
  let role: CommandLine['role'] = null
  let head: string | undefined
  for (const [index, argument] of args.entries()) {
    if (argument === '--help' || argument === '-h' || argument === 'help') return { command: 'help', dev, role }
    if (argument === '--version' || argument === '-v') return { command: 'version', dev, role }
    if (argument === '--dev') dev = true
    else if (argument === 'serve' && index === 0) command = 'serve'
    else if (argument === 'collector' && index === 0) role = 'collector'
    else if (argument === 'verify' && index === 0) command = 'verify'
    else if (command === 'verify' && argument.startsWith('--head=')) head = headOf(argument)
    else if (argument === '--role=all') role = 'all'
    else if (argument === '--role=web') role = 'web'
    else if (argument === '--role=collector') role = 'collector'
    else {
      const shown = JSON.stringify(argument.slice(0, 80))
      throw new ScopeError('BAD_SETTING', `${shown} is not a command or option; etcdscope --help lists them.`, {
        subject: argument,
      })
    }
  }
  return { command, dev, role, ...(head === undefined ? {} : { head }) }
}

function readImport(command: 'import-snapshot' | 'import-metrics', args: readonly string[]): CommandLine {
  const rest = args.flatMap((argument) =>
    argument.startsWith('--cluster=') ? argument.split(/(?<=^--cluster)=/) : [argument],
  )
  const at = rest.indexOf('--cluster')
  const cluster = at === -1 ? undefined : rest[at + 1]
  const [file, more] = rest.filter((_, index) => at === -1 || (index !== at && index !== at + 1))
  const isHelp = rest.some((argument) => argument === '--help' || argument === '-h')
  if (isHelp) return { command: 'help', dev: false, role: null }
  if (file === undefined || file.startsWith('-') || more !== undefined || cluster === undefined) {
    throw new ScopeError('BAD_SETTING', `${command} takes one file and a name: ${command} FILE --cluster NAME.`, {
      subject: more ?? (cluster === undefined ? '--cluster' : 'FILE'),
    })
  }
  return { command, dev: false, role: null, imported: { file, cluster } }
}

function headOf(argument: string): string {
  const head = argument.slice('--head='.length).toLowerCase()
  if (/^[0-9a-f]{64}$/.test(head)) return head
  throw new ScopeError('BAD_SETTING', '--head takes the 64 hex digits that an earlier verify printed.', {
    subject: argument,
  })
}
