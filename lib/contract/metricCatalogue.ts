import type { Metric } from './series'

/**
 * What etcd's metrics mean, as data: the screens' labels, units and help. The unit is that of the default
 * aggregation (counters: the rate; histograms: the quantile). Names are etcd's own, 3.4 to 3.7.
 */
type Row = readonly [name: string, unit: Metric['unit'], kind: Metric['kind'], help: string]

const rows: readonly Row[] = [
  ['up', 'ratio', 'gauge', '1 while the member answers Status, 0 while it does not.'],
  // measured by etcdscope itself
  [
    'etcdscope_status_latency_seconds',
    'seconds',
    'gauge',
    'Round trip of one Status call from etcdscope to the member.',
  ],
  [
    'etcdscope_linearizable_read_seconds',
    'seconds',
    'gauge',
    'Time of one read that needs a leader and a quorum, asked of this member.',
  ],
  ['etcdscope_raft_term', 'count', 'gauge', 'Raft term of the member.'],
  [
    'etcdscope_raft_lag_entries',
    'count',
    'gauge',
    'Raft entries that the furthest member has and this one has not applied yet.',
  ],
  ['etcdscope_revision', 'count', 'gauge', 'Newest revision of the member, as Status says it.'],
  ['etcdscope_alarm', 'count', 'gauge', 'Whether the member has raised the alarm of this type: 1 or 0.'],
  ['etcdscope_hash_agrees', 'ratio', 'gauge', "Whether the member's keyspace is the majority's: 1 or 0."],
  ['etcdscope_failures_tolerated', 'count', 'gauge', 'Further member failures until quorum is lost.'],
  ['etcdscope_recording_lag_seconds', 'seconds', 'gauge', 'Age of the oldest revision that is not yet recorded.'],
  ['etcdscope_source_reachable', 'ratio', 'gauge', 'Whether the cluster answers the collector: 1 or 0.'],
  [
    'etcdscope_certificate_expiry_time_seconds',
    'seconds',
    'gauge',
    'When the certificate at this endpoint expires, seconds since 1970.',
  ],
  // server
  ['etcd_server_has_leader', 'ratio', 'gauge', 'Whether the member sees a leader: 1 or 0.'],
  ['etcd_server_is_leader', 'ratio', 'gauge', 'Whether the member is the leader: 1 or 0.'],
  ['etcd_server_is_learner', 'ratio', 'gauge', 'Whether the member is a learner: 1 or 0.'],
  [
    'etcd_server_leader_changes_seen_total',
    '1/s',
    'counter',
    'Leader changes that this process has seen since it started.',
  ],
  ['etcd_server_proposals_committed_total', '1/s', 'counter', 'Raft proposals committed.'],
  ['etcd_server_proposals_applied_total', '1/s', 'counter', 'Raft proposals applied.'],
  ['etcd_server_proposals_pending', 'count', 'gauge', 'Proposals waiting to be committed.'],
  ['etcd_server_proposals_failed_total', '1/s', 'counter', 'Proposals that failed: no leader, or time-out.'],
  [
    'etcd_server_heartbeat_send_failures_total',
    '1/s',
    'counter',
    'Leader heartbeats sent late, mostly because of a slow disk.',
  ],
  ['etcd_server_slow_apply_total', '1/s', 'counter', 'Applies slower than 100 ms.'],
  ['etcd_server_slow_read_indexes_total', '1/s', 'counter', 'Linearizable reads whose read index came late.'],
  ['etcd_server_read_indexes_failed_total', '1/s', 'counter', 'Linearizable reads whose read index failed.'],
  [
    'etcd_server_quota_backend_bytes',
    'bytes',
    'gauge',
    'Backend quota: at this database size the member raises NOSPACE.',
  ],
  ['etcd_server_client_requests_total', '1/s', 'counter', 'Client requests by type and API version.'],
  ['etcd_server_apply_duration_seconds', 'seconds', 'histogram', 'Time to apply a request to the backend.'],
  ['etcd_server_health_success', '1/s', 'counter', 'Successful health checks.'],
  ['etcd_server_health_failures', '1/s', 'counter', 'Failed health checks.'],
  ['etcd_server_version', 'count', 'gauge', 'Server version, as a label.'],
  // disk
  [
    'etcd_disk_wal_fsync_duration_seconds',
    'seconds',
    'histogram',
    'Time of fsync of the write-ahead log: p99 should stay below 10 ms.',
  ],
  [
    'etcd_disk_backend_commit_duration_seconds',
    'seconds',
    'histogram',
    'Time to commit to the backend database: p99 should stay below 25 ms.',
  ],
  ['etcd_disk_backend_snapshot_duration_seconds', 'seconds', 'histogram', 'Time of backend snapshots.'],
  ['etcd_disk_backend_defrag_duration_seconds', 'seconds', 'histogram', 'Time of defragmentation.'],
  ['etcd_disk_wal_write_bytes_total', 'bytes/s', 'counter', 'Bytes written to the write-ahead log.'],
  // network
  [
    'etcd_network_peer_round_trip_time_seconds',
    'seconds',
    'histogram',
    'Round trip between members, by the member it goes to.',
  ],
  ['etcd_network_peer_sent_failures_total', '1/s', 'counter', 'Messages to a peer that could not be sent.'],
  ['etcd_network_peer_received_failures_total', '1/s', 'counter', 'Failures while receiving from a peer.'],
  ['etcd_network_peer_sent_bytes_total', 'bytes/s', 'counter', 'Bytes sent to peers.'],
  ['etcd_network_peer_received_bytes_total', 'bytes/s', 'counter', 'Bytes received from peers.'],
  ['etcd_network_active_peers', 'count', 'gauge', 'Peers with a live connection.'],
  ['etcd_network_known_peers', 'count', 'gauge', 'Peers known.'],
  ['etcd_network_disconnected_peers_total', '1/s', 'counter', 'Peer connections lost.'],
  ['etcd_network_client_grpc_sent_bytes_total', 'bytes/s', 'counter', 'Bytes sent to clients.'],
  ['etcd_network_client_grpc_received_bytes_total', 'bytes/s', 'counter', 'Bytes received from clients.'],
  // mvcc
  ['etcd_mvcc_db_total_size_in_bytes', 'bytes', 'gauge', 'Size of the backend database file; the quota applies to it.'],
  [
    'etcd_mvcc_db_total_size_in_use_in_bytes',
    'bytes',
    'gauge',
    'Part of the database in use: the rest comes back by defragmentation.',
  ],
  ['etcd_mvcc_put_total', '1/s', 'counter', 'Puts.'],
  ['etcd_mvcc_delete_total', '1/s', 'counter', 'Deletes.'],
  ['etcd_mvcc_range_total', '1/s', 'counter', 'Range reads.'],
  ['etcd_mvcc_txn_total', '1/s', 'counter', 'Transactions.'],
  ['etcd_mvcc_db_open_read_transactions', 'count', 'gauge', 'Open read transactions of the backend.'],
  ['etcd_debugging_mvcc_keys_total', 'count', 'gauge', 'Keys in the keyspace.'],
  ['etcd_debugging_mvcc_watcher_total', 'count', 'gauge', 'Watchers.'],
  ['etcd_debugging_mvcc_watch_stream_total', 'count', 'gauge', 'Watch streams.'],
  ['etcd_debugging_mvcc_slow_watcher_total', 'count', 'gauge', 'Watchers that cannot keep up.'],
  ['etcd_debugging_mvcc_pending_events_total', 'count', 'gauge', 'Events waiting to be sent to watchers.'],
  ['etcd_debugging_mvcc_events_total', '1/s', 'counter', 'Events sent to watchers.'],
  ['etcd_debugging_mvcc_current_revision', 'count', 'gauge', 'Newest revision of the member.'],
  ['etcd_debugging_mvcc_compact_revision', 'count', 'gauge', 'Revision up to which the member has compacted.'],
  ['etcd_debugging_mvcc_db_compaction_keys_total', '1/s', 'counter', 'Keys dropped by compaction.'],
  // leases
  ['etcd_debugging_lease_granted_total', '1/s', 'counter', 'Leases granted.'],
  ['etcd_debugging_lease_revoked_total', '1/s', 'counter', 'Leases revoked.'],
  ['etcd_debugging_lease_renewed_total', '1/s', 'counter', 'Lease renewals, as the leader sees them.'],
  // gRPC
  ['grpc_server_handled_total', '1/s', 'counter', 'gRPC calls answered, by service, method and code.'],
  ['grpc_server_started_total', '1/s', 'counter', 'gRPC calls started, by service and method.'],
  ['grpc_server_handling_seconds', 'seconds', 'histogram', 'Time of gRPC calls; only with --metrics=extensive.'],
  // process
  ['process_cpu_seconds_total', 'ratio', 'counter', 'Processor time: 1 is one core in full use.'],
  ['process_resident_memory_bytes', 'bytes', 'gauge', 'Resident memory.'],
  ['process_virtual_memory_bytes', 'bytes', 'gauge', 'Virtual memory.'],
  ['process_open_fds', 'count', 'gauge', 'Open file descriptors.'],
  ['process_max_fds', 'count', 'gauge', 'Limit of open file descriptors.'],
  ['process_start_time_seconds', 'seconds', 'gauge', 'Start of the process, seconds since 1970.'],
  ['process_network_receive_bytes_total', 'bytes/s', 'counter', 'Bytes that the process received.'],
  ['process_network_transmit_bytes_total', 'bytes/s', 'counter', 'Bytes that the process sent.'],
  ['go_goroutines', 'count', 'gauge', 'Goroutines.'],
  ['go_threads', 'count', 'gauge', 'Threads.'],
  ['go_memstats_alloc_bytes', 'bytes', 'gauge', 'Heap in use by live objects.'],
  ['go_memstats_heap_inuse_bytes', 'bytes', 'gauge', 'Heap spans in use.'],
  ['go_memstats_heap_sys_bytes', 'bytes', 'gauge', 'Heap obtained from the system.'],
  ['go_gc_duration_seconds', 'seconds', 'gauge', 'Pauses of garbage collection.'],
  ['go_info', 'count', 'gauge', 'Go version, as a label.'],
  // 3.6
  ['etcd_debugging_server_alarms', 'count', 'gauge', 'Alarms raised, by type.'],
  ['etcd_server_feature_enabled', 'ratio', 'gauge', 'Feature gates: 1 when enabled.'],
]

export const metricCatalogue: ReadonlyMap<string, Metric> = new Map(
  rows.map(([name, unit, kind, help]) => [name, { name, unit, kind, help }]),
)

/** What is known of a metric: the catalogue's row, or for a name it does not hold, what the name itself tells. */
export function describeMetric(name: string, kind: Metric['kind']): Metric {
  const known = metricCatalogue.get(name)
  if (known) return { ...known, kind }
  return { name, unit: unitOfName(name, kind), kind, help: '' }
}

function unitOfName(name: string, kind: Metric['kind']): Metric['unit'] {
  if (/_bytes(_total)?$/.test(name)) return kind === 'counter' ? 'bytes/s' : 'bytes'
  if (kind === 'counter') return /_seconds_total$/.test(name) ? 'ratio' : '1/s'
  return /_seconds$/.test(name) ? 'seconds' : 'count'
}
