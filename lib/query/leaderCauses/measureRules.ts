import type { Reading, SignalName } from './signals'
import { countWords, percentWords, plural, secondsWords } from './words'

/**
 * What was measured in the minute before a leader was lost, as a table: the signal, from where on it is worth naming,
 * from where on it explains an election alone, how far above the same member's usual it must lie, how much it weighs,
 * and the sentence. A reading below `notable`, or below `timesUsual` times what is usual, is no cause. Weights rank
 * signals that are all at their worst: what stops the leader's heartbeats comes before what only goes with it.
 */
export interface MeasureRule {
  readonly kind: string
  readonly signal: SignalName
  /** In the metric's own unit. */
  readonly notable: number
  readonly decisive: number
  readonly timesUsual: number
  readonly weight: number
  /** How much less it weighs when another member than the leader measured it. */
  readonly elsewhere: number
  readonly words: (reading: Reading) => string
}

/** etcd's default: followers call an election after this long without a heartbeat, which follow each other at 0.1 s. */
const electionTimeoutS = 1
const heartbeatIntervalS = 0.1

const usually = (words: string | null) => (words === null ? '' : `, usually ${words}`)
const secondsOf = (what: string) => (reading: Reading) => {
  const whose = reading.to === null ? reading.member : `${reading.member} to ${reading.to}`
  const usual = reading.usual === null ? null : secondsWords(reading.usual)
  return `${what} of ${whose} ${secondsWords(reading.before)} in the minute before${usually(usual)}`
}
const countOf = (did: (count: number, to: string) => string) => (reading: Reading) => {
  const usual = reading.usual === null ? null : reading.usual === 0 ? 'none' : `${countWords(reading.usual)} a minute`
  return `${reading.member} ${did(reading.before, reading.to ?? 'its peers')} in the minute before${usually(usual)}`
}

export const measureRules: readonly MeasureRule[] = [
  {
    kind: 'wal-fsync',
    signal: 'walFsync',
    // A leader writes its log before the next heartbeat leaves.
    notable: heartbeatIntervalS,
    decisive: electionTimeoutS,
    timesUsual: 3,
    weight: 0.9,
    elsewhere: 0.5,
    words: secondsOf('WAL fsync p99'),
  },
  {
    kind: 'defragmentation',
    signal: 'defragmentation',
    // The member answers nothing while it defragments.
    notable: 0.05,
    decisive: 2 * electionTimeoutS,
    timesUsual: 1,
    weight: 0.85,
    elsewhere: 0.3,
    words: (reading) => `${reading.member} defragmented its database for ${secondsWords(reading.before)}`,
  },
  {
    kind: 'peer-round-trip',
    signal: 'peerRoundTrip',
    // etcd's own alert, and a round trip as long as the election time-out.
    notable: 0.15,
    decisive: electionTimeoutS,
    timesUsual: 3,
    weight: 0.8,
    elsewhere: 0.4,
    words: secondsOf('Peer round trip p99'),
  },
  {
    kind: 'heartbeat-failures',
    signal: 'heartbeatFailures',
    // Each is a heartbeat that left more than twice its interval late: ten in a row are one election time-out.
    notable: 1,
    decisive: 10,
    timesUsual: 3,
    weight: 0.7,
    elsewhere: 0.3,
    words: countOf((count) => `sent ${plural(count, 'heartbeat')} late`),
  },
  {
    kind: 'backend-commit',
    signal: 'backendCommit',
    // etcd's own alert. Commits run beside the log: they slow applies down before they cost the leadership.
    notable: 0.25,
    decisive: 2 * electionTimeoutS,
    timesUsual: 3,
    weight: 0.65,
    elsewhere: 0.4,
    words: secondsOf('Backend commit p99'),
  },
  {
    kind: 'network-failures',
    signal: 'sendFailures',
    notable: 1,
    decisive: 50,
    timesUsual: 3,
    weight: 0.6,
    elsewhere: 0.6,
    words: countOf((count, to) => `failed to send ${plural(count, 'message')} to ${to}`),
  },
  {
    kind: 'snapshot',
    signal: 'snapshot',
    // Sending the whole database to a client or a lagging member takes disk and network from everything else.
    notable: 0.5,
    decisive: 30,
    timesUsual: 1,
    weight: 0.5,
    elsewhere: 0.3,
    words: (reading) => `${reading.member} sent a snapshot of its database for ${secondsWords(reading.before)}`,
  },
  {
    kind: 'cpu',
    signal: 'cpu',
    // Of one core. How many there are is not known, so that a high share alone never explains everything.
    notable: 0.8,
    decisive: 4,
    timesUsual: 2,
    weight: 0.5,
    elsewhere: 0.3,
    words: (reading) => {
      const usual = reading.usual === null ? null : percentWords(reading.usual)
      return `${reading.member} used ${percentWords(reading.before)} of one core in the minute before${usually(usual)}`
    },
  },
  {
    kind: 'slow-apply',
    signal: 'slowApply',
    notable: 1,
    decisive: 100,
    timesUsual: 3,
    weight: 0.45,
    elsewhere: 0.4,
    words: countOf((count) => `applied ${plural(count, 'entry').replace(/entrys$/, 'entries')} slowly`),
  },
  {
    kind: 'compaction',
    signal: 'compactedKeys',
    notable: 10_000,
    decisive: 1_000_000,
    timesUsual: 3,
    weight: 0.4,
    elsewhere: 0.4,
    words: countOf((count) => `compacted ${plural(count, 'revision')}`),
  },
]

/** Share of its weight that a reading at `notable` has; at `decisive` it has all. */
const floorShare = 0.3

/** 0: no cause. Between notable and decisive on a logarithmic scale: twice as slow counts alike everywhere. */
export function measuredScore(rule: MeasureRule, reading: Reading, fromLeader: boolean): number {
  if (reading.before < rule.notable || reading.before < rule.timesUsual * (reading.usual ?? 0)) return 0
  const reach = Math.log(reading.before / rule.notable) / Math.log(rule.decisive / rule.notable)
  const grade = floorShare + (1 - floorShare) * Math.min(1, reach)
  return rule.weight * grade * (fromLeader ? 1 : rule.elsewhere)
}
