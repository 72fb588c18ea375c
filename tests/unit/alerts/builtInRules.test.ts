import { describe, expect, test } from 'vitest'
import { backtest } from '../../../lib/alerts/backtest'
import { builtInRules } from '../../../lib/alerts/builtin'
import { checkRule } from '../../../lib/alerts/checkRule'
import { alertRuleInput } from '../../../lib/contract'
import { outsideWords } from '../../../lib/kubernetes/outsideWrite'
import { changeRow, clusterRow } from '../../support/fakeReader'
import { AlertRecord, atMinute, cluster, gib, memberLabels, minuteOf, start } from './alertRecord'

/** Trouble begins at this minute: the sample of that moment is the first bad one, of increases the next one. */
const bad = 30
const from = (value: number, before: number) => (m: number) => (m >= bad ? value : before)
const during = (value: number, before: number, end: number) => (m: number) => (m >= bad && m < end ? value : before)
/** Increases end at their moment: the one that ends as trouble begins was before it. */
const after = (value: number, before: number) => (m: number) => (m > bad ? value : before)
const always = (value: number) => () => value
const members = ['a', 'b', 'c']
const mib = 1024 * 1024

function up(record: AlertRecord, down: Record<string, (m: number) => number>) {
  for (const member of members) record.gauge('up', memberLabels(member), down[member] ?? always(1))
}

function lives(record: AlertRecord, restartedAt: Record<string, number> = {}) {
  for (const member of members) {
    const at = restartedAt[member]
    // Seconds since 1970; the process that is scraped from the minute after on began at that moment.
    const value = (m: number) => (at !== undefined && m > at ? atMinute(at) / 1000 : start / 1000 - 86_400)
    record.gauge('process_start_time_seconds', memberLabels(member), value)
    record.gauge('etcdscope_raft_term', memberLabels(member), always(2))
  }
}

function database(record: AlertRecord, size: (m: number) => number, quota = 8 * gib, inUse?: (m: number) => number) {
  record.gauge('etcd_mvcc_db_total_size_in_bytes', memberLabels('a'), size)
  record.gauge('etcd_server_quota_backend_bytes', memberLabels('a'), always(quota))
  record.gauge('etcd_mvcc_db_total_size_in_use_in_bytes', memberLabels('a'), inUse ?? size)
}

const grpc = (code: string) => ({
  ...memberLabels('a'),
  grpc_service: 'etcdserverpb.KV',
  grpc_method: 'Put',
  grpc_type: 'unary',
  grpc_code: code,
})
const fsyncBounds = Array.from({ length: 14 }, (_, at) => 0.001 * 2 ** at)
const bucketOf = (seconds: number) => fsyncBounds.findIndex((bound) => seconds <= bound)

const role = (verbs: string[]) =>
  new TextEncoder().encode(
    JSON.stringify({
      kind: 'Role',
      apiVersion: 'rbac.authorization.k8s.io/v1',
      metadata: { name: 'reader', namespace: 'default', uid: 'u' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs }],
    }),
  )
function roles(record: AlertRecord, verbs: string[]) {
  const key = '/registry/roles/default/reader'
  const of = { resource: 'roles', namespace: 'default', name: 'reader', manager: 'kubectl' }
  record.record.rows.push(
    changeRow(key, 1, { ...of, atMs: atMinute(1), op: 'create', value: role(['get', 'list']) }),
    changeRow(key, 2, { ...of, atMs: atMinute(bad + 0.4), value: role(verbs) }),
  )
}

const kubeSystem = { resource: 'configmaps', namespace: 'kube-system', name: 'coredns', manager: 'kubectl' }

interface Case {
  readonly fires: (record: AlertRecord) => void
  /** `severity minute` of each firing, in order of time. */
  readonly at: readonly string[]
  readonly silent: (record: AlertRecord) => void
}

