import { causeCodes, codeOf, outcomeCodes, stepStatusCodes } from '../codes'
import type { DerivedStepBack } from '../workloadStore'
import { epochIdOf } from './derivedWriter'
import type { OwnershipTable } from './ownership'
import type { PulseWriter } from './pulses'
import type { Statements } from './statements'
import { rolloutColumns, rolloutOfRow, textOfFailures, textOfReplaced } from './workloadColumns'

/**
 * Makes the derived rows of an epoch those that stood when it was derived through an earlier revision. What that
 * leaves of later times, a Pod's node and remarks that time alone brought, the next derivation writes over.
 */
export function stepBackInTransaction(
  parts: { statements: Statements; owners: OwnershipTable; pulses: PulseWriter },
  { cluster, epoch, ownership, through, chainSeq }: DerivedStepBack,
): void {
  const { statements, owners, pulses } = parts
  owners.check(cluster.id, ownership)
  const epochId = epochIdOf(statements, cluster.id, epoch)
  for (const table of ['workload_step', 'workload_insight', 'pod_step']) {
    // By key, since their order is by key: only behind a gap are there rows of keys that did not change.
    statements
      .run(
        `DELETE FROM ${table} WHERE epoch_id = @epochId AND revision > @through AND key_id IN (
           SELECT key_id FROM workload WHERE epoch_id = @epochId
           UNION SELECT key_id FROM change WHERE epoch_id = @epochId AND revision > @through
           UNION SELECT key_id FROM pod_step
             WHERE EXISTS (SELECT 1 FROM gap WHERE epoch_id = @epochId AND to_revision > @through) AND epoch_id = @epochId)`,
      )
      .run({ epochId, through })
  }
  reopenRollouts(statements, epochId, through)
  statements.run('DELETE FROM owned_object WHERE epoch_id = ? AND from_revision > ?').run(epochId, through)
  statements
    .run('UPDATE owned_object SET to_revision = NULL, to_ms = NULL WHERE epoch_id = ? AND to_revision > ?')
    .run(epochId, through)
  reviveWorkloads(statements, epochId, through)
  statements
    .run('UPDATE derivation SET through = min(through, ?), late_seq = ? WHERE epoch_id = ?')
    .run(through, chainSeq, epochId)
  pulses.bump(cluster.id, 'workloads', `${epoch}:${through}`)
}

function reopenRollouts(statements: Statements, epochId: number, through: bigint): void {
  // A run is one row from its end on, whenever it began.
  statements
    .run(
      'DELETE FROM rollout WHERE epoch_id = @epochId AND (from_revision > @through OR (cause = @run AND ended_revision > @through))',
    )
    .run({ epochId, through, run: codeOf(causeCodes, 'run') })
  const open = statements
    .big(
      `SELECT ${rolloutColumns} FROM rollout
       WHERE epoch_id = ? AND (ended_revision IS NULL OR ended_revision > ?)`,
    )
    .all(epochId, through)
    .map(rolloutOfRow)
  const write = statements.run(
    `UPDATE rollout SET outcome = ?, ended_revision = NULL, ended_ms = NULL, converged_ms = NULL, replaced = ?,
       replaced_at = ?, failures = ? WHERE key_id = ? AND epoch_id = ? AND from_revision = ?`,
  )
  for (const { keyId, fromRevision, replacedAt, failures } of open) {
    const replaced = replacedAt.filter((revision) => revision <= through)
    const failed = textOfFailures(failures.filter(({ revision }) => revision <= through))
    write.run(
      codeOf(outcomeCodes, 'in-progress'),
      replaced.length,
      textOfReplaced(replaced),
      failed,
      keyId,
      epochId,
      fromRevision,
    )
  }
}

/** Who was there then: of a later life under the same key the steps tell whether there was an earlier one. */
function reviveWorkloads(statements: Statements, epochId: number, through: bigint): void {
  statements
    .run(
      `UPDATE workload SET ended_revision = NULL
       WHERE epoch_id = @epochId AND first_revision <= @through AND ended_revision > @through`,
    )
    .run({ epochId, through })
  const later = statements
    .big(
      `SELECT w.role, w.key_id, s.revision, s.status = @gone FROM workload AS w
       LEFT JOIN workload_step AS s ON s.key_id = w.key_id AND s.epoch_id = w.epoch_id
         AND s.revision = (SELECT max(revision) FROM workload_step WHERE key_id = w.key_id AND epoch_id = w.epoch_id)
       WHERE w.epoch_id = @epochId AND w.first_revision > @through`,
    )
    .all({ epochId, through, gone: codeOf(stepStatusCodes, 'gone') })
  const remove = statements.run('DELETE FROM workload WHERE epoch_id = ? AND role = ? AND key_id = ?')
  const revive = statements.run(
    `UPDATE workload SET ended_revision = @ended, first_revision = (
       SELECT min(s.revision) FROM workload_step AS s WHERE s.key_id = @keyId AND s.epoch_id = @epochId
         AND s.revision > coalesce((SELECT max(g.revision) FROM workload_step AS g
           WHERE g.key_id = @keyId AND g.epoch_id = @epochId AND g.status = @gone AND g.revision < @newest), -1))
     WHERE epoch_id = @epochId AND role = @role AND key_id = @keyId`,
  )
  for (const [role, keyId, newest = null, isGone] of later) {
    if (newest === null) remove.run(epochId, role, keyId)
    else {
      const ended = isGone === 1n ? newest : null
      revive.run({ epochId, role, keyId, newest, ended, gone: codeOf(stepStatusCodes, 'gone') })
    }
  }
}
