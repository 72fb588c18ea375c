import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type EtcdBinaries, type EtcdVersion, etcdBinary } from './etcdBinaries'
import { type Certificates, makeCertificates } from './etcdCertificates'
import { EtcdMember } from './etcdMember'
import { freePorts } from './freePorts'
import { type PeerLinks, startPeerLinks } from './peerLinks'

/** Real etcd clusters for tests: one or three members on free loopback ports, gone after `stop()`. */

const run = promisify(execFile)

export interface StartEtcdOptions {
  readonly version: EtcdVersion
  readonly members?: 1 | 3
  /** Creates user `root` with this password and enables auth. */
  readonly auth?: { readonly password: string }
  /** `server`: https; `mutual`: https that asks for a client certificate. */
  readonly tls?: 'server' | 'mutual'
  /** Further flags for every member. */
  readonly args?: readonly string[]
  /** Peers reach each other through proxies of ours, so that links between them can be cut. */
  readonly peerLinks?: boolean
}

export interface EtcdCluster {
  readonly version: string
  readonly endpoints: readonly string[]
  readonly members: readonly EtcdMember[]
  readonly certificates: Certificates | null
  /** Only with `peerLinks`. */
  readonly links: PeerLinks | null
  /** Folder of the cluster's files, removed by `stop`. */
  readonly folder: string
  /** Runs the etcdctl of the same version against all members (or the given `--endpoints`); answers its stdout. */
  etcdctl(...args: readonly string[]): Promise<string>
  /** Replaces every member's data by the snapshot. A new token gives a new cluster id; the same token keeps it. */
  restoreSnapshot(file: string, options?: { readonly token?: string }): Promise<void>
  stop(): Promise<void>
}

export async function startEtcd(options: StartEtcdOptions): Promise<EtcdCluster> {
  const binaries = await etcdBinary(options.version)
  const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-etcd-'))
  const certificates = options.tls ? await makeCertificates(folder) : null
  const count = options.members ?? 1
  const ports = await freePorts(count * 2)
  const scheme = certificates ? 'https' : 'http'
  const peerPorts = ports.filter((_, i) => i % 2 === 1)
  const links = options.peerLinks ? await startPeerLinks(peerPorts) : null
  const places = peerPorts.map((peerPort, i) => ({
    name: `m${i + 1}`,
    endpoint: `${scheme}://127.0.0.1:${ports[i * 2]}`,
    peerUrl: `http://127.0.0.1:${peerPort}`,
    peerUrlForOthers: links?.urls[i] ?? `http://127.0.0.1:${peerPort}`,
  }))
  const initialCluster = places.map((place) => `${place.name}=${place.peerUrlForOthers}`).join(',')
  const tlsArgs = certificates ? serverTlsArgs(certificates, options.tls === 'mutual') : []
  const members = places.map(
    (place) =>
      new EtcdMember({
        ...place,
        binary: binaries.etcd,
        folder,
        certificates,
        args: ['--initial-cluster', initialCluster, ...tlsArgs, ...(options.args ?? [])],
      }),
  )
  const endpoints = places.map((place) => place.endpoint)
  let authFlags: readonly string[] = []
  const etcdctl = async (...args: readonly string[]) => {
    const everywhere = args.some((arg) => arg.startsWith('--endpoints')) ? [] : [`--endpoints=${endpoints.join(',')}`]
    const flags = [...everywhere, ...clientTlsFlags(certificates), ...authFlags]
    const { stdout } = await run(binaries.etcdctl, [...flags, ...args], { env: ctlEnv(), maxBuffer: 1 << 28 })
    return stdout
  }
  const stop = async () => {
    await Promise.all(members.map((member) => member.kill('SIGKILL')))
    await links?.stop()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(members.map((member) => member.start()))
    if (options.auth) {
      await etcdctl('user', 'add', `root:${options.auth.password}`)
      await etcdctl('user', 'grant-role', 'root', 'root').catch(async () => {
        await etcdctl('role', 'add', 'root')
        await etcdctl('user', 'grant-role', 'root', 'root')
      })
      await etcdctl('auth', 'enable')
      authFlags = [`--user=root:${options.auth.password}`]
    }
  } catch (error) {
    await stop()
    throw error
  }
  const restoreSnapshot = async (file: string, restore: { readonly token?: string } = {}) => {
    await Promise.all(members.map((member) => member.stop()))
    const token = restore.token ?? 'etcd-cluster'
    for (const member of members) await restoreMember(binaries, member, file, initialCluster, token)
    await Promise.all(members.map((member) => member.start(['--initial-cluster-token', token])))
  }
  return { version: binaries.version, endpoints, members, certificates, links, folder, etcdctl, restoreSnapshot, stop }
}

async function restoreMember(
  binaries: EtcdBinaries,
  member: EtcdMember,
  file: string,
  initialCluster: string,
  token: string,
): Promise<void> {
  await rm(member.dataDir, { recursive: true, force: true })
  const flags = [
    `--data-dir=${member.dataDir}`,
    `--name=${member.name}`,
    `--initial-cluster=${initialCluster}`,
    `--initial-cluster-token=${token}`,
    `--initial-advertise-peer-urls=${member.peerUrlForOthers}`,
  ]
  await run(binaries.etcdctl, ['snapshot', 'restore', file, ...flags], { env: ctlEnv() })
}

/** Without the caller's own ETCDCTL_* settings. */
function ctlEnv(): NodeJS.ProcessEnv {
  const env = { ...process.env, ETCDCTL_API: '3' }
  for (const name of Object.keys(env)) {
    if (name.startsWith('ETCDCTL_') && name !== 'ETCDCTL_API') Reflect.deleteProperty(env, name)
  }
  return env
}

function serverTlsArgs(certificates: Certificates, mutual: boolean): string[] {
  const args = ['--cert-file', certificates.serverCertFile, '--key-file', certificates.serverKeyFile]
  return mutual ? [...args, '--client-cert-auth', '--trusted-ca-file', certificates.caFile] : args
}

function clientTlsFlags(certificates: Certificates | null): string[] {
  if (!certificates) return []
  const { caFile, clientCertFile, clientKeyFile } = certificates
  return [`--cacert=${caFile}`, `--cert=${clientCertFile}`, `--key=${clientKeyFile}`]
}
