/** What one look at all members says about the leader. Pure; the sequence of looks is `leaderDerivation.ts`'s. */

export interface MemberLook {
  readonly memberId: string
  readonly name: string
  readonly isLearner: boolean
  /** False: it did not answer in time; the fields below are then null. */
  readonly reachable: boolean
  readonly term: bigint | null
  /** Hex id of the leader that it names; null when it knows none. */
  readonly leader: string | null
}

export interface NamedLeader {
  readonly term: bigint
  readonly memberId: string
}

/**
 * The newest elected leader that anybody names: a member learns a leader's name only from that leader, and a term
 * has at most one, so a single answer at the highest term is conclusive. A higher term without a leader is not: a
 * partitioned member without pre-vote counts terms up alone.
 */
export function newestNamed(members: readonly MemberLook[]): NamedLeader | null {
  let newest: NamedLeader | null = null
  for (const { term, leader } of members) {
    if (term === null || leader === null) continue
    if (newest === null || term > newest.term) newest = { term, memberId: leader }
  }
  return newest
}

export type Hold =
  /** The leader itself says so, and no majority of those who answer contradicts. */
  | 'confirmed'
  /** The leader does not answer us, but a majority of those who do names it: true until their election time-out. */
  | 'named'
  /** Nobody leads, or whoever claims to is contradicted. */
  | 'lost'
  /** Nobody answers. */
  | 'unseen'

/** Whether `leader` leads at this look. */
export function holdOf(leader: NamedLeader, members: readonly MemberLook[]): Hold {
  const answering = members.filter((m) => m.reachable)
  if (answering.length === 0) return 'unseen'
  const voters = answering.filter((m) => !m.isLearner)
  const naming = voters.filter((m) => names(m, leader)).length
  const itself = answering.find((m) => m.memberId === leader.memberId)
  if (itself === undefined) return naming > 0 && naming * 2 > voters.length ? 'named' : 'lost'
  return names(itself, leader) && naming * 2 >= voters.length ? 'confirmed' : 'lost'
}

export function names(member: MemberLook, leader: NamedLeader): boolean {
  return member.term === leader.term && member.leader === leader.memberId
}
