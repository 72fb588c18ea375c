import type { AlertMeasure, AlertRuleInput } from '../../contract'
import { aggregated, both, compared, divided, expression, hour, latest, minute, number, rate, rule } from './build'

/**
 * The conditions that the field uses, of etcd's own monitoring mixin and of OpenShift's, under their names and with
 * their meaning. Where the mixin asks per cent, these ask the share.
 */

const failedCodes = 'Unknown|FailedPrecondition|ResourceExhausted|Internal|Unavailable|DataLoss|DeadlineExceeded'
const handled = 'grpc_server_handled_total'
const dbSize = 'etcd_mvcc_db_total_size_in_bytes'
const dbInUse = 'etcd_mvcc_db_total_size_in_use_in_bytes'
const quota = 'etcd_server_quota_backend_bytes'
const without = ['grpc_type', 'grpc_code']

const quantile99 = (metric: string): AlertMeasure => {
  return { kind: 'metric', metric, where: [], agg: 'p99', windowMs: 5 * minute, across: 'each' }
}
const quotaShare = divided(latest(dbSize), latest(quota))
const failedShare = divided(
  aggregated('sum', rate(handled, 5 * minute, [{ name: 'grpc_code', op: '=~', value: failedCodes }]), { without }),
  aggregated('sum', rate(handled, 5 * minute), { without }),
)