const cases: Readonly<Record<string, Case>> = {
  etcdMembersDown: {
    fires: (r) => up(r, { c: from(0, 1) }),
    at: ['warning 50'],
    silent: (r) => up(r, { c: during(0, 1, bad + 20) }),
  },
  etcdInsufficientMembers: {
    fires: (r) => up(r, { b: from(0, 1), c: from(0, 1) }),
    at: ['critical 33'],
    silent: (r) => up(r, { c: from(0, 1) }),
  },
  etcdNoLeader: {
    fires: (r) => r.gauge('etcd_server_has_leader', memberLabels('c'), from(0, 1)),
    at: ['critical 31'],
    silent: (r) => r.gauge('etcd_server_has_leader', memberLabels('c'), during(0, 1, bad + 0.75)),
  },
  etcdHighNumberOfLeaderChanges: {
    fires: (r) =>
      r.counter('etcd_server_leader_changes_seen_total', memberLabels('a'), (m) =>
        m > bad && m <= bad + 1 ? 1 / 15 : 0,
      ),
    at: ['warning 36'],
    silent: (r) =>
      r.counter('etcd_server_leader_changes_seen_total', memberLabels('a'), (m) =>
        m > bad && m < bad + 1 ? 1 / 15 : 0,
      ),
  },
  etcdHighNumberOfFailedGRPCRequests: {
    fires: (r) => {
      r.counter('grpc_server_handled_total', grpc('OK'), always(10))
      r.counter('grpc_server_handled_total', grpc('Unavailable'), (m) => (m > bad ? 1 : null))
    },
    at: ['critical 38', 'warning 41'],
    silent: (r) => {
      r.counter('grpc_server_handled_total', grpc('OK'), always(10))
      r.counter('grpc_server_handled_total', grpc('Unavailable'), (m) => (m > bad ? 0.05 : null))
      // What the client did wrong is no failure of the server.
      r.counter('grpc_server_handled_total', grpc('InvalidArgument'), after(5, 0))
    },
  },
  etcdHighNumberOfFailedGRPCRequestsOpenShift: {
    fires: (r) => {
      r.counter('grpc_server_handled_total', grpc('OK'), always(10))
      r.counter('grpc_server_handled_total', grpc('Unavailable'), (m) => (m > bad ? 1 : null))
    },
    at: ['critical 38', 'warning 41'],
    silent: (r) => {
      r.counter('grpc_server_handled_total', grpc('OK'), always(1))
      r.counter('grpc_server_handled_total', grpc('Unavailable'), after(0.5, 0))
    },
  },
  etcdGRPCRequestsSlow: {
    fires: (r) => r.histogram('grpc_server_handling_seconds', grpcTimes('unary'), [0.1, 0.2, 0.5], after(2, 0)),
    at: ['critical 41'],
    silent: (r) => r.histogram('grpc_server_handling_seconds', grpcTimes('bidi_stream'), [0.1, 0.2, 0.5], after(2, 0)),
  },
  etcdMemberCommunicationSlow: {
    fires: (r) => r.histogram('etcd_network_peer_round_trip_time_seconds', peer, [0.1, 0.2, 0.4], after(2, 0)),
    at: ['warning 41'],
    silent: (r) => r.histogram('etcd_network_peer_round_trip_time_seconds', peer, [0.05, 0.1, 0.15], after(2, 0)),
  },
  etcdHighNumberOfFailedProposals: {
    fires: (r) => r.counter('etcd_server_proposals_failed_total', memberLabels('a'), after(10, 0)),
    at: ['warning 53'],
    silent: (r) => r.counter('etcd_server_proposals_failed_total', memberLabels('a'), after(5, 0)),
  },
  etcdHighFsyncDurations: {
    fires: (r) =>
      r.histogram(
        'etcd_disk_wal_fsync_duration_seconds',
        memberLabels('a'),
        fsyncBounds,
        after(bucketOf(1), bucketOf(0.002)),
      ),
    at: ['warning 41', 'critical 42'],
    silent: (r) =>
      r.histogram(
        'etcd_disk_wal_fsync_duration_seconds',
        memberLabels('a'),
        fsyncBounds,
        after(bucketOf(0.2), bucketOf(0.002)),
      ),
  },
  etcdHighCommitDurations: {
    fires: (r) =>
      r.histogram(
        'etcd_disk_backend_commit_duration_seconds',
        memberLabels('a'),
        fsyncBounds,
        after(bucketOf(0.3), bucketOf(0.002)),
      ),
    at: ['warning 41'],
    silent: (r) =>
      r.histogram(
        'etcd_disk_backend_commit_duration_seconds',
        memberLabels('a'),
        fsyncBounds,
        after(bucketOf(0.1), bucketOf(0.002)),
      ),
  },
  etcdDatabaseQuotaLowSpace: {
    fires: (r) => database(r, from(0.96 * 8 * gib, gib)),
    at: ['critical 40'],
    silent: (r) => database(r, from(0.94 * 8 * gib, gib)),
  },
  etcdDatabaseQuotaLowSpaceOpenShift: {
    fires: (r) => database(r, from(0.8 * 8 * gib, gib)),
    at: ['warning 40', 'info 40'],
    silent: (r) => database(r, from(0.64 * 8 * gib, gib)),
  },
  // The line is the growth itself: 4 hours later it stands above 8 GiB from minute 41 on.
  etcdExcessiveDatabaseGrowth: {
    fires: (r) => database(r, (m) => 0.99 * gib + 0.025 * gib * m),
    at: ['warning 51'],
    silent: (r) => database(r, (m) => gib + 0.02 * gib * m),
  },
  etcdDatabaseHighFragmentationRatio: {
    fires: (r) => database(r, always(400 * mib), 8 * gib, from(150 * mib, 300 * mib)),
    at: ['warning 40'],
    silent: (r) => database(r, always(400 * mib), 8 * gib, from(90 * mib, 300 * mib)),
  },
  etcdUnexplainedLeaderChurn: {
    fires: (r) => {
      lives(r)
      for (const at of [0.2, 1.2, 2.2]) r.leaderChange(bad + at)
    },
    at: ['warning 34'],
    // Each of three members restarted once, the leader last: every change is the end of the one that led.
    silent: (r) => {
      lives(r, { a: bad + 0.3, b: bad + 2.3, c: bad + 4.3 })
      r.leaderChange(bad + 0.2, { fromMemberId: 'id-a', toMemberId: 'id-b' })
      r.leaderChange(bad + 2.2, { fromMemberId: 'id-b', toMemberId: 'id-c' })
      r.leaderChange(bad + 4.2, { fromMemberId: 'id-c', toMemberId: 'id-a' })
    },
  },
  etcdUnplannedLeaderChange: {
    fires: (r) => {
      lives(r)
      r.leaderChange(bad + 0.2)
    },
    at: ['info 31'],
    silent: (r) => {
      lives(r)
      r.leaderChange(bad + 0.2, { planned: true })
    },
  },
  etcdQuorumAtRisk: {
    fires: (r) => {
      up(r, { c: from(0, 1) })
      r.gauge('etcdscope_failures_tolerated', {}, from(0, 1))
    },
    at: ['warning 33'],
    // One member alone never could spare one.
    silent: (r) => {
      r.gauge('up', memberLabels('a'), always(1))
      r.gauge('etcdscope_failures_tolerated', {}, always(0))
    },
  },
  etcdMemberLagging: {
    fires: (r) => r.gauge('etcdscope_raft_lag_entries', memberLabels('b'), from(6_000, 2)),
    at: ['warning 32'],
    silent: (r) => r.gauge('etcdscope_raft_lag_entries', memberLabels('b'), from(5_000, 2)),
  },
  etcdAlarm: {
    fires: (r) => r.gauge('etcdscope_alarm', { ...memberLabels('a'), type: 'NOSPACE' }, from(1, 0)),
    at: ['critical 30'],
    silent: (r) => r.gauge('etcdscope_alarm', { ...memberLabels('a'), type: 'NOSPACE' }, always(0)),
  },
  etcdHashDivergence: {
    fires: (r) => r.gauge('etcdscope_hash_agrees', memberLabels('a'), from(0, 1)),
    at: ['critical 30'],
    silent: (r) => r.gauge('etcdscope_hash_agrees', memberLabels('a'), always(1)),
  },
  // 25 GiB are left at minute 0, and one is written an hour: less than 24 hours from minute 61 on.
  etcdQuotaFullSoon: {
    fires: (r) => database(r, (m) => gib + (gib * m) / 60, 26 * gib),
    at: ['warning 91'],
    silent: (r) => database(r, (m) => gib + (gib * m) / 120, 26 * gib),
  },
  etcdCertificateExpiring: {
    fires: (r) =>
      r.gauge('etcdscope_certificate_expiry_time_seconds', endpoint, always(start / 1000 + 14 * 86_400 + bad * 60)),
    at: ['warning 41'],
    silent: (r) => r.gauge('etcdscope_certificate_expiry_time_seconds', endpoint, always(start / 1000 + 15 * 86_400)),
  },
  etcdSlowWatchers: {
    fires: (r) => r.gauge('etcd_debugging_mvcc_slow_watcher_total', memberLabels('a'), from(2, 0)),
    at: ['warning 37'],
    silent: (r) => r.gauge('etcd_debugging_mvcc_slow_watcher_total', memberLabels('a'), during(2, 0, bad + 6)),
  },
  etcdLeaseStorm: {
    fires: (r) => r.counter('etcd_debugging_lease_granted_total', memberLabels('a'), after(60, 1)),
    at: ['warning 39'],
    silent: (r) => r.counter('etcd_debugging_lease_granted_total', memberLabels('a'), after(45, 1)),
  },
  etcdWriterDominates: {
    fires: (r) => {
      r.counter('etcd_mvcc_put_total', memberLabels('a'), after(30, 0))
      written(r, { hot: 90, calm: 10 })
    },
    at: ['info 55'],
    silent: (r) => {
      r.counter('etcd_mvcc_put_total', memberLabels('a'), after(30, 0))
      written(r, { hot: 70, calm: 30 })
    },
  },
  etcdscopeRecordingBehind: {
    fires: (r) => r.gauge('etcdscope_recording_lag_seconds', {}, from(90, 0)),
    at: ['warning 32'],
    silent: (r) => r.gauge('etcdscope_recording_lag_seconds', {}, from(59, 0)),
  },
  etcdscopeRecordingGap: {
    fires: (r) => gap(r, bad + 0.4),
    at: ['warning 31'],
    silent: (r) => gap(r, -20),
  },
  etcdscopeSourceUnreachable: {
    fires: (r) => r.gauge('etcdscope_source_reachable', {}, from(0, 1)),
    at: ['critical 32'],
    silent: (r) => r.gauge('etcdscope_source_reachable', {}, during(0, 1, bad + 2)),
  },
  WorkloadNotConverged: {
    fires: (r) =>
      r.lane('Deployment', 'web', [
        [0, 'Current'],
        [bad, 'InProgress'],
      ]),
    at: ['warning 47'],
    silent: (r) =>
      r.lane('Deployment', 'web', [
        [0, 'Current'],
        [bad, 'InProgress'],
        [bad + 15, 'Current'],
        [bad + 16, 'InProgress'],
        [bad + 20, 'gone'],
      ]),
  },
  WorkloadRolloutFailed: {
    fires: (r) =>
      r
        .lane('Deployment', 'web', [
          [0, 'Current'],
          [bad - 5, 'InProgress'],
          [bad + 0.4, 'Failed'],
        ])
        .failedRollout(bad + 0.4),
    at: ['warning 32'],
    silent: (r) =>
      r.lane('Deployment', 'web', [
        [0, 'Current'],
        [bad, 'InProgress'],
        [bad + 1, 'Current'],
      ]),
  },
  NodeNotReady: {
    fires: (r) =>
      r.lane('Node', 'worker-1', [
        [0, 'Current'],
        [bad, 'InProgress'],
      ]),
    at: ['warning 35'],
    silent: (r) =>
      r.lane('Node', 'worker-1', [
        [0, 'Current'],
        [bad, 'InProgress'],
        [bad + 5, 'Current'],
        [bad + 6, 'gone'],
      ]),
  },
  ConfigurationChanged: {
    fires: (r) =>
      r.record.rows.push(
        changeRow('/registry/configmaps/kube-system/coredns', 1, { ...kubeSystem, atMs: atMinute(bad + 0.4) }),
      ),
    at: ['info 31'],
    silent: (r) =>
      r.record.rows.push(
        changeRow('/registry/configmaps/default/x', 1, {
          ...kubeSystem,
          namespace: 'default',
          atMs: atMinute(bad + 0.4),
        }),
        changeRow('/registry/configmaps/kube-system/x', 2, {
          ...kubeSystem,
          significance: 'heartbeat',
          atMs: atMinute(bad + 0.5),
        }),
      ),
  },
  SecretNotRotated: {
    fires: (r) => secret(r, start - 365 * 86_400_000 + bad * 60_000, 'database'),
    at: ['info 91'],
    silent: (r) => {
      secret(r, start - 300 * 86_400_000, 'database')
      secret(r, start - 700 * 86_400_000, 'sh.helm.release.v1.app.v1')
    },
  },
  WriteOutsideApiserver: {
    fires: (r) =>
      r.record.rows.push(
        changeRow('/registry/pods/default/p', 1, { summary: `${outsideWords}: image`, atMs: atMinute(bad + 0.4) }),
      ),
    at: ['warning 31'],
    silent: (r) =>
      r.record.rows.push(
        changeRow('/registry/pods/default/p', 1, { summary: 'image changed', atMs: atMinute(bad + 0.4) }),
      ),
  },
  RBACWidened: {
    fires: (r) => roles(r, ['get', 'list', 'delete']),
    at: ['warning 31'],
    silent: (r) => roles(r, ['get']),
  },
}

