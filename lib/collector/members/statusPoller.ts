import type { LeaderChangeInput, MemberStateInput } from '../../store'
import { type Census, type KnownMember, takeCensus } from './knownMembers'
import { deriveLeader, type LeaderState } from './leaderDerivation'
import type { MemberLook } from './leaderView'
import type { MemberRoutes, Route } from './memberRoutes'
import type { ListedMember } from './memberTransport'
import { askStatus, type ReadOutcome, readThrough, type Timing } from './statusRound'

/** One look after the other at all members: asks, joins with the member list, derives the leader. */

/** Below a second, so that looks do not run into each other, and far above any healthy answer. */
export const statusDeadlineMs = 800
export const readDeadlineMs = 800
/** A leader that stalls answers reads late before it is voted out; healthy ones take milliseconds. */
const promptReadMs = 500
const listIntervalMs = 10_000

export interface PollResult {
  readonly census: Census
  readonly leader: LeaderState | null
  readonly read: ReadOutcome | null
  readonly memberStates: readonly MemberStateInput[]
  readonly changes: readonly LeaderChangeInput[]
  readonly atMs: number
}

export class StatusPoller {
  readonly #routes: MemberRoutes
  readonly #timing: Timing
  readonly #pausedAfterMs: number
  #clusterId: string | null = null
  #listed: readonly ListedMember[] = []
  #listedMs = Number.NEGATIVE_INFINITY
  #answered: ReadonlySet<string> = new Set()
  #leader: LeaderState | null
  #read: ReadOutcome | null = null
  #rotation = 0

  constructor(routes: MemberRoutes, timing: Timing, pausedAfterMs: number, resumed: LeaderState | null) {
    this.#routes = routes
    this.#timing = timing
    this.#pausedAfterMs = pausedAfterMs
    this.#leader = resumed
  }

  /** `withRead` false: a quick look only, between two full ones while nobody leads. */
  async poll(withRead: boolean): Promise<PollResult> {
    const asked = this.#routes.asked(this.#listed, this.#answered)
    const reader = withRead ? this.#reader(asked) : null
    const [{ startedMs, atMs, answers }, read] = await Promise.all([
      askStatus(asked, statusDeadlineMs, this.#timing),
      reader === null ? null : readThrough(reader, readDeadlineMs, this.#timing),
    ])
    if (read !== null) this.#read = read
    let census = takeCensus(answers, this.#listed)
    if (census.clusterId !== null && census.clusterId !== this.#clusterId) {
      if (this.#clusterId !== null) this.#startOver()
      this.#clusterId = census.clusterId
      census = takeCensus(answers, this.#listed)
    }
    const wanted = this.#listWanted(census)
    if (wanted !== 'not yet') {
      const refreshed = this.#refreshList(census)
      // A list that only grew old comes in beside the looks: one that hangs must not hold them up.
      if (wanted === 'now') {
        await refreshed
        census = takeCensus(answers, this.#listed)
      }
    }
    this.#answered = new Set(answers.flatMap((a) => (a.configured && a.status !== null ? [a.status.memberId] : [])))

    const look = {
      startedMs,
      atMs,
      members: census.members.filter((m) => m.status !== null || m.name !== '').map(lookOf),
      readPrompt: read === null ? null : read.ok && read.latencyMs <= promptReadMs,
      revision: newestRevision(census.members),
    }
    const { state, changes, memberStates } = deriveLeader(this.#leader, look, this.#pausedAfterMs)
    this.#leader = state
    return { census, leader: state, read: this.#read, memberStates, changes, atMs }
  }

  /** Another cluster answers at these endpoints: nothing known of the old one holds. */
  #startOver(): void {
    this.#leader = null
    this.#listed = []
    this.#listedMs = Number.NEGATIVE_INFINITY
  }

  /** The leader answers most directly; after a failure somebody else is asked, so that one bad link is not the cluster. */
  #reader(asked: readonly Route[]): Route | null {
    const leader = this.#leader?.holds ? this.#routes.of(this.#leader.leader.memberId) : null
    if (leader !== null && this.#read?.ok !== false) return leader
    const known = asked.filter((r) => r.memberId !== null && r.explanation === null)
    return known[this.#rotation++ % Math.max(1, known.length)] ?? null
  }

  #listWanted(census: Census): 'now' | 'soon' | 'not yet' {
    const answering = census.members.filter((m) => m.status !== null)
    const known = new Set(this.#listed.map((m) => m.id))
    const ageMs = this.#timing.nowMs() - this.#listedMs
    if (ageMs >= 1_000 && answering.some((m) => !known.has(m.id))) return 'now'
    return ageMs >= listIntervalMs && answering.length > 0 ? 'soon' : 'not yet'
  }

  async #refreshList(census: Census): Promise<void> {
    this.#listedMs = this.#timing.nowMs()
    // Those that know a leader first: a member that was removed or cut off has an old list.
    const answering = census.members.filter((m) => m.status !== null)
    const inOrder = [...answering].sort((a, b) => Number(b.status?.leader != null) - Number(a.status?.leader != null))
    for (const member of inOrder.slice(0, 2)) {
      try {
        const listed = await this.#routes.of(member.id)?.source.memberList()
        if (listed === undefined || listed.length === 0) continue
        this.#listed = [...listed].sort((a, b) => (a.name || '~').localeCompare(b.name || '~', 'en', { numeric: true }))
        return
      } catch {
        // The next one may answer; without any, the list as it was stays, and the list is asked for again.
      }
    }
  }
}

function lookOf({ id, name, isLearner, status }: KnownMember): MemberLook {
  if (status === null) return { memberId: id, name, isLearner, reachable: false, term: null, leader: null }
  return { memberId: id, name, isLearner, reachable: true, term: status.raftTerm, leader: status.leader }
}

function newestRevision(members: readonly KnownMember[]): bigint | null {
  let newest: bigint | null = null
  for (const { status } of members) if (status !== null && status.revision > (newest ?? -1n)) newest = status.revision
  return newest
}
