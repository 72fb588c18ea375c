import type { RetentionOperator } from '../../retention'
import type { OperatorParts } from '../operatorParts'

/** The policy that people set on the screen; the collector looks at it before each run. */
export function createRetentionOperator({ statements, pulses, write }: OperatorParts): RetentionOperator {
  return {
    setRetentionPolicy: async (cluster, policy, nowMs) =>
      write(() => {
        statements
          .run(
            `INSERT INTO retention_policy (cluster_id, policy, set_ms) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET policy = excluded.policy, set_ms = excluded.set_ms`,
          )
          .run(cluster.id, JSON.stringify(policy), nowMs)
        pulses.bump(cluster.id, 'state')
      }),
  }
}
