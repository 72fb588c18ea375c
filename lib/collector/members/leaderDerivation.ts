import type { LeaderChangeInput, MemberStateInput } from '../../store'
import { holdOf, type MemberLook, type NamedLeader, names, newestNamed } from './leaderView'

/**
 * Leader changes out of looks at all members' (term, leader): a pure reducer, times come with the looks. Not out of
 * `leader_changes_seen_total`, which starts again with every process and so reads restarts as elections.
 *
 * A change is the step from one elected (term, leader) to the next that is seen, so elections missed between two
 * looks still show as terms. The leaderless time is an upper bound: from the last look at which the old leader led
 * to the answer that first named the new one.
 *
 * `planned` (a leader move asked for) is inferred, and claimed only when nothing speaks against it:
 * exactly one term passed; the looks around it are at most {@link plannedWindowMs} apart; the old leader answered
 * every look, never disowned its own term (one that restarted or had to step down does), and follows the new one;
 * linearizable reads went through while it led (a stalled leader fails them before it is voted out); and no look was
 * leaderless for longer than {@link plannedLeaderlessMs}. Everything else is unplanned.
 */

/** A look: the members asked at the same time. */
export interface Look {
  /** When the questions went out: what the answers say was true at or after this. */
  readonly startedMs: number
  /** When the answers were in. */
  readonly atMs: number
  readonly members: readonly MemberLook[]
  /** A linearizable read went through promptly; null when it was not tried. */
  readonly readPrompt: boolean | null
  readonly revision: bigint | null
}

export interface LeaderState {
  readonly leader: NamedLeader
  readonly name: string
  /** When it was first seen as leader; null when it led already at the first look. */
  readonly sinceMs: number | null
  /** Last moment at which it is known to have led. */
  readonly heldMs: number
  /** Last look of any kind. */
  readonly lookedMs: number
  /** First look without a leader since `heldMs`; null while there is none. */
  readonly leaderlessSinceMs: number | null
  /** Something since `heldMs` that a move asked for does not do. */
  readonly disturbed: boolean
  /** It leads at the last look. */
  readonly holds: boolean
}

export interface Derivation {
  readonly state: LeaderState | null
  readonly changes: readonly LeaderChangeInput[]
  readonly memberStates: readonly MemberStateInput[]
}

/** A transfer takes one vote: milliseconds, on a slow disk some more. Election time-outs (1 s and more) are longer. */
export const plannedLeaderlessMs = 500
/** Between looks further apart than this, an election time-out may have passed unseen. */
export const plannedWindowMs = 2_500
/** Followers go on naming a dead leader until their election time-out; etcd advises at most 10 s for it. */
export const namedLagMs = 10_000
/** Leaderless time claimed at most over a pause of the observation; the pause itself is drawn as unobserved. */
export const unobservedLeaderlessMs = 60_000

/** State of a collector that starts again: the last recorded leader, so that a change meanwhile is seen. */
export function resumeLeader(newest: { term: bigint; memberId: string; lastSeenMs: number }): LeaderState {
  return {
    leader: { term: newest.term, memberId: newest.memberId },
    name: '',
    sinceMs: null,
    heldMs: newest.lastSeenMs,
    lookedMs: newest.lastSeenMs,
    leaderlessSinceMs: null,
    disturbed: true,
    holds: false,
  }
}

/** `pausedAfterMs`: looks further apart are two observations; what lay between is unknown, not leaderless. */
export function deriveLeader(known: LeaderState | null, look: Look, pausedAfterMs: number): Derivation {
  const named = newestNamed(look.members)
  const previous = known !== null && named !== null && rolledBack(known.leader, named, look) ? null : known
  const newer = named !== null && (previous === null || named.term > previous.leader.term) ? named : null
  const leader = newer ?? previous?.leader ?? null
  const memberStates = look.members.map((member) => laneOf(member, leader))
  if (leader === null) return { state: null, changes: [], memberStates }
  if (newer === null) return { state: previous && observe(previous, look), changes: [], memberStates }

  const change = previous === null ? null : changeOf(previous, newer, look, pausedAfterMs)
  const entered = enter(newer, look, change?.atMs ?? null)
  return { state: observe(entered, look), changes: change === null ? [] : [change], memberStates }
}

