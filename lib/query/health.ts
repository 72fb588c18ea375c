import type { AnswerOf, CollectorState, Health } from '../contract'
import { maxBigInt } from '../core/int64'
import type { ClusterRow } from '../store/store'
import { silenceOf, snapshotOf } from './recordedSnapshot'
import type { Scope } from './scope'

const wellStates: ReadonlySet<CollectorState> = new Set(['live', 'backfilling', 'archived'])

/** The store and every collector in a few numbers; degraded as soon as one of them is not working. */
export async function health(scope: Scope): Promise<AnswerOf<'health'>> {
  const [rows, sizeBytes] = await Promise.all([scope.reader.clusters(), scope.reader.sizeBytes()])
  const collectors = rows.map((row) => collectorHealth(row, scope.nowMs))
  const working = collectors.every((c) => c.error === null && wellStates.has(c.state))
  return {
    status: working ? 'ok' : 'degraded',
    version: scope.version,
    store: { engine: scope.reader.engine, sizeBytes },
    collectors,
  }
}

function collectorHealth(row: ClusterRow, nowMs: number): Health['collectors'][number] {
  const snapshot = snapshotOf(row, nowMs)
  const silence = silenceOf(row, snapshot, nowMs)
  const known = snapshot?.document
  const stored = row.epochs.at(-1)?.storedRevision ?? 0n
  const head = known?.revision ?? null
  return {
    cluster: row.name,
    state: known && silence === null ? known.state : 'stopped',
    storedRevision: stored > 0n ? String(stored) : null,
    headRevision: head,
    lagRevisions: head === null ? null : String(maxBigInt(0n, BigInt(head) - stored)),
    lagMs: silence === null ? (known?.lagMs ?? null) : null,
    eventsPerSecond: silence === null ? (known?.eventsPerSecond ?? null) : null,
    error: silence ?? known?.error ?? null,
  }
}