const peer = { ...memberLabels('a'), to: 'b' }
const endpoint = { ...memberLabels('a'), endpoint: 'etcd-a:2379' }
const grpcTimes = (type: string) => ({ ...memberLabels('a'), grpc_service: 's', grpc_method: 'Range', grpc_type: type })

function written(record: AlertRecord, bytes: Record<string, number>) {
  const points = Array.from({ length: 121 * 6 }, (_, at) => start + at * 10_000)
  record.record.activity = {
    series: Object.entries(bytes).map(([label, each]) => ({
      label,
      points: points.map((t): [number, number] => [t, each]),
    })),
    labels: 2,
  }
}

function gap(record: AlertRecord, minutes: number) {
  record.record.clusters = [
    clusterRow({
      gaps: [
        {
          epoch: 1,
          fromRevision: 5n,
          toRevision: 9n,
          reason: 'compacted',
          atMs: atMinute(minutes),
          beforeMs: null,
          afterMs: null,
        },
      ],
    }),
  ]
}

function secret(record: AlertRecord, atMs: number, name: string) {
  const revision = record.record.rows.length + 1
  const of = { resource: 'secrets', namespace: 'default', name, op: 'create' as const, atMs }
  record.record.rows.push(changeRow(`/registry/secrets/default/${name}`, revision, of))
}

