import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ClusterSettings } from '../config/settings'
import type { Clock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import { findProgram, isExecutable } from '../core/findProgram'
import { freePorts } from '../core/freePorts'
import { withoutEtcdVariables } from '../core/withoutEtcdVariables'
import { connectMember } from '../etcd'
import { runTool } from './runTool'

/**
 * A snapshot file made readable: etcd's own tool restores it into a temporary folder, and an etcd on a free loopback
 * port serves it. The file is only read. Name, token and peer address are always the same, so that the restored
 * cluster's id is too, and several snapshots of one cluster continue one epoch.
 */

export interface RestoredEtcd {
  readonly endpoint: string
  /** The newest revision that the snapshot holds. */
  readonly lastRevision: bigint
  /** Ends the etcd and removes its folder. */
  stop(): Promise<void>
}

interface Options {
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
  readonly signal: AbortSignal
  /** How to reach the restored etcd, but for its endpoint: a snapshot brings its users along. */
  readonly settings: ClusterSettings
}

const name = 'archive'
const peerUrl = 'http://localhost:2380'
const bootWithinMs = 60_000
const killAfterMs = 3_000

export async function startRestored(options: Options): Promise<RestoredEtcd> {
  const { file, env } = options
  if (!existsSync(file)) {
    throw new ScopeError('BAD_SETTING', `There is no snapshot ${file}.`, { subject: 'FILE' })
  }
  const etcd = findEtcdServer(env)
  const tool = findSnapshotTool(env, etcd)
  const folder = await mkdtemp(join(tmpdir(), 'etcdscope-snapshot-'))
  try {
    const lastRevision = await newestRevision(tool, file)
    const dataDir = join(folder, 'data')
    await runTool(tool, [
      'snapshot',
      'restore',
      file,
      `--data-dir=${dataDir}`,
      `--name=${name}`,
      `--initial-cluster=${name}=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      '--initial-cluster-token=etcdscope-archive',
    ])
    const server = await serve(etcd, dataDir, options)
    const stop = async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    }
    return { endpoint: server.endpoint, lastRevision, stop }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function findEtcdServer(env: Options['env']): string {
  const chosen = env.ETCD_BIN?.trim() ?? ''
  if (chosen !== '' && !isExecutable(chosen)) {
    throw new ScopeError('BAD_SETTING', `ETCD_BIN names ${chosen}, which is not a program that can be run.`, {
      subject: 'ETCD_BIN',
    })
  }
  const found = chosen === '' ? findProgram('etcd', env.PATH) : chosen
  if (found !== null) return found
  throw new ScopeError(
    'UNSUPPORTED',
    'A snapshot is read with etcd, which is not on this machine: install it (Debian: apt install etcd-server etcd-client; macOS: brew install etcd), or set ETCD_BIN to it.',
  )
}

/** From 3.6 on only etcdutl restores; before 3.5 only etcdctl does. One beside the etcd is of its version. */
function findSnapshotTool(env: Options['env'], etcd: string): string {
  for (const tool of ['etcdutl', 'etcdctl']) {
    const beside = join(dirname(etcd), tool)
    if (isExecutable(beside)) return beside
  }
  const found = findProgram('etcdutl', env.PATH) ?? findProgram('etcdctl', env.PATH)
  if (found !== null) return found
  throw new ScopeError(
    'UNSUPPORTED',
    'A snapshot is restored with etcdutl or etcdctl, and neither is on this machine: install one (Debian: apt install etcd-client).',
  )
}

async function newestRevision(tool: string, file: string): Promise<bigint> {
  const text = await runTool(tool, ['snapshot', 'status', file, '--write-out=json'])
  const revision = /"revision":\s*(\d{1,19})/.exec(text)?.[1]
  if (revision === undefined) {
    throw new ScopeError('UNSUPPORTED', `${file} is not an etcd snapshot: its newest revision cannot be read.`)
  }
  return BigInt(revision)
}

async function serve(etcd: string, dataDir: string, options: Options): Promise<Omit<RestoredEtcd, 'lastRevision'>> {
  const [clientPort = 0, peerPort = 0] = await freePorts(2)
  const endpoint = `http://127.0.0.1:${clientPort}`
  const child = spawn(
    etcd,
    [
      `--name=${name}`,
      `--data-dir=${dataDir}`,
      `--listen-client-urls=${endpoint}`,
      `--advertise-client-urls=${endpoint}`,
      `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=${name}=${peerUrl}`,
      // A snapshot may be larger than the quota that etcd would give itself.
      `--quota-backend-bytes=${64 * 1024 ** 3}`,
      '--logger=zap',
      '--log-level=error',
    ],
    { stdio: 'ignore', env: withoutEtcdVariables(process.env), detached: true },
  )
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  let ended = false
  void exited.then(() => {
    ended = true
  })
  const stop = async () => {
    if (ended) return
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
    await exited
    clearTimeout(force)
  }
  try {
    await answers({ ...options.settings, endpoints: [endpoint] }, endpoint, () => ended, options)
    return { endpoint, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function answers(
  settings: ClusterSettings,
  endpoint: string,
  ended: () => boolean,
  { clock, signal, file }: Options,
): Promise<void> {
  const deadlineMs = clock.nowMs() + bootWithinMs
  const connection = connectMember(endpoint, settings)
  try {
    for (;;) {
      const failure = await connection.status({ deadlineMs: 2_000 }).then(
        ({ header }) => (header.clusterId === '0' ? 'it has no cluster id yet' : null),
        (error: unknown) => {
          // Nobody mends a wrong password while we wait.
          if (error instanceof ScopeError && /^(UNAUTHENTICATED|PERMISSION_DENIED)$/.test(error.code)) throw error
          return sentenceOf(error)
        },
      )
      if (failure === null) return
      signal.throwIfAborted()
      if (ended() || clock.nowMs() > deadlineMs) {
        const what = ended() ? 'ended at once; an etcd of the version that wrote it may be needed (ETCD_BIN)' : failure
        throw new ScopeError('UNSUPPORTED', `The etcd over the restored ${file} does not serve it: ${what}.`)
      }
      await clock.sleep(100, signal)
    }
  } finally {
    connection.close()
  }
}
