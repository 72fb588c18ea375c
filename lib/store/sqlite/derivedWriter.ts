import { ScopeError } from '../../core/errors'
import { causeCodes, codeOf, outcomeCodes, podPhaseCodes, roleCodes, stepStatusCodes } from '../codes'
import type { DerivedBatch } from '../workloadStore'
import type { LabelWriter } from './labels'
import type { OwnershipTable } from './ownership'
import type { PulseWriter } from './pulses'
import { bigOf, numberOf, type Statements } from './statements'
import { textOfFailures, textOfInsights, textOfReplaced } from './workloadColumns'

/**
 * Stores what was derived and how far, in one transaction. Rows of a revision that was derived before are replaced,
 * so that a derivation can begin anew.
 */
export function writeDerivedInTransaction(
  parts: { statements: Statements; labels: LabelWriter; owners: OwnershipTable; pulses: PulseWriter },
  batch: DerivedBatch,
): void {
  const { statements, labels, owners, pulses } = parts
  owners.check(batch.cluster.id, batch.ownership)
  const epochId = epochIdOf(statements, batch.cluster.id, batch.epoch)

  const track = statements.run(
    `INSERT INTO workload (epoch_id, role, key_id, kind_id, group_id, first_revision, ended_revision)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET kind_id = excluded.kind_id, group_id = excluded.group_id,
       first_revision = excluded.first_revision, ended_revision = excluded.ended_revision`,
  )
  for (const one of batch.tracked) {
    const [kind, group] = [labels.idOf(one.kind), labels.idOf(one.group)]
    track.run(epochId, codeOf(roleCodes, one.role), one.keyId, kind, group, one.firstRevision, one.endedRevision)
  }
  const step = statements.run(
    `INSERT OR REPLACE INTO workload_step (key_id, epoch_id, revision, at_ms, status, since, generation, observed,
       desired, current, updated, ready, available, reason_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const one of batch.steps) {
    step.run(
      one.keyId,
      epochId,
      one.revision,
      one.atMs,
      codeOf(stepStatusCodes, one.status),
      one.atMs - one.sinceMs,
      one.generation,
      one.observedGeneration,
      one.desired,
      one.current,
      one.updated,
      one.ready,
      one.available,
      labels.idOf(one.reason),
    )
  }
  const insight = statements.run(
    'INSERT OR REPLACE INTO workload_insight (key_id, epoch_id, revision, insights) VALUES (?, ?, ?, ?)',
  )
  const before = statements.raw(
    `SELECT insights FROM workload_insight WHERE key_id = ? AND epoch_id = ? AND revision < ?
     ORDER BY revision DESC LIMIT 1`,
  )
  const unsay = statements.run('DELETE FROM workload_insight WHERE key_id = ? AND epoch_id = ? AND revision = ?')
  for (const { keyId, revision, insights } of batch.insights) {
    // Nothing where nothing was said before needs no row: a derivation that stepped back takes back what it said.
    const isIdle = insights.length === 0 && (before.get(keyId, epochId, revision)?.[0] ?? null) === null
    if (isIdle) unsay.run(keyId, epochId, revision)
    else insight.run(keyId, epochId, revision, textOfInsights(insights))
  }
  const podStep = statements.run(
    `INSERT OR REPLACE INTO pod_step (key_id, epoch_id, revision, at_ms, phase, status, restarts, reason_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const one of batch.podSteps) {
    const [phase, status] = [codeOf(podPhaseCodes, one.phase), codeOf(stepStatusCodes, one.status)]
    podStep.run(one.keyId, epochId, one.revision, one.atMs, phase, status, one.restarts, labels.idOf(one.reason))
  }
  const rollout = statements.run(
    `INSERT OR REPLACE INTO rollout (key_id, epoch_id, from_revision, generation, started_ms, cause, outcome,
       ended_revision, ended_ms, converged_ms, replaced, template, failures, replaced_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const one of batch.rollouts) {
    rollout.run(
      one.keyId,
      epochId,
      one.fromRevision,
      one.generation,
      one.startedMs,
      codeOf(causeCodes, one.cause),
      codeOf(outcomeCodes, one.outcome),
      one.endedRevision,
      one.endedMs,
      one.convergedMs,
      one.replacedAt.length,
      one.template,
      textOfFailures(one.failures),
      textOfReplaced(one.replacedAt),
    )
  }
  const owned = statements.run(
    `INSERT OR REPLACE INTO owned_object (owner_id, epoch_id, key_id, from_revision, from_ms, to_revision, to_ms, node_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  for (const one of batch.owned) {
    const { ownerId, keyId, fromRevision, fromMs, toRevision, toMs } = one
    owned.run(ownerId, epochId, keyId, fromRevision, fromMs, toRevision, toMs, labels.idOf(one.node))
  }
  statements
    .run(
      `INSERT INTO derivation (epoch_id, through, late_seq) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET through = excluded.through, late_seq = excluded.late_seq`,
    )
    .run(epochId, batch.through, batch.chainSeq)
  const rows = [batch.tracked, batch.steps, batch.insights, batch.podSteps, batch.rollouts, batch.owned]
  if (rows.some((list) => list.length > 0))
    pulses.bump(batch.cluster.id, 'workloads', `${batch.epoch}:${batch.through}`)
}

export function epochIdOf(statements: Statements, clusterId: number, epoch: number): number {
  const row = statements.big('SELECT id FROM epoch WHERE cluster_id = ? AND epoch = ?').get(clusterId, epoch)
  if (row === undefined) throw new ScopeError('INTERNAL', `Cluster ${clusterId} has no epoch ${epoch}.`)
  return numberOf(bigOf(row[0]))
}