async function firingsOf(name: string, fill: (record: AlertRecord) => void) {
  const rule = builtInRules.find((one) => one.name === name)
  if (rule === undefined) throw new Error(`no rule ${name}`)
  const record = new AlertRecord()
  fill(record)
  const answer = await backtest({
    reader: record.reader(),
    cluster,
    rule,
    fromMs: start,
    toMs: atMinute(120),
    intervalMs: 60_000,
    series: false,
    thresholds: [],
    elapsedMs: () => performance.now(),
  })
  return answer.firings.map((firing) => `${firing.severity} ${minuteOf(firing.from)}`)
}

describe('the rules that every installation has', () => {
  test('are complete, valid and have names of their own', () => {
    for (const rule of builtInRules) {
      expect(alertRuleInput.parse(rule)).toEqual(rule)
      expect(() => checkRule(rule)).not.toThrow()
      expect(Object.keys(rule.annotations)).toEqual(['summary', 'description', 'runbook'])
    }
    expect(new Set(builtInRules.map((rule) => rule.name)).size).toBe(builtInRules.length)
    expect(Object.keys(cases).sort()).toEqual(builtInRules.map((rule) => rule.name).sort())
  })

  test.each(Object.entries(cases))('%s fires at the exact minute', async (name, { fires, at }) => {
    expect(await firingsOf(name, fires)).toEqual(at)
  })

  test.each(Object.entries(cases))('%s stays silent for what is none', async (name, { silent }) => {
    expect(await firingsOf(name, silent)).toEqual([])
  })

  test('a cluster that nobody records is unreachable too', async () => {
    const fill = (r: AlertRecord) => r.gauge('etcdscope_source_reachable', {}, (m) => (m < bad ? 1 : null))
    // The last sample is of minute 29:45; three intervals later its silence counts.
    expect(await firingsOf('etcdscopeSourceUnreachable', fill)).toEqual(['critical 33'])
  })

  test('a leader that ends again and again is churn, however well each end is explained', async () => {
    const fires = (r: AlertRecord) => {
      const restarts = [30.3, 32.3, 34.3, 36.3]
      const value = (m: number) => {
        const last = restarts.findLast((at) => m > at)
        return last === undefined ? start / 1000 - 86_400 : atMinute(last) / 1000
      }
      r.gauge('process_start_time_seconds', memberLabels('a'), value)
      r.gauge('etcdscope_raft_term', memberLabels('a'), always(2))
      for (const at of restarts) r.leaderChange(at - 0.1)
    }
    expect(await firingsOf('etcdUnexplainedLeaderChurn', fires)).toEqual(['warning 36'])
  })

  test('a frozen leader that comes back with its process makes the change unplanned', async () => {
    const fires = (r: AlertRecord) => {
      const process = (m: number) => (m >= bad && m < bad + 2 ? null : start / 1000 - 86_400)
      r.gauge('process_start_time_seconds', memberLabels('a'), process)
      r.gauge('etcdscope_raft_term', memberLabels('b'), always(2))
      up(r, { a: during(0, 1, bad + 2) })
      r.leaderChange(bad + 0.2)
    }
    // While it is silent it may be a restart; at minute 32 it answers as the process that it was.
    expect(await firingsOf('etcdUnplannedLeaderChange', fires)).toEqual(['info 32'])
  })
})
