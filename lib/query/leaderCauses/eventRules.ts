import { leaderOf, type MemberSignals, type Signals, type Span } from './signals'
import { clockWords, countWords, listWords, msWords, percentWords } from './words'

/**
 * What happened to members, as a table in the order of certainty. Each finding names its score itself: a leader whose
 * process ended needs no slow disk to explain the election. `find` answers null where the record does not show it.
 */
export interface EventRule {
  readonly kind: string
  readonly find: (signals: Signals) => Finding | null
}
export interface Finding {
  readonly score: number
  readonly evidence: string
}

/** Restarts this near to each other are one operation: an upgrade waits for each member to be healthy again. */
export const rollingReachMs = 10 * 60_000
/** Members that start within this time of each other were started together, not one after another. */
const togetherMs = 5_000
/** A process that ended is looked for this long after the change: stopping gracefully takes etcd up to 7 s. */
const stopLagMs = 15_000
/** Looks are a second apart, and one may have been on its way. */
const lookSlackMs = 2_500
/** Start times come from the member's clock and the change from ours. */
const clockSlackMs = 2_000

export const eventRules: readonly EventRule[] = [
  {
    kind: 'rolling-restart',
    find: (signals) => {
      const restarts = restartsNear(signals)
      const leader = signals.change.fromMemberId
      const isDue = restarts.some((one) => one.memberId === leader && isOfThisChange(one.atMs, signals))
      const last = restarts.at(-1)
      const first = restarts[0]
      if (!isDue || first === undefined || last === undefined || last.atMs - first.atMs < togetherMs) return null
      const missing = signals.members.length - new Set(restarts.map((one) => one.memberId)).size
      if (missing > 0 || signals.members.length < 2) return null
      const when = restarts.map((one) => `${one.name} ${clockWords(one.atMs)}`)
      return { score: 0.98, evidence: `All members were restarted one after another: ${listWords(when)} UTC` }
    },
  },
  {
    kind: 'graceful-stop',
    find: (signals) => {
      const { change } = signals
      const gone = endOfLeader(signals)
      if (!change.planned || gone === null) return null
      const evidence = `${nameOf(signals)} handed its leadership to ${change.toName} and stopped${backWords(gone)}`
      return { score: 0.97, evidence }
    },
  },
  {
    kind: 'planned-move',
    find: (signals) => {
      const { change } = signals
      if (!change.planned || endOfLeader(signals) !== null) return null
      const evidence =
        `${nameOf(signals)} handed its leadership to ${change.toName} within ${msWords(change.leaderlessMs)}, ` +
        'stayed up and follows it'
      return { score: 1, evidence }
    },
  },
  {
    kind: 'member-restart',
    find: (signals) => {
      const gone = endOfLeader(signals)
      if (signals.change.planned || gone === null || gone.restartedMs === null) return null
      const ran = gone.ranMs === null ? '' : ` after running for ${spanWords(gone.ranMs)}`
      return {
        score: 0.96,
        evidence: `The process of ${nameOf(signals)}, the leader, ended${ran}${backWords(gone)}`,
      }
    },
  },
  {
    kind: 'freeze',
    find: (signals) => {
      const leader = leaderOf(signals)
      const down = silenceOf(leader, signals)
      if (leader === null || down === null || !hasSameLife(leader, down)) return null
      return {
        score: 0.95,
        evidence:
          `${leader.name}, the leader, did not answer from ${clockWords(down.fromMs)} to ${clockWords(down.toMs)} UTC ` +
          'and came back with the same process: it was frozen or starved, or its host was',
      }
    },
  },
  {
    kind: 'member-down',
    find: (signals) => {
      const leader = leaderOf(signals)
      const down = silenceOf(leader, signals)
      if (leader === null || down === null || hasSameLife(leader, down)) return null
      const still = isBack(leader, down) ? `came back at ${clockWords(down.toMs)} UTC` : 'had not come back since'
      const evidence = `${leader.name}, the leader, stopped answering at ${clockWords(down.fromMs)} UTC and ${still}`
      return { score: 0.9, evidence }
    },
  },
  {
    kind: 'quorum-lost',
    find: (signals) => {
      const others = signals.members.filter((one) => one.memberId !== signals.change.fromMemberId)
      const gone = others.filter((one) => downAtChange(one, signals) !== null)
      const majority = Math.floor(signals.members.length / 2) + 1
      if (gone.length === 0 || signals.members.length - gone.length >= majority) return null
      const names = listWords(gone.map((one) => one.name))
      return {
        score: 0.92,
        evidence: `${names} did not answer: ${signals.members.length - gone.length} of ${signals.members.length} members are no quorum`,
      }
    },
  },
  {
    kind: 'partition',
    find: (signals) => {
      const leader = leaderOf(signals)
      if (leader === null || signals.change.planned || downAtChange(leader, signals) !== null) return null
      const cut = cutPeers(signals)
      const alone = leader.leaderless.find((span) => overlaps(span, aroundChange(signals)))
      if (cut.length === 0 || alone === undefined) return null
      const lostMs = alone.toMs - alone.fromMs
      const evidence =
        `${leader.name}, the leader, went on answering here but lost its connections to ${listWords(cut)} and ` +
        `followed nobody for ${msWords(Math.max(lostMs, 0))}`
      return { score: 0.93, evidence }
    },
  },
  {
    kind: 'member-rejoin',
    find: ({ members, change, heldMs }) => {
      if (change.planned || change.elections < 2) return null
      // Without pre-vote a member that was cut off counts terms up alone, and forces its own on the others.
      const back = members.find(
        (one) =>
          one.memberId !== change.fromMemberId &&
          one.leaderless.some((span) => span.fromMs < heldMs - lookSlackMs && span.toMs >= heldMs - lookSlackMs),
      )
      if (back === undefined) return null
      const evidence = `${back.name} had been without a leader and came back with a newer term: ${countWords(change.elections)} terms passed`
      return { score: 0.75, evidence }
    },
  },
  {
    kind: 'write-burst',
    find: ({ writes, change }) => {
      if (writes === null || writes.before < burstFrom || writes.before < burstTimesUsual * (writes.usual ?? 0)) {
        return null
      }
      const reach = Math.log(writes.before / burstFrom) / Math.log(burstDecisive / burstFrom)
      const usual = writes.usual === null ? '' : `, usually ${countWords(writes.usual)}`
      const top = writes.busiest.map((one) => `${one.label} (${percentWords(one.share)})`)
      const where = top.length === 0 ? '' : `, most of them in ${listWords(top)}`
      return {
        score: (change.planned ? plannedShare : 1) * burstWeight * (0.3 + 0.7 * Math.min(1, reach)),
        evidence: `${countWords(writes.before)} changes/s in the busiest ten seconds before${usual}${where}`,
      }
    },
  },
]

