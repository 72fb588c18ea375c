import type { LeaderChange, MemberState } from '../../../../../lib/contract'
import type { ChartGap } from '../../../../_charts/prepareSeries'
import type { Span } from '../../../../_client/urlState'

/** What the lanes show besides the recorded stretches: where nobody looked, and where nobody led. Pure. */

/** A stretch shorter than this is the interval between two looks, not an absence. */
const QUIET_MS = 15_000

/** Where no member was observed at all: nobody was watching, or had begun to. Lanes and metrics stop there. */
export function unobserved(
  states: readonly MemberState[] | undefined,
  span: Span,
  askedMs: number,
): readonly ChartGap[] {
  if (states === undefined) return []
  const seen = states
    .map((state) => ({ fromMs: Date.parse(state.from), toMs: Date.parse(state.to) }))
    .sort((a, b) => a.fromMs - b.fromMs)
  const gaps: ChartGap[] = []
  const add = (fromMs: number, toMs: number, reason: string) => {
    if (toMs - fromMs > QUIET_MS) gaps.push({ fromMs, toMs, reason })
  }
  const reason = 'members not observed'
  let coveredMs = span.fromMs
  for (const { fromMs, toMs } of seen) {
    if (toMs <= span.fromMs || fromMs >= span.toMs) continue
    add(coveredMs, Math.min(fromMs, span.toMs), reason)
    coveredMs = Math.max(coveredMs, toMs)
  }
  add(coveredMs, Math.min(span.toMs, askedMs), reason)
  return gaps
}

/**
 * Between the last look with the old leader and the first with the new one there is no stretch, because nothing was
 * seen there: after a loss that is the leaderless time (at most), on every lane whose member answered. When it is longer
 * than the pause between two looks, nobody watched, and nothing is known of it.
 */
export function withLeaderless(
  states: readonly MemberState[],
  changes: readonly LeaderChange[],
): readonly MemberState[] {
  const members = new Map(states.map((state) => [state.memberId, state.name]))
  const added = changes
    .filter(({ planned, leaderlessMs }) => !planned && leaderlessMs > 0 && leaderlessMs <= QUIET_MS)
    .flatMap((change) => {
      const toMs = Date.parse(change.at)
      const fromMs = toMs - change.leaderlessMs
      const from = new Date(fromMs).toISOString()
      return [...members]
        .filter(([id]) => !states.some((s) => s.memberId === id && tellsMore(s, fromMs, toMs)))
        .map(
          ([memberId, name]): MemberState => ({ memberId, name, state: 'no-leader', term: null, from, to: change.at }),
        )
    })
  return added.length === 0 ? states : [...states, ...added]
}

/** It was down, or itself seen without a leader, in that time. */
function tellsMore(state: MemberState, fromMs: number, toMs: number): boolean {
  if (state.state !== 'down' && state.state !== 'no-leader') return false
  return Date.parse(state.from) < toMs && Date.parse(state.to) > fromMs
}
