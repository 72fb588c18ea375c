import type { AnswerOf, InputOf, LeaderChange } from '../contract'
import type { LeaderChangeInput } from '../store/store'
import { parseRange, timeOf } from './instant'
import { clusterOf, type Scope } from './scope'

/** Changes of leader in a time range, newest first. */
export async function leaderChanges(scope: Scope, input: InputOf<'leaderChanges'>): Promise<AnswerOf<'leaderChanges'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const { fromMs, toMs } = parseRange(input, scope.nowMs)
  const rows = await scope.reader.leaderChanges(cluster, fromMs, toMs)
  return { items: rows.map(leaderChangeItem).sort((a, b) => (a.at < b.at ? 1 : -1)), nextCursor: null }
}

function leaderChangeItem(row: LeaderChangeInput): LeaderChange {
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
    causes: [],
  }
}
