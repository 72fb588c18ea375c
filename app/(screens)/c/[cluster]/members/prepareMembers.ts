import type { Cluster, Member, SeriesAnswer } from '../../../../../lib/contract'
import { newestValue } from '../../../../_charts/prepareSeries'
import { inOrder } from './memberNames'
import { memberSeries } from './prepareMemberSeries'

/** A row of the members table: what the member says now beside what its metrics say. Pure. */

export interface MemberRow {
  readonly member: Member
  /** Unknown while no collector looks: what it said last is no news of the member. */
  readonly role: 'leader' | 'learner' | 'follower' | 'not answering' | 'unknown'
  /** RFC 3339; of a leader, when it is known. */
  readonly since: string | null
  /** Entries behind the newest of all members; null when it does not answer. */
  readonly raftLag: bigint | null
  /** Entries written to its log and not yet applied. */
  readonly applyLag: bigint | null
  readonly fsyncSeconds: number | null
  readonly commitSeconds: number | null
  readonly roundTripSeconds: number | null
  readonly alarms: readonly Cluster['alarms'][number]['type'][]
}

export interface MemberMetrics {
  readonly fsync: SeriesAnswer | undefined
  readonly commit: SeriesAnswer | undefined
  readonly roundTrip: SeriesAnswer | undefined
}

export function prepareMembers(
  cluster: Cluster,
  given: readonly Member[],
  metrics: MemberMetrics,
  leaderSince: string | null,
): readonly MemberRow[] {
  const members = inOrder(given)
  const newest = newestIndex(members)
  const [fsync, commit, roundTrip] = [metrics.fsync, metrics.commit, metrics.roundTrip].map((answer) =>
    memberSeries(answer, members).map((series) => newestValue(series)),
  )
  return members.map((member, index) => ({
    member,
    role: cluster.state === 'stopped' ? 'unknown' : roleOf(member),
    since: member.isLeader ? leaderSince : null,
    raftLag: behind(newest, member.raftIndex),
    applyLag: member.raftIndex === null ? null : behind(BigInt(member.raftIndex), member.raftAppliedIndex),
    fsyncSeconds: now(member, fsync?.[index]),
    commitSeconds: now(member, commit?.[index]),
    roundTripSeconds: now(member, roundTrip?.[index]),
    alarms: cluster.alarms.filter((alarm) => alarm.memberId === member.id).map((alarm) => alarm.type),
  }))
}

/** What a member measured last says nothing about now once it does not answer. */
const now = (member: Member, value: number | null | undefined) => (member.latencyMs === null ? null : (value ?? null))

function roleOf(member: Member): MemberRow['role'] {
  if (member.isLeader) return 'leader'
  if (member.latencyMs === null) return 'not answering'
  return member.isLearner ? 'learner' : 'follower'
}

function newestIndex(members: readonly Member[]): bigint | null {
  return members.reduce<bigint | null>((newest, { raftIndex }) => {
    if (raftIndex === null) return newest
    const index = BigInt(raftIndex)
    return newest === null || index > newest ? index : newest
  }, null)
}

/** Members are asked one after another: one asked earlier is not "ahead", so a lag is never negative. */
function behind(newest: bigint | null, index: string | null): bigint | null {
  if (newest === null || index === null) return null
  const lag = newest - BigInt(index)
  return lag < 0n ? 0n : lag
}

/** "3.5.30 has 1 known bug: …, fixed in 3.5.33"; of several only how many, the table's popover lists them. */
export function bugWords(members: readonly Member[]): readonly string[] {
  const byVersion = new Map(members.map((member) => [member.version, member.knownBugs]))
  return [...byVersion].flatMap(([version, bugs]) => {
    const [first] = bugs
    if (version === null || first === undefined) return []
    if (bugs.length === 1) return [`${version} has 1 known bug: ${first.title}, fixed in ${first.fixedIn}`]
    const last = bugs.map((bug) => bug.fixedIn).reduce((a, b) => (byNumber(a, b) < 0 ? b : a))
    return [`${version} has ${bugs.length} known bugs, the last of them fixed in ${last}`]
  })
}

/** Versions part by part as numbers: 3.10 is above 3.9. */
const byNumber = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true })
