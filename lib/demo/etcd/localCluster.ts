import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Etcd3 } from 'etcd3'
import type { Clock } from '../../core/clock'
import { ScopeError } from '../../core/errors'
import { areFree, freePorts } from '../../core/freePorts'
import { type ClusterFile, endpointsOf, readClusterFile, writeClusterFile } from './clusterFile'
import { type MemberProcess, startMember } from './memberProcess'
import { commandLineOf } from './processes'

export interface LocalCluster {
  readonly endpoints: readonly string[]
  readonly names: readonly string[]
  readonly seed: number
  /** True: the data of an earlier run was taken up again. */
  readonly resumed: boolean
  /** Stops one member and starts it again after `awayMs`. */
  bounce(index: number, how: 'SIGTERM' | 'SIGKILL', awayMs: number): Promise<void>
  stop(): Promise<void>
}

interface Options {
  readonly etcd: string
  readonly folder: string
  readonly seed: number
  readonly clock: Clock
  readonly log: (line: string) => void
  readonly signal: AbortSignal
}

const memberNames = ['demo-1', 'demo-2', 'demo-3']
const bootWithinMs = 30_000
/** A leader that is asked to stop first hands over, which can take seconds when the others stop as well. */
const killAfterMs = 1500

export function clusterFilePath(folder: string): string {
  return join(folder, 'cluster.json')
}

/** Starts the three members: with the data of an earlier run where that is there and answers, otherwise anew. */
export async function startLocalCluster(options: Options): Promise<LocalCluster> {
  const { folder, log } = options
  const earlier = readClusterFile(clusterFilePath(folder))
  if (earlier !== null) {
    await stopLeftOvers(earlier, options)
    if (await areFree(earlier.members.flatMap((member) => [member.clientPort, member.peerPort]))) {
      const cluster = await boot(options, earlier, true)
      if (cluster !== null) return cluster
    }
    log('The demo cluster of the last run cannot be taken up again; a new one is made.')
  }
  rmSync(folder, { recursive: true, force: true })
  const ports = await freePorts(memberNames.length * 2)
  const members = memberNames.map((name, i) => ({
    name,
    clientPort: ports[2 * i] ?? 0,
    peerPort: ports[2 * i + 1] ?? 0,
    pid: null,
  }))
  const cluster = await boot(options, { version: 1, seed: options.seed, owner: null, members }, false)
  if (cluster !== null) return cluster
  throw new ScopeError('UNREACHABLE', `The demo cluster did not start; its members say why in ${folder}.`)
}

/** Null when it does not answer in time; its processes are gone then. */
async function boot(options: Options, plan: ClusterFile, resumed: boolean): Promise<LocalCluster | null> {
  const { etcd, folder, clock, signal, log } = options
  const running = new Map<number, MemberProcess>()
  const ending = new AbortController()
  const write = () => {
    const owner = { pid: process.pid, commandLine: commandLineOf(process.pid) ?? '' }
    const members = plan.members.map((member, i) => ({ ...member, pid: running.get(i)?.pid ?? null }))
    writeClusterFile(clusterFilePath(folder), { ...plan, owner, members })
  }
  /** Members that were asked to go; the others are started again when they end. */
  const away = new Set<number>()
  const start = (index: number) => {
    const member = plan.members[index]
    if (member === undefined || ending.signal.aborted) return
    away.delete(index)
    const child = startMember(etcd, folder, member, plan.members)
    running.set(index, child)
    void child.exited.then(async () => {
      if (running.get(index) === child) running.delete(index)
      if (away.has(index) || ending.signal.aborted) return
      log(`The demo member ${member.name} ended unexpectedly; it is started again.`)
      await clock.sleep(2000, ending.signal)
      start(index)
    })
    write()
  }
  const stop = async () => {
    ending.abort()
    await Promise.all([...running.values()].map((child) => child.stop(killAfterMs)))
    writeClusterFile(clusterFilePath(folder), {
      ...plan,
      owner: null,
      members: plan.members.map((member) => ({ ...member, pid: null })),
    })
  }
  write()
  for (const index of plan.members.keys()) start(index)
  if (!(await answers(endpointsOf(plan), clock, signal))) {
    await stop()
    return null
  }
  return {
    endpoints: endpointsOf(plan),
    names: plan.members.map((member) => member.name),
    seed: plan.seed,
    resumed,
    async bounce(index, how, awayMs) {
      const child = running.get(index)
      if (child === undefined) return
      away.add(index)
      await (how === 'SIGTERM' ? child.stop(10_000) : child.kill())
      await clock.sleep(awayMs, ending.signal)
      start(index)
    },
    stop,
  }
}

/** A linearizable read is answered: there is a quorum and a leader. */
async function answers(endpoints: readonly string[], clock: Clock, signal: AbortSignal): Promise<boolean> {
  const deadlineMs = clock.nowMs() + bootWithinMs
  const client = new Etcd3({ hosts: [...endpoints], defaultCallOptions: () => ({ deadline: Date.now() + 2000 }) })
  try {
    while (clock.nowMs() < deadlineMs && !signal.aborted) {
      const answered = await client.kv.range({ key: Buffer.from('\0'), limit: 1 }).then(
        () => true,
        () => false, // not up yet: that is what the loop is for
      )
      if (answered) return true
      await clock.sleep(150, signal)
    }
    return false
  } finally {
    client.close()
  }
}

/** Members of a run that was killed: told by pid and by a command line that names this very folder. */
async function stopLeftOvers(earlier: ClusterFile, options: Options): Promise<void> {
  const { folder, clock, log } = options
  const leftOvers = earlier.members.flatMap(({ name, pid }) =>
    pid !== null && commandLineOf(pid)?.includes(`--data-dir=${join(folder, name)} `) ? [pid] : [],
  )
  if (leftOvers.length === 0) return
  log(`Stopping ${leftOvers.length} demo members that an earlier run left behind.`)
  for (const pid of leftOvers) process.kill(pid, 'SIGKILL')
  const deadlineMs = clock.nowMs() + 5000
  while (leftOvers.some((pid) => commandLineOf(pid) !== null) && clock.nowMs() < deadlineMs) await clock.sleep(50)
}
