import { Etcd3 } from 'etcd3'
import type { Clock } from '../../core/clock'
import { sentenceOf } from '../../core/errors'
import type { LocalCluster } from '../etcd/localCluster'
import type { Random } from '../random'

/** When the members get something to do; the rest of the time etcd is left in peace. */
export interface ClusterSchedule {
  readonly firstLeaderMoveMs: number
  readonly firstMemberStopMs: number
  /** Afterwards one of the episodes about this often. */
  readonly everyMs: number
  readonly awayMs: number
}

export const laptopSchedule: ClusterSchedule = {
  firstLeaderMoveMs: 40_000,
  firstMemberStopMs: 100_000,
  everyMs: 180_000,
  awayMs: 12_000,
}

type Episode = 'move' | 'stop-follower' | 'stop-leader' | 'kill-leader'

/** A planned leader move, a follower stopped, the leader stopped, the leader killed: in turns, for as long as it runs. */
export async function runClusterEpisodes(options: {
  cluster: LocalCluster
  schedule: ClusterSchedule
  random: Random
  clock: Clock
  signal: AbortSignal
  log: (line: string) => void
}): Promise<void> {
  const { schedule, random, clock, signal, log } = options
  await clock.sleep(schedule.firstLeaderMoveMs, signal)
  await attempt('move')
  await clock.sleep(schedule.firstMemberStopMs - schedule.firstLeaderMoveMs, signal)
  await attempt('stop-follower')
  const turns: readonly Episode[] = ['stop-leader', 'move', 'kill-leader', 'move', 'stop-follower']
  for (let turn = 0; !signal.aborted; turn++) {
    await clock.sleep(schedule.everyMs * (0.75 + random.next() / 2), signal)
    if (!signal.aborted) await attempt(turns[turn % turns.length] ?? 'move')
  }

  /** While an election is on, or the machine is busy, nobody can say who leads; a moment later somebody can. */
  async function attempt(episode: Episode): Promise<void> {
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        await play(options, episode)
        return
      } catch (error) {
        if (tries === triesEach) {
          log(`demo: the episode ${episode} did not work out: ${sentenceOf(error)}`)
          return
        }
        await clock.sleep(1000, signal)
      }
    }
  }
}

const triesEach = 8

async function play(options: Parameters<typeof runClusterEpisodes>[0], episode: Episode): Promise<void> {
  const { cluster, schedule, random, log } = options
  const leader = await findLeader(cluster.endpoints)
  const followers = cluster.endpoints.map((_, index) => index).filter((index) => index !== leader.index)
  const follower = random.pick(followers)
  const nameOf = (index: number) => cluster.names[index] ?? ''
  if (episode === 'move') {
    log(`demo: leadership moves from ${nameOf(leader.index)} to ${nameOf(follower)}`)
    await moveLeader(cluster.endpoints, leader.index, leader.memberIds[follower] ?? '0')
    return
  }
  const target = episode === 'stop-follower' ? follower : leader.index
  const how = episode === 'kill-leader' ? 'SIGKILL' : 'SIGTERM'
  log(`demo: ${nameOf(target)} is ${how === 'SIGKILL' ? 'killed' : 'stopped'} for ${schedule.awayMs / 1000} s`)
  await cluster.bounce(target, how, schedule.awayMs)
}

/** The leader as its own member knows it, and every member's id; rejects while there is none. */
async function findLeader(endpoints: readonly string[]): Promise<{ index: number; memberIds: string[] }> {
  const statuses = await Promise.all(
    endpoints.map((endpoint) => withClient(endpoint, (client) => client.maintenance.status())),
  )
  const memberIds = statuses.map((status) => status.header.member_id)
  const index = statuses.findIndex((status) => status.leader === status.header.member_id)
  if (index < 0) throw new Error('no member says that it leads')
  return { index, memberIds }
}

/** Only the leader itself takes this request. */
function moveLeader(endpoints: readonly string[], leader: number, targetID: string): Promise<unknown> {
  return withClient(endpoints[leader] ?? '', (client) => client.maintenance.moveLeader({ targetID }))
}

async function withClient<T>(endpoint: string, use: (client: Etcd3) => Promise<T>): Promise<T> {
  const client = new Etcd3({ hosts: endpoint, defaultCallOptions: () => ({ deadline: Date.now() + 8000 }) })
  try {
    return await use(client)
  } finally {
    client.close()
  }
}
