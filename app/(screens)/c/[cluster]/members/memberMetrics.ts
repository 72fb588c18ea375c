/** etcd's names of what this screen shows. */
export const memberMetrics = {
  fsync: 'etcd_disk_wal_fsync_duration_seconds',
  commit: 'etcd_disk_backend_commit_duration_seconds',
  roundTrip: 'etcd_network_peer_round_trip_time_seconds',
  pending: 'etcd_server_proposals_pending',
  cpu: 'process_cpu_seconds_total',
  dbSize: 'etcd_mvcc_db_total_size_in_bytes',
  dbInUse: 'etcd_mvcc_db_total_size_in_use_in_bytes',
  defrag: 'etcd_disk_backend_defrag_duration_seconds',
} as const

/** "Now" of a figure in a table: the last minutes, so that one missed scrape is not an unknown. */
export const recently = { from: '-5m', to: 'now' } as const

/** etcd measures the round trip to a peer twice a minute (rafthttp's probing), whatever the scrape interval is. */
export const ROUND_TRIP_EVERY_MS = 30_000
/** Two measurements this far apart follow each other. */
export const ROUND_TRIP_REACH_MS = 2.5 * ROUND_TRIP_EVERY_MS

/** From these p99 on, etcd's own alerts warn. */
export const warnsFromSeconds = { fsync: 0.5, commit: 0.25, roundTrip: 0.15 } as const
