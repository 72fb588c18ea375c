import { classCodes } from '../../codes'
import type { RetentionWriter } from '../../retention'
import { numberOf, type Statements, textOf } from '../statements'
import type { ValueWriter } from '../valueWriter'
import { costOfClasses } from './costOfClasses'
import { type RetainParts, retain } from './retain'
import { sweepValues } from './sweepValues'
import { usageOf } from './usage'

/** Retention's part of the writer; each step is one short transaction of the connection that records. */
export function createRetentionWriter(parts: RetainParts & { values: ValueWriter }): RetentionWriter {
  const { statements, pulses, write } = parts
  return {
    retain: (cluster, options) => retain(parts, cluster, options),
    sweepValues: (options) => sweepValues(parts, options),
    usage: async () => usageOf(statements),
    screenPolicies: async () => screenPolicies(statements),
    async oldestOfClasses(cluster) {
      const cost = await costOfClasses(statements, cluster, null)
      const oldest = classCodes.map((name) => [name, cost[name].oldestMs] as const)
      return Object.fromEntries(oldest) as Record<(typeof classCodes)[number], number | null>
    },
    writeRetentionState: async (cluster, state, atMs) =>
      write(() => {
        statements
          .run(
            `INSERT INTO retention_state (cluster_id, state, at_ms) VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET state = excluded.state, at_ms = excluded.at_ms`,
          )
          .run(cluster.id, JSON.stringify(state), atMs)
        pulses.bump(cluster.id, 'state')
      }),
  }
}

function screenPolicies(statements: Statements) {
  return statements
    .raw(
      `SELECT cluster.id, cluster.name, retention_policy.policy FROM retention_policy
       JOIN cluster ON cluster.id = retention_policy.cluster_id ORDER BY cluster.name`,
    )
    .all()
    .map((row) => ({
      cluster: { id: numberOf(row[0]), name: textOf(row[1]) },
      policy: JSON.parse(textOf(row[2])) as unknown,
    }))
}
