import { type Clock, systemClock } from '../core/clock'
import { adoptObjects } from './adoptObjects'
import { EventRecorder } from './controllers/eventRecorder'
import { Timers } from './controllers/timers'
import type { World } from './controllers/world'
import { endpointsOf, readClusterFile } from './etcd/clusterFile'
import { findEtcd } from './etcd/etcdBinary'
import { clusterFilePath, type LocalCluster, startLocalCluster } from './etcd/localCluster'
import { commandLineOf } from './etcd/processes'
import { createEtcdWriter } from './etcdWriter'
import { ObjectStore } from './kube/objectStore'
import { keepLease } from './leases'
import { createRandom } from './random'
import { createApplicationKeys } from './story/applicationKeys'
import { type ClusterSchedule, laptopSchedule, runClusterEpisodes } from './story/clusterEpisodes'
import { createDirector } from './story/director'

export interface Demo {
  readonly endpoints: readonly string[]
  stop(): Promise<void>
}

export interface DemoOptions {
  /** The demo's own folder; what lies in it is the demo's to delete. */
  readonly folder: string
  readonly seed: number
  readonly signal: AbortSignal
  readonly log: (line: string) => void
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
  readonly schedule?: ClusterSchedule
}

/** Above this many waiting writes the story pauses: the cluster has no leader, and nobody acts blindly. */
const maxBacklog = 400
const stepMs = 250

/** Another demo process that runs this folder's cluster; null when there is none. */
export function runningDemo(folder: string): { pid: number; endpoints: string[] } | null {
  const content = readClusterFile(clusterFilePath(folder))
  const owner = content?.owner ?? null
  if (content === null || owner === null || owner.pid === process.pid) return null
  return commandLineOf(owner.pid) === owner.commandLine ? { pid: owner.pid, endpoints: endpointsOf(content) } : null
}

/** Starts the cluster and its life. Resolves when the cluster answers; the opening goes on behind it. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { folder, log, clock = systemClock } = options
  const etcd = await findEtcd(options.env, log)
  const cluster = await startLocalCluster({ etcd, folder, seed: options.seed, clock, log, signal: options.signal })
  const ending = new AbortController()
  const signal = AbortSignal.any([options.signal, ending.signal])
  const story = tellStory(cluster, { ...options, clock, signal })

  let stopped: Promise<void> | null = null
  const stop = () => {
    stopped ??= (async () => {
      ending.abort()
      // The members go first: a story that waits for an answer gets its error then.
      await cluster.stop()
      await story
    })()
    return stopped
  }
  options.signal.addEventListener('abort', () => void stop(), { once: true })
  return { endpoints: cluster.endpoints, stop }
}

async function tellStory(
  cluster: LocalCluster,
  options: Required<Pick<DemoOptions, 'clock' | 'log' | 'signal' | 'seed'>> & Pick<DemoOptions, 'schedule'>,
): Promise<void> {
  const { clock, log, signal, schedule = laptopSchedule } = options
  const random = createRandom(options.seed)
  const nowMs = () => clock.nowMs()
  const writer = createEtcdWriter({ endpoints: cluster.endpoints, clock, signal, log })
  const objects = new ObjectStore({ queue: writer, random, nowMs })
  const timers = new Timers(nowMs)
  const leases = keepLease({ grant: writer.grant, ttlSeconds: 600, renewMs: 60_000, clock, signal })
  const events = new EventRecorder({ objects, queue: writer, random, leases, nowMs })
  const world: World = { objects, random, timers, events, queue: writer, nowMs }
  const clusterEpisodes = runClusterEpisodes({ cluster, schedule, random, clock, signal, log })
  try {
    const director = createDirector(world)
    const adopted = cluster.resumed ? await adoptObjects(cluster.endpoints, objects) : 0
    const application = createApplicationKeys({ writer, random, timers, nowMs })
    if (adopted === 0) await director.opening((ms) => clock.sleep(ms, signal))
    while (!signal.aborted) {
      if (writer.backlog < maxBacklog) {
        director.step()
        application.step()
      }
      await clock.sleep(stepMs, signal)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await clusterEpisodes
    writer.close()
  }
}
