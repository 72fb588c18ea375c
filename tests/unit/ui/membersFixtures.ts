import type { Cluster, LeaderChange, Member, MemberState, SeriesAnswer } from '../../../lib/contract'

/** A healthy three-member cluster led by b, and the parts that a test bends. */

export const NOW_MS = Date.parse('2026-03-10T14:02:00.000Z')
const ids = { a: '1a', b: '1b', c: '1c' } as const
export type Letter = keyof typeof ids

export function member(letter: Letter, change: Partial<Member> = {}): Member {
  return {
    id: ids[letter],
    name: `etcd-${letter}`,
    clientUrls: [`http://10.0.0.1:2379`],
    peerUrls: [],
    isLeader: letter === 'b',
    isLearner: false,
    version: '3.5.30',
    healthy: true,
    latencyMs: 1.2,
    error: null,
    raftTerm: '118',
    raftIndex: '1000',
    raftAppliedIndex: '1000',
    revision: '900',
    dbSizeBytes: 1000,
    dbSizeInUseBytes: 600,
    quotaBytes: 2000,
    hash: { revision: '890', compactRevision: '1', value: '77', agrees: true },
    seenAt: new Date(NOW_MS).toISOString(),
    knownBugs: [],
    ...change,
  }
}

/** As Status answers when the member does not: everything that only it knows is unknown. */
export function silent(letter: Letter, error = 'connection refused at 10.0.0.1:2379.'): Member {
  return member(letter, {
    isLeader: false,
    healthy: false,
    latencyMs: null,
    error,
    raftTerm: null,
    raftIndex: null,
    raftAppliedIndex: null,
    revision: null,
    version: null,
    seenAt: new Date(NOW_MS - 60_000).toISOString(),
  })
}

export const threeMembers = (): Member[] => [member('a'), member('b'), member('c')]

/** The quorum as the server counts it: voters only. */
export function clusterOf(members: readonly Member[], change: Partial<Cluster> = {}): Cluster {
  const voters = members.filter((one) => !one.isLearner)
  const healthy = voters.filter((one) => one.healthy).length
  const needed = voters.length === 0 ? 0 : Math.floor(voters.length / 2) + 1
  const leader = members.find((one) => one.isLeader)
  return {
    name: 'prod',
    clusterId: 'c1',
    epoch: 1,
    source: 'etcd',
    demo: false,
    version: '3.5.30',
    state: 'live',
    error: null,
    since: new Date(NOW_MS - 3_600_000).toISOString(),
    leader:
      leader === undefined
        ? null
        : { memberId: leader.id, name: leader.name, since: new Date(NOW_MS - 41 * 60_000).toISOString() },
    raftTerm: '118',
    quorum: { voters: voters.length, healthy, needed, tolerates: Math.max(0, healthy - needed) },
    revision: '900',
    compactRevision: '1',
    storedRevision: '900',
    lagMs: 0,
    firstTime: null,
    coverage: [],
    gaps: [],
    dbSizeBytes: 1000,
    dbSizeInUseBytes: 600,
    quotaBytes: 2000,
    quota: { fullAt: null, growthBytesPerDay: null, mainPrefix: null, reclaimableBytes: 400 },
    alarms: [],
    ...change,
  }
}

export function leaderChange(change: Partial<LeaderChange> = {}): LeaderChange {
  return {
    at: new Date(NOW_MS - 41 * 60_000).toISOString(),
    term: '118',
    fromMemberId: ids.a,
    fromName: 'etcd-a',
    toMemberId: ids.b,
    toName: 'etcd-b',
    leaderlessMs: 1840,
    planned: false,
    elections: 1,
    revision: '890',
    causes: [],
    ...change,
  }
}

/** A stretch by seconds from the start of the fixture's time, 0 being NOW_MS. */
export function stretch(letter: Letter, state: MemberState['state'], fromS: number, toS: number): MemberState {
  const at = (s: number) => new Date(NOW_MS + s * 1000).toISOString()
  return { memberId: ids[letter], name: `etcd-${letter}`, state, term: '118', from: at(fromS), to: at(toS) }
}

type Points = SeriesAnswer['series'][number]['points']

export function answer(
  series: readonly { labels: Record<string, string>; points: Points }[],
  stepMs = 5000,
): SeriesAnswer {
  return { metric: 'm', unit: 'seconds', stepMs, series: [...series] }
}

export const ofMemberLabels = (letter: Letter, more: Record<string, string> = {}) => ({
  member: `etcd-${letter}`,
  member_id: ids[letter],
  ...more,
})
