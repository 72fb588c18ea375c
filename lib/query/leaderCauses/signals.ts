import type { LeaderChangeInput, RecordReader } from '../../store/store'

/** What the ranking of causes looks at, already read from the record. Values are etcd's own units, times epoch ms. */

type Agg = Parameters<RecordReader['series']>[1]['agg']

export interface SignalSource {
  readonly metric: string
  readonly agg: Agg
  /** A count of events: the minute's total speaks, where of a duration or a share its worst scrape does. */
  readonly counted?: true
}

/** Every reading that a rule may ask for. */
export const signalNames = [
  'walFsync',
  'backendCommit',
  'peerRoundTrip',
  'heartbeatFailures',
  'sendFailures',
  'disconnects',
  'cpu',
  'slowApply',
  'defragmentation',
  'snapshot',
  'compactedKeys',
] as const
export type SignalName = (typeof signalNames)[number]

/** Where each comes from. */
export const signalSources: Readonly<Record<SignalName, SignalSource>> = {
  walFsync: { metric: 'etcd_disk_wal_fsync_duration_seconds', agg: 'p99' },
  backendCommit: { metric: 'etcd_disk_backend_commit_duration_seconds', agg: 'p99' },
  peerRoundTrip: { metric: 'etcd_network_peer_round_trip_time_seconds', agg: 'p99' },
  heartbeatFailures: { metric: 'etcd_server_heartbeat_send_failures_total', agg: 'sum', counted: true },
  sendFailures: { metric: 'etcd_network_peer_sent_failures_total', agg: 'sum', counted: true },
  disconnects: { metric: 'etcd_network_disconnected_peers_total', agg: 'sum', counted: true },
  cpu: { metric: 'process_cpu_seconds_total', agg: 'rate' },
  slowApply: { metric: 'etcd_server_slow_apply_total', agg: 'sum', counted: true },
  defragmentation: { metric: 'etcd_disk_backend_defrag_duration_seconds', agg: 'avg' },
  snapshot: { metric: 'etcd_disk_backend_snapshot_duration_seconds', agg: 'avg' },
  compactedKeys: { metric: 'etcd_debugging_mvcc_db_compaction_keys_total', agg: 'sum', counted: true },
}

export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** One series of one member: `to` names the peer where the metric is kept for each. */
export interface Reading {
  readonly memberId: string
  readonly member: string
  readonly to: string | null
  /** The worst of the minute before and the leaderless time; of counts the total. */
  readonly before: number
  /** The median minute of the hour before, as a value of the same kind; null when nothing was measured then. */
  readonly usual: number | null
}

export interface MemberSignals {
  readonly memberId: string
  readonly name: string
  /** Stretches in which it did not answer. */
  readonly down: readonly Span[]
  /** Stretches in which it answered and followed nobody; a deposed leader that has not heard yet is among them. */
  readonly leaderless: readonly Span[]
  /** Last moment at which it answered. */
  readonly seenMs: number
  /** Its processes around the change, by their start times, ascending. */
  readonly lives: readonly ProcessLife[]
}

export interface ProcessLife {
  readonly startMs: number
  /** Scrapes that saw it. */
  readonly firstSeenMs: number
  readonly lastSeenMs: number
}

/** What the record itself says about writes; null when nothing was recorded. */
export interface WriteSignals {
  /** Changes a second in the busiest ten seconds. */
  readonly before: number
  readonly usual: number | null
  /** The busiest prefixes or resources of that time, with their share of the changes. Only filled for a burst. */
  readonly busiest: readonly { readonly label: string; readonly share: number }[]
}

export interface Signals {
  readonly change: LeaderChangeInput
  /** Last moment at which the old leader is known to have led. */
  readonly heldMs: number
  readonly members: readonly MemberSignals[]
  readonly readings: ReadonlyMap<SignalName, readonly Reading[]>
  readonly writes: WriteSignals | null
}

export function leaderOf({ members, change }: Signals): MemberSignals | null {
  return members.find((one) => one.memberId === change.fromMemberId) ?? null
}
