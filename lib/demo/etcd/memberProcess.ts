import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../core/clock'
import { withoutEtcdVariables } from '../../core/withoutEtcdVariables'

export interface MemberAddress {
  readonly name: string
  readonly clientPort: number
  readonly peerPort: number
}

export interface MemberProcess {
  readonly pid: number
  readonly exited: Promise<void>
  /** SIGTERM, and SIGKILL when that takes longer than `killAfterMs`. Resolves when it is gone. */
  stop(killAfterMs: number): Promise<void>
  kill(): Promise<void>
}

/** 256 MiB is far more than ten minutes of the demo, and small enough that the quota shows on the screens. */
const quotaBytes = 256 * 1024 * 1024

/** Starts one member. What it has to say goes to `<folder>/<name>.log`, written anew at each start. */
export function startMember(
  etcd: string,
  folder: string,
  member: MemberAddress,
  all: readonly MemberAddress[],
): MemberProcess {
  const peerUrl = (one: MemberAddress) => `http://127.0.0.1:${one.peerPort}`
  const clientUrl = `http://127.0.0.1:${member.clientPort}`
  const log = openSync(join(folder, `${member.name}.log`), 'w')
  const args = [
    `--name=${member.name}`,
    `--data-dir=${join(folder, member.name)}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl(member)}`,
    `--initial-advertise-peer-urls=${peerUrl(member)}`,
    `--initial-cluster=${all.map((one) => `${one.name}=${peerUrl(one)}`).join(',')}`,
    `--initial-cluster-token=etcdscope-demo-${all[0]?.peerPort}`,
    '--initial-cluster-state=new',
    `--quota-backend-bytes=${quotaBytes}`,
    '--snapshot-count=5000',
    '--max-snapshots=2',
    '--max-wals=2',
    '--auto-compaction-mode=periodic',
    '--auto-compaction-retention=10m',
    '--metrics=extensive',
    '--logger=zap',
    '--log-level=warn',
  ]
  const child = spawn(etcd, args, {
    // A session of its own: Ctrl-C in the terminal reaches us, and we stop the members in order.
    detached: true,
    stdio: ['ignore', log, log],
    env: withoutEtcdVariables(process.env),
  })
  closeSync(log)
  return memberProcess(child)
}

function memberProcess(child: ChildProcess): MemberProcess {
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  const kill = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return {
    pid: child.pid ?? 0,
    exited,
    kill,
    async stop(killAfterMs) {
      child.kill('SIGTERM')
      const patience = new AbortController()
      const impatient = systemClock.sleep(killAfterMs, patience.signal).then(() => {
        if (!patience.signal.aborted) child.kill('SIGKILL')
      })
      await exited
      patience.abort()
      await impatient
    },
  }
}
