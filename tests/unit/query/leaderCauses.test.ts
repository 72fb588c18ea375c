import { describe, expect, it } from 'vitest'
import { rankCauses } from '../../../lib/query/leaderCauses/rankCauses'
import type {
  MemberSignals,
  ProcessLife,
  Reading,
  SignalName,
  Signals,
  WriteSignals,
} from '../../../lib/query/leaderCauses/signals'

/** The ranking of causes, as a table of incidents. Times are seconds around the change, which is at 12:00:00 UTC. */

const atMs = Date.UTC(2026, 0, 5, 12)
const at = (seconds: number) => atMs + seconds * 1000
const span = (from: number, to: number) => ({ fromMs: at(from), toMs: at(to) })
const life = (start: number, from = start, to = 900): ProcessLife => ({
  startMs: at(start),
  firstSeenMs: at(from),
  lastSeenMs: at(to),
})
const oldLife = life(-86_400, -900)

function member(name: string, own: Partial<MemberSignals> = {}): MemberSignals {
  return { memberId: `id-${name}`, name, down: [], leaderless: [], seenMs: at(900), lives: [oldLife], ...own }
}

function reading(name: string, before: number, usual: number | null, to: string | null = null): Reading {
  return { memberId: `id-${name}`, member: name, to, before, usual }
}

interface Incident {
  readonly planned?: boolean
  readonly elections?: number
  readonly m1?: Partial<MemberSignals>
  readonly m2?: Partial<MemberSignals>
  readonly m3?: Partial<MemberSignals>
  readonly readings?: Partial<Record<SignalName, readonly Reading[]>>
  readonly writes?: WriteSignals
}

/** m1 led until 2 s before; m2 leads now. */
function signalsOf({ planned = false, elections = 1, m1, m2, m3, readings = {}, writes }: Incident): Signals {
  return {
    change: {
      atMs,
      term: 7n,
      fromMemberId: 'id-m1',
      fromName: 'm1',
      toMemberId: 'id-m2',
      toName: 'm2',
      leaderlessMs: 2_000,
      planned,
      elections,
      revision: 100n,
    },
    heldMs: at(-2),
    members: [member('m1', m1), member('m2', m2), member('m3', m3)],
    readings: new Map(Object.entries(readings) as [SignalName, readonly Reading[]][]),
    writes: writes ?? null,
  }
}

const quiet = { walFsync: [reading('m1', 0.004, 0.003), reading('m2', 0.004, 0.003)], cpu: [reading('m1', 0.05, 0.05)] }
const restarted = (start: number) => ({ lives: [life(-86_400, -900, start - 1), life(start)] })