export const fieldRules: readonly AlertRuleInput[] = [
  rule(
    'etcdMembersDown',
    expression({
      op: 'or',
      left: compared(aggregated('sum', compared(latest('up'), '==', number(0), true)), '>', number(0)),
      right: aggregated(
        'count',
        compared(
          aggregated('sum', rate('etcd_network_peer_sent_failures_total', 2 * minute), { by: ['to'] }),
          '>',
          number(0.01),
        ),
      ),
    }),
    '>',
    [['warning', 0, 20 * minute]],
    {
      summary: '{{ cluster }}: {{ value }} members are down',
      description: 'Members do not answer, or the others fail to send to them.',
      runbook:
        'See on Members which one is silent and since when. Look at its process and host; a member that cannot come back is replaced with member remove and member add, one at a time.',
    },
  ),
  rule(
    'etcdInsufficientMembers',
    expression(
      compared(
        aggregated('sum', compared(latest('up'), '==', number(1), true)),
        '<',
        divided({ op: 'arithmetic', fn: 'add', left: aggregated('count', latest('up')), right: number(1) }, number(2)),
      ),
    ),
    '>=',
    [['critical', 0, 3 * minute]],
    {
      summary: '{{ cluster }}: only {{ value }} members answer, which is no quorum',
      description: 'Without a quorum nothing can be written and no linearizable read is answered.',
      runbook:
        'Bring members back until more than half answer. If they are lost for good, restore from a snapshot; do not force a new cluster while an old majority may still come back.',
    },
  ),
  rule(
    'etcdNoLeader',
    { kind: 'metric', metric: 'etcd_server_has_leader', where: [], agg: 'last', windowMs: 5 * minute, across: 'each' },
    '==',
    [['critical', 0, minute]],
    {
      summary: '{{ cluster }}: {{ labels.member }} has no leader',
      description: 'The member answers, but follows nobody: it is cut off, or the cluster cannot elect.',
      runbook:
        'On one member alone: its connections to the others. On all: look for a lost quorum and for slow disks, which delay heartbeats and votes.',
    },
  ),
  rule(
    'etcdHighNumberOfLeaderChanges',
    {
      kind: 'metric',
      metric: 'etcd_server_leader_changes_seen_total',
      where: [],
      agg: 'increase',
      windowMs: 15 * minute,
      across: 'max',
    },
    '>=',
    [['warning', 4, 5 * minute]],
    {
      summary: '{{ cluster }}: {{ value }} leader changes within 15 minutes',
      description: 'A member has seen this many changes of leader, planned ones among them.',
      runbook: 'Open the leader changes on Members: each is listed with its likely causes and their evidence.',
    },
  ),
  rule(
    'etcdHighNumberOfFailedGRPCRequests',
    expression(failedShare),
    '>',
    [
      ['warning', 0.01, 10 * minute],
      ['critical', 0.05, 5 * minute],
    ],
    {
      summary: '{{ cluster }}: {{ value }} of {{ labels.grpc_method }} calls fail on {{ labels.member }}',
      description: 'The share of calls of {{ labels.grpc_service }} that end with an error of the server.',
      runbook:
        'Unavailable and DeadlineExceeded point to the leader or the disk, ResourceExhausted to the quota or to request sizes. Compare the members: one alone is a problem of its host.',
    },
  ),
  rule(
    'etcdGRPCRequestsSlow',
    expression({
      op: 'quantile',
      quantile: 0.99,
      metric: 'grpc_server_handling_seconds',
      where: [
        { name: 'grpc_method', op: '!=', value: 'Defragment' },
        { name: 'grpc_type', op: '=', value: 'unary' },
      ],
      windowMs: 5 * minute,
      by: ['member', 'member_id', 'grpc_service', 'grpc_method'],
    }),
    '>',
    [['critical', 0.15, 10 * minute]],
    {
      summary: '{{ cluster }}: p99 of {{ labels.grpc_method }} on {{ labels.member }} is {{ value }}',
      description: 'Slow unary calls. Only members that run with --metrics=extensive tell these times.',
      runbook: 'Compare with WAL fsync and backend commit: when they are slow too it is the disk, otherwise the load.',
    },
  ),
  rule(
    'etcdMemberCommunicationSlow',
    quantile99('etcd_network_peer_round_trip_time_seconds'),
    '>',
    [['warning', 0.15, 10 * minute]],
    {
      summary: '{{ cluster }}: round trips from {{ labels.member }} to {{ labels.to }} take {{ value }} (p99)',
      description: 'Slow communication between members delays every write and may end in elections.',
      runbook: 'Look at the network between the two hosts, and at the CPU of the one that answers late.',
    },
  ),
  rule(
    'etcdHighNumberOfFailedProposals',
    {
      kind: 'metric',
      metric: 'etcd_server_proposals_failed_total',
      where: [],
      agg: 'rate',
      windowMs: 15 * minute,
      across: 'each',
    },
    '>',
    [['warning', 5, 15 * minute]],
    {
      summary: '{{ cluster }}: proposals fail on {{ labels.member }}, {{ value }} a second',
      description: 'Writes do not get through raft: no leader, or they time out.',
      runbook: 'See the leader changes of that time, and whether the quorum was reachable.',
    },
  ),
  rule(
    'etcdHighFsyncDurations',
    quantile99('etcd_disk_wal_fsync_duration_seconds'),
    '>',
    [
      ['warning', 0.5, 10 * minute],
      ['critical', 1, 10 * minute],
    ],
    {
      summary: '{{ cluster }}: WAL fsync on {{ labels.member }} takes {{ value }} (p99)',
      description: 'Every write waits for it, and heartbeats of a leader are delayed by it. Healthy is below 10 ms.',
      runbook: 'The disk is too slow or shared: look for other writers on it, for throttling, for a failing device.',
    },
  ),
  rule(
    'etcdHighCommitDurations',
    quantile99('etcd_disk_backend_commit_duration_seconds'),
    '>',
    [['warning', 0.25, 10 * minute]],
    {
      summary: '{{ cluster }}: backend commits on {{ labels.member }} take {{ value }} (p99)',
      description: 'The database is written slowly. Healthy is below 25 ms.',
      runbook: 'Usually the disk; large values or a long free list after many deletes slow it down as well.',
    },
  ),
  rule('etcdDatabaseQuotaLowSpace', expression(quotaShare), '>', [['critical', 0.95, 10 * minute]], {
    summary: '{{ cluster }}: the database of {{ labels.member }} fills {{ value }} of its quota',
    description: 'At the quota the member raises NOSPACE, and the cluster takes no more writes.',
    runbook:
      'See on Workload what writes most. Compact, then defragment one member after the other; raise the quota if the data is wanted.',
  }),
  rule(
    'etcdDatabaseQuotaLowSpaceOpenShift',
    expression(quotaShare),
    '>',
    [
      ['info', 0.65, 10 * minute],
      ['warning', 0.75, 10 * minute],
      ['critical', 0.85, 10 * minute],
    ],
    {
      summary: '{{ cluster }}: the database of {{ labels.member }} fills {{ value }} of its quota',
      description: 'The early steps of OpenShift before etcdDatabaseQuotaLowSpace.',
      runbook: 'See on Workload what writes most, and what defragmentation would give back.',
    },
  ),
  rule(
    'etcdExcessiveDatabaseGrowth',
    expression(
      divided(
        { op: 'window', fn: 'predict-linear', metric: dbSize, where: [], windowMs: 4 * hour, aheadMs: 4 * hour },
        latest(quota),
      ),
    ),
    '>',
    [['warning', 1, 10 * minute]],
    {
      summary: '{{ cluster }}: the database of {{ labels.member }} reaches its quota within 4 hours',
      description: 'A line through its size of the last 4 hours ends above the quota: {{ value }} of it.',
      runbook: 'See on Workload which prefix grew in that time, and who writes it.',
    },
  ),
  rule(
    'etcdDatabaseHighFragmentationRatio',
    expression(
      both(divided(latest(dbInUse), latest(dbSize)), compared(latest(dbInUse), '>', number(100 * 1024 * 1024))),
    ),
    '<',
    [['warning', 0.5, 10 * minute]],
    {
      summary: '{{ cluster }}: only {{ value }} of the database of {{ labels.member }} is in use',
      description: 'The rest of the file is free pages, which count towards the quota.',
      runbook: 'Defragment one member after the other, the leader last: each stops answering meanwhile.',
    },
  ),
  rule(
    'etcdHighNumberOfFailedGRPCRequestsOpenShift',
    expression(both(failedShare, compared(aggregated('sum', rate(handled, 5 * minute), { without }), '>', number(2)))),
    '>',
    [
      ['warning', 0.01, 10 * minute],
      ['critical', 0.05, 5 * minute],
    ],
    {
      summary: '{{ cluster }}: {{ value }} of {{ labels.grpc_method }} calls fail on {{ labels.member }}',
      description: "OpenShift's form of etcdHighNumberOfFailedGRPCRequests: only with more than 2 calls a second.",
      runbook: 'As for etcdHighNumberOfFailedGRPCRequests. Enable one of the two.',
    },
    { enabled: false },
  ),
]