/** Changes a second: an etcd on a slow disk begins to queue here, and one on a fast disk does at the other. */
export const burstFrom = 200
const burstDecisive = 10_000
const burstTimesUsual = 3
const burstWeight = 0.6
/** What explains a planned change is the plan; the rest is only worth seeing. */
export const plannedShare = 0.3

interface LeaderEnd {
  /** Start of its next process; null while none was seen. */
  readonly restartedMs: number | null
  readonly ranMs: number | null
}

/** The old leader's process ended at this change, by its start times or, for one that handed over, by its silence. */
function endOfLeader(signals: Signals): LeaderEnd | null {
  const leader = leaderOf(signals)
  if (leader === null) return null
  const starts = leader.lives.map((life) => life.startMs)
  const next = starts.find((startMs) => isOfThisChange(startMs, signals))
  const before = starts.findLast((startMs) => startMs < (next ?? signals.heldMs))
  if (next !== undefined) {
    return { restartedMs: next, ranMs: before === undefined ? null : Math.max(0, signals.heldMs - before) }
  }
  const { planned } = signals.change
  const silent = leader.down.some((span) => overlaps(span, aroundChange(signals)))
  return planned && silent ? { restartedMs: null, ranMs: null } : null
}

/** The first process after the loss belongs to it, however long the member stayed away. */
function isOfThisChange(startMs: number, signals: Signals): boolean {
  const { heldMs, change } = signals
  const leader = leaderOf(signals)
  if (startMs < heldMs - clockSlackMs) return false
  if (startMs <= change.atMs + stopLagMs) return true
  return (
    leader?.down.some((span) => overlaps(span, aroundChange(signals)) && span.toMs + lookSlackMs >= startMs) === true
  )
}

function restartsNear({ members, change }: Signals): { memberId: string; name: string; atMs: number }[] {
  return members
    .flatMap(({ memberId, name, lives }) => lives.slice(1).map(({ startMs: atMs }) => ({ memberId, name, atMs })))
    .filter(({ atMs }) => Math.abs(atMs - change.atMs) <= rollingReachMs)
    .sort((a, b) => a.atMs - b.atMs)
}

/** The stretch of silence that the change falls into. */
function downAtChange(member: MemberSignals, { heldMs, change }: Signals): Span | null {
  return member.down.find((span) => overlaps(span, { fromMs: heldMs - lookSlackMs, toMs: change.atMs })) ?? null
}

/** The leader did not answer at an unplanned change, and no end of its process is known. */
function silenceOf(leader: MemberSignals | null, signals: Signals): Span | null {
  if (leader === null || signals.change.planned || endOfLeader(signals) !== null) return null
  return downAtChange(leader, signals)
}

/** Back with the process it had: nothing ended. Only scrapes on both sides can tell. */
function hasSameLife({ lives }: MemberSignals, down: Span): boolean {
  return lives.some((life) => life.firstSeenMs <= down.fromMs && life.lastSeenMs >= down.toMs)
}

function isBack(member: MemberSignals, down: Span): boolean {
  return member.seenMs > down.toMs
}

/** Peers that the leader lost, or that lost the leader. */
function cutPeers(signals: Signals): string[] {
  const { change, readings } = signals
  const names = [...(readings.get('disconnects') ?? []), ...(readings.get('sendFailures') ?? [])]
    .filter((one) => one.before > 0 && one.before >= 3 * (one.usual ?? 0))
    .flatMap((one) => {
      if (one.memberId === change.fromMemberId) return one.to === null ? [] : [one.to]
      return one.to === change.fromName ? [one.member] : []
    })
  return [...new Set(names)].sort()
}

const aroundChange = ({ heldMs, change }: Signals): Span => ({
  fromMs: heldMs - lookSlackMs,
  toMs: change.atMs + stopLagMs,
})
const overlaps = (a: Span, b: Span) => a.fromMs <= b.toMs && a.toMs >= b.fromMs
const nameOf = ({ change }: Signals) => change.fromName ?? 'The old leader'
const backWords = ({ restartedMs }: LeaderEnd) =>
  restartedMs === null ? '' : `; it started again at ${clockWords(restartedMs)} UTC`

function spanWords(ms: number): string {
  const minutes = ms / 60_000
  if (minutes < 2) return msWords(ms)
  if (minutes < 120) return `${Math.round(minutes)} min`
  return minutes < 2 * 1440 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`
}
