import type { AnswerOf, InputOf } from '../contract'
import { parseRange, timeOf } from './instant'
import { clusterOf, type Scope } from './scope'

/** Stretches of each member's life for the lanes, oldest first; between stretches nothing was observed. */
export async function memberStates(scope: Scope, input: InputOf<'memberStates'>): Promise<AnswerOf<'memberStates'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const { fromMs, toMs } = parseRange(input, scope.nowMs)
  const rows = await scope.reader.memberStates(cluster, fromMs, toMs)
  const items = [...rows]
    .sort((a, b) => (a.name === b.name ? a.fromMs - b.fromMs : a.name < b.name ? -1 : 1))
    .map((row) => ({
      memberId: row.memberId,
      name: row.name,
      state: row.state,
      term: row.term === null ? null : String(row.term),
      from: timeOf(row.fromMs),
      to: timeOf(row.toMs),
    }))
  return { items, nextCursor: null }
}
