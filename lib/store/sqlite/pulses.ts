import type { StreamTopic } from '../../contract'
import type { Statements } from './statements'

export interface PulseWriter {
  /** Announces a write in the transaction that makes it; without `cursor` the sequence itself is the cursor. */
  bump(clusterId: number, topic: StreamTopic, cursor?: string): void
}

export function createPulseWriter(statements: Statements): PulseWriter {
  const upsert = statements.run(
    `INSERT INTO pulse (cluster_id, topic, seq, cursor)
     SELECT ?, ?, next.seq, coalesce(?, CAST(next.seq AS TEXT))
     FROM (SELECT coalesce(max(seq), 0) + 1 AS seq FROM pulse) AS next WHERE true
     ON CONFLICT DO UPDATE SET seq = excluded.seq, cursor = excluded.cursor`,
  )
  return { bump: (clusterId, topic, cursor) => void upsert.run(clusterId, topic, cursor ?? null) }
}
