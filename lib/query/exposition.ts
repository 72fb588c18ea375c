import type { Cluster } from '../contract'
import { channelFamilies } from './channelFamilies'
import { listClusters } from './clusters'
import { health } from './health'
import { type Family, family, printFamilies, type Sample } from './prometheusText'
import type { Scope } from './scope'
import { loopSampleMs, type Serving } from './serving'

/** What etcdscope knows of the clusters and of itself, as Prometheus text. Unknown values are left out, never 0. */
export async function exposition(scope: Scope, serving: Serving): Promise<string> {
  const [{ items: clusters }, state] = await Promise.all([listClusters(scope), health(scope)])
  const moves = await leaderMoves(scope)
  return printFamilies([
    ...clusterFamilies(clusters),
    family('etcdscope_leader_changes_total', 'counter', 'Leader changes recorded, planned or not.', moves),
    ...(await alertFamilies(scope)),
    ...(await channelFamilies(scope)),
    ...processFamilies(scope, serving),
    family('etcdscope_store_size_bytes', 'gauge', 'Size of the record on disk.', [
      { labels: { engine: state.store.engine }, value: state.store.sizeBytes },
    ]),
    family('etcdscope_build_info', 'gauge', 'Version, as a label.', [{ labels: { version: scope.version }, value: 1 }]),
  ])
}

/** More open alerts than this are one great trouble, which the first of them tell. */
const alertsLimit = 5_000

/** What fires, as Prometheus writes its own: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
async function alertFamilies({ reader }: Scope): Promise<Family[]> {
  const [open, engine] = await Promise.all([
    reader.alerts({ phases: ['pending', 'firing'] }, { limit: alertsLimit, after: null }),
    reader.alertEngine(),
  ])
  return [
    family('ALERTS', 'gauge', 'Alerts that are pending or fire.', [
      ...open.map(({ labels, rule, phase, severity, cluster }) => ({
        labels: { ...labels, alertname: rule, alertstate: phase, severity, cluster: cluster.name },
        value: 1,
      })),
    ]),
    family('etcdscope_alerts_evaluated_timestamp_seconds', 'gauge', 'When all rules were last evaluated.', [
      ...(engine.evaluatedMs === null ? [] : [{ labels: {}, value: engine.evaluatedMs / 1000 }]),
    ]),
  ]
}

async function leaderMoves(scope: Scope): Promise<Sample[]> {
  const rows = await scope.reader.clusters()
  const all = await Promise.all(
    rows.map(async (row) => {
      const changes = await scope.reader.leaderChanges(row, 0, scope.nowMs)
      const planned = changes.filter((change) => change.planned).length
      return [
        { labels: { cluster: row.name, planned: 'true' }, value: planned },
        { labels: { cluster: row.name, planned: 'false' }, value: changes.length - planned },
      ]
    }),
  )
  return all.flat()
}

const collectorStates = ['backfilling', 'live', 'reconnecting', 'stopped', 'archived'] as const
/** Of these nothing is known of now. */
const silentStates: ReadonlySet<Cluster['state']> = new Set(['stopped', 'archived'])

function clusterFamilies(clusters: readonly Cluster[]): Family[] {
  const each = (value: (cluster: Cluster) => number | string | null): Sample[] =>
    clusters.flatMap((cluster) => {
      const known = value(cluster)
      return known === null ? [] : [{ labels: { cluster: cluster.name }, value: Number(known) }]
    })
  const fresh = (value: (cluster: Cluster) => number) => each((c) => (silentStates.has(c.state) ? null : value(c)))
  return [
    family('etcdscope_cluster_up', 'gauge', '1 while the cluster has a leader and quorum.', [
      ...fresh((c) => (c.leader !== null && c.quorum.healthy >= c.quorum.needed ? 1 : 0)),
    ]),
    family(
      'etcdscope_members',
      'gauge',
      'Voting members.',
      fresh((c) => c.quorum.voters),
    ),
    family(
      'etcdscope_members_healthy',
      'gauge',
      'Voting members that answer.',
      fresh((c) => c.quorum.healthy),
    ),
    family(
      'etcdscope_has_leader',
      'gauge',
      '1 while a leader is known.',
      fresh((c) => (c.leader ? 1 : 0)),
    ),
    family(
      'etcdscope_raft_term',
      'gauge',
      'Raft term.',
      each((c) => c.raftTerm),
    ),
    family(
      'etcdscope_head_revision',
      'gauge',
      'Newest revision that the members report.',
      each((c) => c.revision),
    ),
    family(
      'etcdscope_stored_revision',
      'gauge',
      'Newest revision in the record.',
      each((c) => c.storedRevision),
    ),
    family(
      'etcdscope_lag_seconds',
      'gauge',
      'Age of the oldest revision not yet in the record.',
      each((c) => (c.lagMs === null ? null : c.lagMs / 1000)),
    ),
    family(
      'etcdscope_record_gaps',
      'gauge',
      'Gaps in the record.',
      each((c) => c.gaps.length),
    ),
    family(
      'etcdscope_db_size_bytes',
      'gauge',
      'Database size of the fullest member.',
      each((c) => c.dbSizeBytes),
    ),
    family(
      'etcdscope_db_size_in_use_bytes',
      'gauge',
      'Part of it in use.',
      each((c) => c.dbSizeInUseBytes),
    ),
    family(
      'etcdscope_quota_bytes',
      'gauge',
      'Backend quota.',
      each((c) => c.quotaBytes),
    ),
    family(
      'etcdscope_alarms',
      'gauge',
      'Alarms raised by the members.',
      each((c) => c.alarms.length),
    ),
    family(
      'etcdscope_collector_state',
      'gauge',
      '1 for the state that the collector is in.',
      clusters.flatMap((cluster) =>
        collectorStates.map((state) => ({
          labels: { cluster: cluster.name, state },
          value: cluster.state === state ? 1 : 0,
        })),
      ),
    ),
  ]
}

function processFamilies(scope: Scope, serving: Serving): Family[] {
  const cpu = process.cpuUsage()
  // Nanoseconds between two ticks of the sampler, which are its resolution apart when nothing delays them.
  const delay = (percentile: number) =>
    Math.max(0, serving.loopDelay.percentile(percentile) / 1e9 - loopSampleMs / 1000)
  return [
    family('process_resident_memory_bytes', 'gauge', 'Resident memory of the web process.', [
      { labels: {}, value: process.memoryUsage.rss() },
    ]),
    family('process_cpu_seconds_total', 'counter', 'Processor time of the web process.', [
      { labels: {}, value: (cpu.user + cpu.system) / 1e6 },
    ]),
    family('process_start_time_seconds', 'gauge', 'Start of the web process, seconds since 1970.', [
      { labels: {}, value: serving.startedAtMs / 1000 },
    ]),
    family('etcdscope_event_loop_delay_seconds', 'gauge', 'Delay of the event loop since the start.', [
      { labels: { quantile: '0.5' }, value: delay(50) },
      { labels: { quantile: '0.99' }, value: delay(99) },
    ]),
    family('etcdscope_http_requests_total', 'counter', 'Requests answered, by endpoint and status.', [
      ...serving.requests.list().map(({ endpoint, status, count }) => ({
        labels: { endpoint, status: String(status) },
        value: count,
      })),
    ]),
    family('etcdscope_stream_subscribers', 'gauge', 'Open event streams.', [
      { labels: {}, value: serving.live.subscribers },
    ]),
    family('etcdscope_uptime_seconds', 'gauge', 'Time since the start.', [
      { labels: {}, value: (scope.nowMs - serving.startedAtMs) / 1000 },
    ]),
  ]
}