const incidents: { name: string; incident: Incident; kinds: string[]; evidence: RegExp }[] = [
  {
    name: 'a move asked for',
    incident: { planned: true, readings: quiet },
    kinds: ['planned-move'],
    evidence: /^m1 handed its leadership to m2 within 2 s, stayed up and follows it$/,
  },
  {
    name: 'a leader that stopped gracefully and is not back yet',
    incident: { planned: true, m1: { down: [span(-1, 60)] } },
    kinds: ['graceful-stop'],
    evidence: /^m1 handed its leadership to m2 and stopped$/,
  },
  {
    name: 'a leader that stopped gracefully and started again',
    incident: { planned: true, m1: { down: [span(-1, 6)], ...restarted(5) } },
    kinds: ['graceful-stop'],
    evidence: /and stopped; it started again at 12:00:05 UTC$/,
  },
  {
    name: 'a rolling restart of all three',
    incident: { planned: true, m1: { down: [span(-1, 6)], ...restarted(5) }, m2: restarted(65), m3: restarted(-60) },
    kinds: ['rolling-restart', 'graceful-stop'],
    evidence: /one after another: m3 11:59:00, m1 12:00:05 and m2 12:01:05 UTC$/,
  },
  {
    name: 'two of three restarted is no rolling restart',
    incident: { m1: { down: [span(-1, 6)], ...restarted(5) }, m3: restarted(-60) },
    kinds: ['member-restart'],
    evidence: /ended after running for 24 h; it started again at 12:00:05 UTC$/,
  },
  {
    name: 'all three started at once is no rolling restart',
    incident: { m1: { down: [span(-1, 6)], ...restarted(5) }, m2: restarted(6), m3: restarted(5.5) },
    kinds: ['member-restart'],
    evidence: /^The process of m1, the leader, ended/,
  },
  {
    name: 'a rolling restart long after the change does not explain it',
    incident: { m1: { down: [span(-1, 6)] }, m2: restarted(65), m3: restarted(200) },
    kinds: ['freeze'],
    evidence: /same process/,
  },
  {
    name: 'a leader that stayed away for minutes before its process was started again',
    incident: { m1: { down: [span(-1, 300)], ...restarted(299) } },
    kinds: ['member-restart'],
    evidence: /started again at 12:04:59 UTC$/,
  },
  {
    name: 'a frozen leader comes back with its process',
    incident: { m1: { down: [span(-1, 5)] }, readings: { sendFailures: [reading('m2', 50, 0, 'm1')] } },
    kinds: ['freeze', 'network-failures'],
    evidence: /^m1, the leader, did not answer from 11:59:59 to 12:00:05 UTC and came back with the same process/,
  },
  {
    name: 'a frozen leader that had been restarted some minutes before',
    incident: { m1: { down: [span(-1, 5)], lives: [life(-86_400, -900, -400), life(-390)] } },
    kinds: ['freeze'],
    evidence: /came back with the same process/,
  },
  {
    name: 'a leader that is gone and not back',
    incident: { m1: { down: [span(-1, 60)], seenMs: at(-2), lives: [life(-86_400, -900, -5)] } },
    kinds: ['member-down'],
    evidence: /stopped answering at 11:59:59 UTC and had not come back since$/,
  },
  {
    name: 'without scrapes nobody can tell a freeze from a restart',
    incident: { m1: { down: [span(-1, 5)], lives: [] } },
    kinds: ['member-down'],
    evidence: /came back at 12:00:05 UTC$/,
  },
  {
    name: 'a leader cut off from its peers',
    incident: {
      m1: { leaderless: [span(0, 7)] },
      readings: { disconnects: [reading('m2', 2, 0, 'm1')], sendFailures: [reading('m1', 20, 0, 'm3')] },
    },
    kinds: ['partition', 'network-failures'],
    evidence: /lost its connections to m2 and m3 and followed nobody for 7 s$/,
  },
  {
    name: 'a leader whose disk stalls follows nobody for a while too, but loses no connection',
    incident: { m1: { leaderless: [span(0, 2)] }, readings: { walFsync: [reading('m1', 1.9, 0.004)] } },
    kinds: ['wal-fsync'],
    evidence: /^WAL fsync p99 of m1 1.9 s in the minute before, usually 4 ms$/,
  },
  {
    name: 'two of three away are no quorum',
    incident: { m2: { down: [span(-5, -1)] }, m3: { down: [span(-6, -1)] } },
    kinds: ['quorum-lost'],
    evidence: /^m2 and m3 did not answer: 1 of 3 members are no quorum$/,
  },
  {
    name: 'a member that counted terms up alone forces an election',
    incident: { elections: 4, m3: { leaderless: [span(-40, -2)] } },
    kinds: ['member-rejoin'],
    evidence: /^m3 had been without a leader and came back with a newer term: 4 terms passed$/,
  },
  {
    name: 'a slow disk before late heartbeats before a busy processor',
    incident: {
      readings: {
        cpu: [reading('m1', 1.2, 0.2)],
        heartbeatFailures: [reading('m1', 4, 0)],
        walFsync: [reading('m1', 1.1, 0.004), reading('m2', 0.2, 0.004)],
      },
    },
    kinds: ['wal-fsync', 'heartbeat-failures', 'cpu'],
    evidence: /p99 of m1 1.1 s/,
  },
  {
    name: 'a slow disk of a follower weighs less than a slow round trip of the leader',
    incident: {
      readings: { walFsync: [reading('m3', 1.5, 0.004)], peerRoundTrip: [reading('m1', 0.9, 0.001, 'm2')] },
    },
    kinds: ['peer-round-trip', 'wal-fsync'],
    evidence: /^Peer round trip p99 of m1 to m2 900 ms in the minute before, usually 1 ms$/,
  },
  {
    name: 'a defragmentation of the leader',
    incident: { readings: { defragmentation: [reading('m1', 3.2, null)] } },
    kinds: ['defragmentation'],
    evidence: /^m1 defragmented its database for 3.2 s$/,
  },
  {
    name: 'a write burst with its prefixes',
    incident: {
      writes: {
        before: 4_000,
        usual: 20,
        busiest: [
          { label: '/load/', share: 0.92 },
          { label: '/app/', share: 0.05 },
        ],
      },
    },
    kinds: ['write-burst'],
    evidence: /^4,000 changes\/s in the busiest ten seconds before, usually 20, most of them in \/load\/ \(92 %\) and/,
  },
  {
    name: 'what is usual is no cause, however slow',
    incident: { readings: { walFsync: [reading('m1', 0.4, 0.3)], cpu: [reading('m1', 3, 2.9)] } },
    kinds: ['unknown'],
    evidence: /^No cause seen in what was recorded: every reading of the minute before was as usual$/,
  },
  {
    name: 'nothing unusual is said as such',
    incident: { readings: quiet },
    kinds: ['unknown'],
    evidence: /as usual$/,
  },
  {
    name: 'members without readings are said to be unmeasured',
    incident: {},
    kinds: ['unknown'],
    evidence: /the members were not measured in the minute before$/,
  },
]

describe('ranked causes of a leader change', () => {
  it.each(incidents)('$name', ({ incident, kinds, evidence }) => {
    const causes = rankCauses(signalsOf(incident))
    expect(causes.map((cause) => cause.kind)).toEqual(kinds)
    expect(causes[0]?.evidence).toMatch(evidence)
    const scores = causes.map((cause) => cause.score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
    for (const score of scores) expect(score >= 0 && score <= 1).toBe(true)
    expect(causes[0]?.score === 0).toBe(kinds[0] === 'unknown')
  })

  it('the worse reading never scores lower', () => {
    const scoreAt = (fsync: number) =>
      rankCauses(signalsOf({ readings: { walFsync: [reading('m1', fsync, 0.004)] } }))[0]?.score ?? 0
    const scores = [0.01, 0.1, 0.15, 0.3, 0.6, 1, 4].map(scoreAt)
    expect(scores).toEqual([...scores].sort((a, b) => a - b))
    expect(scores.at(0)).toBe(0)
    expect(scores.at(-1)).toBe(0.9)
  })
})
