import type { Member } from '../../contract'
import { maxBigInt } from '../../core/int64'
import { compareVersions, knownBugs } from '../../etcd'
import { alarmsOf, type MemberAlarm } from './alarms'
import type { Census, KnownMember } from './knownMembers'
import type { LeaderState } from './leaderDerivation'

/** What is known of a cluster's members now. Unknown is null, never a guess. */
export interface MembersView {
  /** As the members report it; another than the epoch's means a restore or replacement. */
  readonly clusterId: string | null
  /** Lowest server version of those that answer. */
  readonly version: string | null
  /** Null while nobody leads; `sinceMs` null when it led already at our first look. */
  readonly leader: { readonly memberId: string; readonly name: string; readonly sinceMs: number | null } | null
  readonly raftTerm: bigint | null
  readonly revision: bigint | null
  readonly compactRevision: bigint | null
  /** A linearizable read goes through; null before the first was tried. */
  readonly healthy: boolean | null
  readonly members: readonly Member[]
  readonly alarms: readonly MemberAlarm[]
  readonly error: string | null
}

/** What only other questions than Status can tell, by member id. */
export interface MemberExtras {
  readonly seenMs: ReadonlyMap<string, number>
  readonly quotaBytes: ReadonlyMap<string, number>
  readonly hashes: ReadonlyMap<string, NonNullable<Member['hash']>>
}

export interface ViewInput {
  readonly census: Census
  readonly leader: LeaderState | null
  readonly healthy: boolean | null
  readonly readError: string | null
  readonly compactRevision: bigint | null
  readonly extras: MemberExtras
}

export function membersView(input: ViewInput): MembersView {
  const { census, leader, healthy } = input
  const statuses = census.members.flatMap((m) => (m.status === null ? [] : [m.status]))
  const leading = leader?.holds ? leader : null
  const terms = statuses.map((s) => s.raftTerm)
  return {
    clusterId: census.clusterId,
    version: lowestVersion(statuses.map((s) => s.version)),
    leader: leading && { memberId: leading.leader.memberId, name: leading.name, sinceMs: leading.sinceMs },
    // A member that is cut off counts terms up alone: the leader's term is the cluster's while there is one.
    raftTerm: leading?.leader.term ?? (terms.length > 0 ? terms.reduce(maxBigInt) : null),
    revision: statuses.length > 0 ? statuses.map((s) => s.revision).reduce(maxBigInt) : null,
    compactRevision: input.compactRevision,
    healthy,
    members: census.members.map((member) => memberOf(member, leading, input.extras)),
    alarms: alarmsOf(statuses.flatMap((s) => s.errors)),
    error: clusterError(input, statuses.length),
  }
}

function memberOf(member: KnownMember, leading: LeaderState | null, extras: MemberExtras): Member {
  const { status } = member
  const seenMs = extras.seenMs.get(member.id)
  const knowsLeader = status !== null && status.leader !== null
  return {
    id: member.id,
    name: member.name,
    clientUrls: [...member.clientUrls],
    peerUrls: [...member.peerUrls],
    isLeader: leading?.leader.memberId === member.id,
    isLearner: member.isLearner,
    version: status?.version ?? null,
    healthy: knowsLeader,
    latencyMs: member.latencyMs === null ? null : Math.round(member.latencyMs * 100) / 100,
    error: member.error ?? (knowsLeader ? null : 'It answers, but knows no leader'),
    raftTerm: status?.raftTerm.toString() ?? null,
    raftIndex: status?.raftIndex.toString() ?? null,
    raftAppliedIndex: status?.raftAppliedIndex.toString() ?? null,
    revision: status?.revision.toString() ?? null,
    dbSizeBytes: status?.dbSizeBytes ?? null,
    dbSizeInUseBytes: status?.dbSizeInUseBytes ?? null,
    quotaBytes: status?.quotaBytes ?? extras.quotaBytes.get(member.id) ?? null,
    hash: extras.hashes.get(member.id) ?? null,
    seenAt: seenMs === undefined ? null : new Date(seenMs).toISOString(),
    knownBugs: status === null ? [] : [...knownBugs(status.version)],
  }
}

function clusterError({ census, healthy, leader, readError }: ViewInput, answering: number): string | null {
  if (answering === 0) {
    const cause = census.error ?? census.members.find((m) => m.error !== null)?.error
    return cause == null ? 'No member answers' : `No member answers: ${cause}`
  }
  if (leader !== null && !leader.holds) return 'The cluster has no leader'
  if (healthy === false) return `The cluster does not answer reads: ${readError ?? 'no quorum'}`
  return census.error
}

/** By number, not by letter: 3.10 is above 3.9. */
function lowestVersion(versions: readonly string[]): string | null {
  return [...versions].filter((v) => v !== '').sort(compareVersions)[0] ?? null
}
