import type { AnswerOf, InputOf, LeaderChange } from '../contract'
import type { LeaderChangeInput } from '../store/store'
import { parseRange, timeOf } from './instant'
import { causesOf } from './leaderCauses/causesOf'
import type { Cause } from './leaderCauses/rankCauses'
import { clusterOf, type Scope } from './scope'

/** Changes of leader in a time range, newest first. */
export async function leaderChanges(scope: Scope, input: InputOf<'leaderChanges'>): Promise<AnswerOf<'leaderChanges'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const { fromMs, toMs } = parseRange(input, scope.nowMs)
  const rows = await scope.reader.leaderChanges(cluster, fromMs, toMs)
  const items: LeaderChange[] = []
  for (const row of rows) {
    scope.signal?.throwIfAborted()
    items.push(leaderChangeItem(row, await causesOf(scope.reader, cluster, row, scope.nowMs)))
  }
  return { items: items.sort((a, b) => (a.at < b.at ? 1 : -1)), nextCursor: null }
}

function leaderChangeItem(row: LeaderChangeInput, causes: readonly Cause[]): LeaderChange {
  return {
    at: timeOf(row.atMs),
    term: String(row.term),
    fromMemberId: row.fromMemberId,
    fromName: row.fromName,
    toMemberId: row.toMemberId,
    toName: row.toName,
    leaderlessMs: row.leaderlessMs,
    planned: row.planned,
    elections: row.elections,
    revision: row.revision === null ? null : String(row.revision),
    causes: [...causes],
  }
}
