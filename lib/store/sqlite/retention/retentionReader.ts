import { classCodes } from '../../codes'
import type { RetentionReader } from '../../retention'
import { bigOf, numberOf, type Statements, textOf } from '../statements'
import { costOfClasses } from './costOfClasses'
import { usageOf } from './usage'

/** What the record says of retention. */
export function createRetentionReader(statements: Statements): RetentionReader {
  const horizons = statements.big(
    `SELECT e.epoch, h.class, h.revision, h.at_ms FROM horizon AS h JOIN epoch AS e ON e.id = h.epoch_id
     WHERE e.cluster_id = ? ORDER BY e.epoch, h.class`,
  )
  const removed = statements.big(
    `SELECT e.epoch, r.before_revision, r.first_revision, r.last_revision, r.changes
     FROM key AS k JOIN removed AS r ON r.key_id = k.id JOIN epoch AS e ON e.id = r.epoch_id
     WHERE k.cluster_id = ? AND k.key = ? ORDER BY e.epoch DESC, r.before_revision DESC LIMIT ?`,
  )
  const policy = statements.raw('SELECT policy, set_ms FROM retention_policy WHERE cluster_id = ?')
  const state = statements.raw('SELECT state FROM retention_state WHERE cluster_id = ?')
  return {
    horizons: async (cluster) =>
      horizons.all(cluster.id).map((row) => ({
        epoch: numberOf(row[0]),
        class: classCodes[numberOf(row[1])] ?? 'configuration',
        revision: bigOf(row[2]),
        atMs: numberOf(row[3]),
      })),
    removedOf: async (cluster, key, limit) =>
      removed.all(cluster.id, key, limit).map((row) => ({
        epoch: numberOf(row[0]),
        beforeRevision: bigOf(row[1]),
        firstRevision: bigOf(row[2]),
        lastRevision: bigOf(row[3]),
        changes: numberOf(row[4]),
      })),
    retentionCost: (cluster, cutoffs, signal) => costOfClasses(statements, cluster, cutoffs, signal),
    usage: async () => usageOf(statements),
    async screenPolicy(cluster) {
      const row = policy.get(cluster.id)
      return row === undefined ? null : { policy: JSON.parse(textOf(row[0])) as unknown, setMs: numberOf(row[1]) }
    },
    async retentionState(cluster) {
      const row = state.get(cluster.id)
      return row === undefined ? null : (JSON.parse(textOf(row[0])) as unknown)
    },
  }
}
