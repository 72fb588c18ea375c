import type { Rollout } from '../../contract'
import type { ClusterRow } from '../../store/store'
import type { RolloutRow } from '../../store/workloadStore'
import { timeOf } from '../instant'
import type { Scope } from '../scope'
import { spanOfRollout, usualOf } from './rolloutSpans'
import type { Span } from './span'

/** Rollouts of one workload, each compared with those that had converged before it. Newest first. */

const rolloutsShown = 500

/** `rows` as they stood at the end of the range, oldest first. */
export async function rolloutItems(
  scope: Scope,
  cluster: ClusterRow,
  span: Span,
  key: Uint8Array,
  rows: readonly RolloutRow[],
): Promise<Rollout[]> {
  const touching = rows
    .filter((row) => row.endedRevision === null || row.endedRevision >= span.from)
    .slice(-rolloutsShown)
  const names = await scope.reader.keyNames(touching.flatMap(({ failures }) => failures.map(({ keyId }) => keyId)))
  const items: Rollout[] = []
  for (const row of touching) {
    const usualMs = usualBefore(rows, row)
    const tookMs = row.convergedMs ?? (row.endedMs ?? span.toMs) - row.startedMs
    items.push({
      ...spanOfRollout(row),
      ...(await changeOf(scope, cluster, span, key, row)),
      podsReplaced: row.replacedAt.length,
      failures: row.failures.map(({ atMs, revision, keyId, reason, message }) => ({
        at: timeOf(atMs),
        revision: String(revision),
        object: names.get(keyId)?.name ?? '',
        reason,
        message,
      })),
      usualMs,
      ratio: usualMs === null || usualMs === 0 ? null : Math.max(0, tookMs) / usualMs,
    })
  }
  return items.reverse()
}

function usualBefore(rows: readonly RolloutRow[], row: RolloutRow): number | null {
  const before = rows.flatMap(({ convergedMs, endedRevision }) =>
    convergedMs !== null && endedRevision !== null && endedRevision <= row.fromRevision ? [convergedMs] : [],
  )
  return usualOf(before)
}

const causes: Readonly<Record<RolloutRow['cause'], string>> = {
  create: 'created',
  template: 'pod template changed',
  scale: 'replicas changed',
  rollback: 'pod template went back to an earlier one',
  other: 'spec changed',
  baseline: '',
  run: '',
}

/** Who changed what; the change itself may have been deleted since by retention. */
async function changeOf(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch }: Span,
  key: Uint8Array,
  row: RolloutRow,
): Promise<Pick<Rollout, 'manager' | 'summary'>> {
  const { fromRevision } = row
  const [change] = await reader.changes(
    cluster,
    { key, epoch, fromRevision, toRevision: fromRevision },
    { order: 'desc', limit: 1, after: null },
  )
  return { manager: change?.manager ?? null, summary: change?.summary ?? causes[row.cause] }
}
