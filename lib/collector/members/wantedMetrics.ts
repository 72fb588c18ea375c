import { certificateExpiryMetric } from '../../etcd'

/**
 * The families that are kept of a member's `/metrics`: etcd's own names, and how each is to be read. The kind is
 * said here and not taken from the text: etcd exposes several counts as gauges (`etcd_disk_wal_write_bytes_total`,
 * `etcd_server_proposals_committed_total`), and their rate is what people ask for.
 */
export interface WantedMetric {
  readonly kind: 'gauge' | 'counter' | 'histogram'
  /** A raft index that is set, not counted: 0 until the restarted member has caught up. */
  readonly zeroIsUnset?: true
  /** Hundreds of label sets of which few are ever used: those still at 0 are left out. */
  readonly sparse?: true
}

const gauge: WantedMetric = { kind: 'gauge' }
const counter: WantedMetric = { kind: 'counter' }
const index: WantedMetric = { kind: 'counter', zeroIsUnset: true }
const histogram: WantedMetric = { kind: 'histogram' }
const sparseCounter: WantedMetric = { kind: 'counter', sparse: true }
const sparseHistogram: WantedMetric = { kind: 'histogram', sparse: true }

const table: Readonly<Record<string, WantedMetric>> = {
  etcd_server_has_leader: gauge,
  etcd_server_is_leader: gauge,
  etcd_server_is_learner: gauge,
  etcd_server_leader_changes_seen_total: counter,
  etcd_server_proposals_committed_total: index,
  etcd_server_proposals_applied_total: index,
  etcd_server_proposals_pending: gauge,
  etcd_server_proposals_failed_total: counter,
  etcd_server_heartbeat_send_failures_total: counter,
  etcd_server_slow_apply_total: counter,
  etcd_server_slow_read_indexes_total: counter,
  etcd_server_read_indexes_failed_total: counter,
  etcd_server_quota_backend_bytes: gauge,
  etcd_server_client_requests_total: counter,
  etcd_server_apply_duration_seconds: sparseHistogram,
  etcd_server_health_success: counter,
  etcd_server_health_failures: counter,
  etcd_disk_wal_fsync_duration_seconds: histogram,
  etcd_disk_backend_commit_duration_seconds: histogram,
  etcd_disk_backend_snapshot_duration_seconds: histogram,
  etcd_disk_backend_defrag_duration_seconds: histogram,
  etcd_disk_wal_write_bytes_total: counter,
  etcd_network_peer_round_trip_time_seconds: histogram,
  etcd_network_peer_sent_failures_total: counter,
  etcd_network_peer_received_failures_total: counter,
  etcd_network_peer_sent_bytes_total: counter,
  etcd_network_peer_received_bytes_total: counter,
  etcd_network_active_peers: gauge,
  etcd_network_disconnected_peers_total: counter,
  etcd_network_known_peers: gauge,
  etcd_network_client_grpc_sent_bytes_total: counter,
  etcd_network_client_grpc_received_bytes_total: counter,
  etcd_mvcc_db_total_size_in_bytes: gauge,
  etcd_mvcc_db_total_size_in_use_in_bytes: gauge,
  etcd_mvcc_db_open_read_transactions: gauge,
  etcd_mvcc_put_total: counter,
  etcd_mvcc_delete_total: counter,
  etcd_mvcc_range_total: counter,
  etcd_mvcc_txn_total: counter,
  etcd_debugging_mvcc_keys_total: gauge,
  etcd_debugging_mvcc_watcher_total: gauge,
  etcd_debugging_mvcc_watch_stream_total: gauge,
  etcd_debugging_mvcc_slow_watcher_total: gauge,
  etcd_debugging_mvcc_pending_events_total: gauge,
  etcd_debugging_mvcc_events_total: counter,
  etcd_debugging_mvcc_current_revision: gauge,
  etcd_debugging_mvcc_compact_revision: gauge,
  etcd_debugging_mvcc_db_compaction_keys_total: counter,
  etcd_debugging_lease_granted_total: counter,
  etcd_debugging_lease_renewed_total: counter,
  etcd_debugging_lease_revoked_total: counter,
  etcd_debugging_server_alarms: gauge,
  etcd_server_feature_enabled: gauge,
  grpc_server_handled_total: sparseCounter,
  grpc_server_handling_seconds: sparseHistogram,
  process_cpu_seconds_total: counter,
  process_start_time_seconds: gauge,
  process_resident_memory_bytes: gauge,
  process_open_fds: gauge,
  process_max_fds: gauge,
  process_network_receive_bytes_total: counter,
  process_network_transmit_bytes_total: counter,
  go_goroutines: gauge,
  go_threads: gauge,
  go_memstats_alloc_bytes: gauge,
  go_memstats_heap_inuse_bytes: gauge,
  // Not of the text: read off the connection that it came over.
  [certificateExpiryMetric]: gauge,
}

/** Tells the process life; kept as a series too. */
export const processStartMetric = 'process_start_time_seconds'
/** Tells whose text it is; not kept. */
export const serverIdMetric = 'etcd_server_id'

export function wantedMetric(name: string): WantedMetric | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Everything that the parser should keep of a member's text. */
export const wantedFamilies: ReadonlySet<string> = new Set([...Object.keys(table), serverIdMetric])