/**
 * Terms only grow, unless the cluster was restored from a backup: then a majority of all voters names a leader of an
 * older term, which an elected leader's cluster cannot do. What was known is of another life.
 */
function rolledBack(known: NamedLeader, named: NamedLeader, look: Look): boolean {
  if (named.term >= known.term) return false
  const voters = look.members.filter((m) => !m.isLearner)
  return voters.filter((m) => names(m, named)).length * 2 > voters.length
}

function enter(leader: NamedLeader, look: Look, sinceMs: number | null): LeaderState {
  return {
    leader,
    name: nameOf(leader.memberId, look.members),
    sinceMs,
    heldMs: look.startedMs,
    lookedMs: look.atMs,
    leaderlessSinceMs: null,
    disturbed: false,
    holds: true,
  }
}

/** Takes one more look into the state of the leader that stays the newest one. */
function observe(state: LeaderState, look: Look): LeaderState {
  const hold = holdOf(state.leader, look.members)
  const name = nameOf(state.leader.memberId, look.members) || state.name
  // Reads that fail while nobody leads say nothing more than that.
  const stalled = look.readPrompt === false && (hold === 'confirmed' || hold === 'named')
  const disturbed = stalled || disturbs(state.leader, look.members)
  const seen = { ...state, name, lookedMs: look.atMs, disturbed: state.disturbed || disturbed }
  if (hold === 'confirmed') return { ...seen, heldMs: look.startedMs, leaderlessSinceMs: null, disturbed, holds: true }
  if (hold === 'named') {
    return {
      ...seen,
      heldMs: Math.max(state.heldMs, look.startedMs - namedLagMs),
      leaderlessSinceMs: null,
      holds: true,
    }
  }
  return { ...seen, leaderlessSinceMs: state.leaderlessSinceMs ?? look.startedMs, holds: false }
}

/** The old leader went away, or at its own term no longer claims to lead: it was restarted or had to step down. */
function disturbs(leader: NamedLeader, members: readonly MemberLook[]): boolean {
  const itself = members.find((m) => m.memberId === leader.memberId)
  if (itself === undefined || !itself.reachable) return true
  return itself.term === leader.term && itself.leader !== leader.memberId
}

function changeOf(previous: LeaderState, next: NamedLeader, look: Look, pausedAfterMs: number): LeaderChangeInput {
  const elections = Number(next.term - previous.leader.term)
  const unobserved = look.startedMs - previous.lookedMs > pausedAfterMs
  const bound = Math.max(0, look.atMs - previous.heldMs)
  return {
    atMs: look.atMs,
    term: next.term,
    fromMemberId: previous.leader.memberId,
    fromName: nameOf(previous.leader.memberId, look.members) || previous.name || null,
    toMemberId: next.memberId,
    toName: nameOf(next.memberId, look.members),
    leaderlessMs: unobserved ? Math.min(bound, unobservedLeaderlessMs) : bound,
    planned: elections === 1 && bound <= plannedWindowMs && plannedMove(previous, next, look),
    elections,
    revision: look.revision,
  }
}

function plannedMove(previous: LeaderState, next: NamedLeader, look: Look): boolean {
  if (previous.disturbed || previous.leader.memberId === next.memberId) return false
  const leaderlessSince = previous.leaderlessSinceMs
  if (leaderlessSince !== null && look.atMs - leaderlessSince > plannedLeaderlessMs) return false
  const old = look.members.find((m) => m.memberId === previous.leader.memberId)
  if (old === undefined || !old.reachable || old.term === null) return false
  // It follows already, or was asked in the milliseconds before the new leader's first message reached it. One that
  // still claims its old term is cut off from the others.
  return names(old, next) || (old.term === next.term && old.leader === null)
}

function laneOf(member: MemberLook, leader: NamedLeader | null): MemberStateInput {
  const { memberId, name, term } = member
  const state = !member.reachable
    ? 'down'
    : member.leader === null
      ? 'no-leader'
      : member.isLearner
        ? 'learner'
        : member.leader !== memberId
          ? 'follower'
          : // A leader of an older term leads nobody any more; it has not heard yet.
            leader !== null && names(member, leader)
            ? 'leader'
            : 'no-leader'
  return { memberId, name, state, term }
}

function nameOf(memberId: string, members: readonly MemberLook[]): string {
  return members.find((m) => m.memberId === memberId)?.name ?? ''
}
