import type { AlertRuleInput } from '../../contract'
import {
  aggregated,
  both,
  compared,
  expression,
  hour,
  latest,
  minute,
  number,
  rate,
  rule,
  second,
  state,
} from './build'

/** What no metric tells alone, and what nothing else watches: leadership by terms, the record, Kubernetes objects. */

export const recordRules: readonly AlertRuleInput[] = [
  rule(
    'etcdUnexplainedLeaderChurn',
    { kind: 'state', state: 'unplanned-leader-changes', windowMs: 15 * minute },
    '>=',
    [
      ['warning', 3, 30 * second],
      ['critical', 6, 30 * second],
    ],
    {
      summary: '{{ cluster }}: {{ value }} unplanned leader changes within 15 minutes',
      description:
        'Counted from terms. Moves that were asked for and restarts of the leader, one by one as in an upgrade, do not count; a leader that ends again and again does. The last one went from {{ labels.from }} to {{ labels.to }}.',
      runbook: 'Open the newest leader change on Members: its likely causes are ranked, with their evidence.',
    },
  ),
  rule(
    'etcdUnplannedLeaderChange',
    { kind: 'state', state: 'unplanned-leader-changes', windowMs: 5 * minute },
    '>=',
    [['info', 1, 0]],
    {
      summary: '{{ cluster }}: {{ labels.to }} became leader in place of {{ labels.from }}, and nobody asked for it',
      description: 'One change of leader that neither a planned move nor a restart explains.',
      runbook: 'Open the leader change on Members: its likely causes are ranked, with their evidence.',
    },
  ),
  rule(
    'etcdQuorumAtRisk',
    expression(both(state('failures-tolerated'), compared(aggregated('count', latest('up')), '>', number(2)))),
    '<',
    [['warning', 1, 3 * minute]],
    {
      summary: '{{ cluster }}: one more failure and the quorum is lost',
      description:
        'As many members are gone as the cluster can spare. Members that were added and have not started count.',
      runbook: 'Bring back what is down before anything else is touched; do not restart a healthy member now.',
    },
  ),
  rule('etcdMemberLagging', { kind: 'state', state: 'applied-lag' }, '>', [['warning', 5_000, 2 * minute]], {
    summary: '{{ cluster }}: {{ labels.member }} is {{ value }} entries behind',
    description: 'The member applies more slowly than the cluster writes; reads that it answers are old.',
    runbook: 'Look at its disk and CPU. Beyond 10,000 entries the leader sends it a whole snapshot.',
  }),
  rule('etcdAlarm', { kind: 'state', state: 'alarm' }, '>', [['critical', 0, 0]], {
    summary: '{{ cluster }}: {{ labels.member }} has raised the alarm {{ labels.type }}',
    description: 'NOSPACE: the cluster refuses writes. CORRUPT: the member differs from the others and has stopped.',
    runbook:
      'NOSPACE: compact, defragment, then etcdctl alarm disarm. CORRUPT: take the member out, and let it join anew with an empty data folder.',
  }),
  rule('etcdHashDivergence', { kind: 'state', state: 'hash-divergence' }, '>', [['critical', 0, 0]], {
    summary: '{{ cluster }}: {{ labels.member }} does not hold what the majority holds',
    description: 'Its hash differs at the same revision, and did so twice.',
    runbook: 'Take the member out and let it join anew. Keep its data folder: it is the evidence.',
  }),
  rule(
    'etcdQuotaFullSoon',
    { kind: 'state', state: 'quota-hours-left' },
    '<',
    [
      ['warning', 24, 30 * minute],
      ['critical', 4, 10 * minute],
    ],
    {
      summary: '{{ cluster }}: the database is full in {{ value }}, mostly by {{ labels.prefix }}',
      description: 'By a straight line through the size of the last 4 hours.',
      runbook: 'See on Workload who writes it. Stop the growth first: compaction alone does not shrink the file.',
    },
  ),
  rule(
    'etcdCertificateExpiring',
    { kind: 'state', state: 'certificate-days-left' },
    '<',
    [
      ['warning', 14, 10 * minute],
      ['critical', 3, 10 * minute],
    ],
    {
      summary: '{{ cluster }}: the certificate of {{ labels.endpoint }} expires in {{ value }}',
      description: 'After that no client that checks it connects any more.',
      runbook: 'Renew it. etcd reads a new certificate from its files without a restart.',
    },
  ),
  rule(
    'etcdSlowWatchers',
    {
      kind: 'metric',
      metric: 'etcd_debugging_mvcc_slow_watcher_total',
      where: [],
      agg: 'min',
      windowMs: 2 * minute,
      across: 'each',
    },
    '>',
    [['warning', 0, 5 * minute]],
    {
      summary: '{{ cluster }}: at least {{ value }} watchers of {{ labels.member }} cannot keep up',
      description:
        'Their events wait in the memory of the member. A watcher that only catches up after a start is slow for a moment.',
      runbook: 'Look for clients that read slowly (an overloaded apiserver), and for write bursts on Workload.',
    },
  ),
  rule(
    'etcdLeaseStorm',
    {
      kind: 'metric',
      metric: 'etcd_debugging_lease_granted_total',
      where: [],
      agg: 'rate',
      windowMs: 5 * minute,
      across: 'max',
    },
    '>',
    [['warning', 50, 5 * minute]],
    {
      summary: '{{ cluster }}: {{ value }} leases are granted',
      description: 'A client takes a new lease again and again, where it should keep one alive.',
      runbook: 'See on Workload which keys with leases come and go.',
    },
  ),
  rule(
    'etcdWriterDominates',
    expression(
      both(
        state('writer-share', 15 * minute),
        compared(aggregated('max', rate('etcd_mvcc_put_total', 15 * minute)), '>', number(20)),
        [],
      ),
    ),
    '>',
    [['info', 0.8, 15 * minute]],
    {
      summary: '{{ cluster }}: {{ labels.manager }} makes {{ value }} of all writes',
      description: 'One writer alone fills most of the history, on a cluster that is written often.',
      runbook: 'See on Workload what it writes, and how much of that changes nothing: a hot loop.',
    },
  ),
  rule(
    'etcdscopeRecordingBehind',
    { kind: 'state', state: 'recording-lag-seconds' },
    '>',
    [
      ['warning', 60, 2 * minute],
      ['critical', 600, 2 * minute],
    ],
    {
      summary: '{{ cluster }}: the record is {{ value }} behind',
      description: 'What is compacted in etcd before it is recorded is lost.',
      runbook: 'See the state of the collector on the overview; it says what it waits for.',
    },
  ),
  rule(
    'etcdscopeRecordingGap',
    { kind: 'state', state: 'gap-revisions', windowMs: 15 * minute },
    '>',
    [['warning', 0, 0]],
    {
      summary: '{{ cluster }}: {{ value }} revisions are missing in the record',
      description: '{{ labels.reason }}',
      runbook:
        'Nothing brings them back. Where it happens again: let etcdscope run all the time, or compact less often.',
    },
  ),
  rule(
    'etcdscopeSourceUnreachable',
    { kind: 'state', state: 'source-reachable' },
    '<',
    [['critical', 1, 2 * minute]],
    {
      summary: '{{ cluster }} does not answer etcdscope',
      description: 'Nothing is recorded meanwhile, or nobody records. Rules about this cluster say nothing.',
      runbook: 'See the sentence on the overview: network, certificate or password. Does a collector run at all?',
    },
    { missingData: 'fire' },
  ),
  rule(
    'WorkloadNotConverged',
    { kind: 'state', state: 'workload-unconverged-seconds' },
    '>',
    [['warning', 900, minute]],
    {
      summary: '{{ labels.kind }} {{ labels.namespace }}/{{ labels.name }} is not what it should be for {{ value }}',
      description: '{{ labels.message }}',
      runbook: 'Open it on Workloads: desired beside actual, its Pods and what they say.',
    },
    { groupBy: ['namespace'] },
  ),
  rule(
    'WorkloadRolloutFailed',
    { kind: 'state', state: 'rollout-failed' },
    '>',
    [['warning', 0, 30 * second]],
    {
      summary: 'The rollout of {{ labels.kind }} {{ labels.namespace }}/{{ labels.name }} has failed',
      description: '{{ labels.message }}',
      runbook: 'Open it on Workloads: what changed, by whom, and what the new Pods say. Roll back if it must work now.',
    },
    { groupBy: ['namespace'] },
  ),
  rule('NodeNotReady', { kind: 'state', state: 'node-not-ready' }, '>', [['warning', 0, 5 * minute]], {
    summary: '{{ cluster }}: Node {{ labels.name }} is not ready',
    description: '{{ labels.message }}',
    runbook: 'Is the kubelet alive, and does it reach the apiserver? After five minutes its Pods are moved away.',
  }),
  rule(
    'ConfigurationChanged',
    {
      kind: 'changes',
      where: {
        resources: ['configmaps', 'deployments', 'daemonsets', 'statefulsets'],
        namespaces: ['kube-system'],
        significances: ['spec'],
      },
      by: ['resource', 'namespace', 'name'],
      windowMs: 5 * minute,
    },
    '>',
    [['info', 0, 0]],
    {
      summary: '{{ labels.resource }} {{ labels.namespace }}/{{ labels.name }} changed: {{ labels.summary }}',
      description: 'By {{ labels.manager }}, at revision {{ labels.revision }}.',
      runbook: 'History shows what it was before. Copy this rule to watch other resources, namespaces, names or paths.',
    },
  ),
  rule(
    'SecretNotRotated',
    expression(aggregated('count', compared(state('secret-age-days'), '>', number(365)))),
    '>',
    [['info', 0, hour]],
    {
      summary: '{{ cluster }}: {{ value }} Secrets have not changed for a year',
      description: 'Secrets whose content is older than 365 days, without the releases of Helm.',
      runbook: 'A rule with the state secret-age-days alone names each of them with its age.',
    },
  ),
  rule(
    'WriteOutsideApiserver',
    { kind: 'state', state: 'outside-writes', windowMs: 10 * minute },
    '>',
    [['warning', 0, 0]],
    {
      summary: '{{ cluster }}: {{ labels.key }} was written past the apiserver',
      description: 'The object does not bear the marks that the apiserver leaves: {{ labels.summary }}',
      runbook: 'Who has credentials of etcd itself? Neither admission nor audit of Kubernetes has seen this write.',
    },
  ),
  rule('RBACWidened', { kind: 'state', state: 'rbac-widened', windowMs: 10 * minute }, '>', [['warning', 0, 0]], {
    summary: '{{ labels.kind }} {{ labels.name }} lets a subject do more',
    description: 'Changed by {{ labels.manager }} at revision {{ labels.revision }}: {{ labels.summary }}',
    runbook: 'History shows the rules and subjects before and after.',
  }),
]
