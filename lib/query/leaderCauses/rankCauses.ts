import type { LeaderChange } from '../../contract'
import { eventRules, plannedShare } from './eventRules'
import { measuredScore, measureRules } from './measureRules'
import type { Signals } from './signals'

export type Cause = LeaderChange['causes'][number]

/** Below this a cause is noise. */
const leastScore = 0.1
const mostCauses = 8

/**
 * Signals → likely causes, most likely first: at most one of a kind. Pure; the rules are the two tables. Nothing
 * found is said as such, in the one cause `unknown` with score 0.
 */
export function rankCauses(signals: Signals): Cause[] {
  const happened = eventRules.flatMap(({ kind, find }) => {
    const finding = find(signals)
    return finding === null ? [] : [{ kind, ...finding }]
  })
  const measured = measureRules.flatMap((rule): Cause[] => {
    const share = signals.change.planned ? plannedShare : 1
    const readings = (signals.readings.get(rule.signal) ?? []).map((reading) => {
      const ofLeader = reading.memberId === signals.change.fromMemberId
      return { reading, score: share * measuredScore(rule, reading, ofLeader) }
    })
    const worst = readings.reduce<(typeof readings)[number] | null>(
      (best, one) => (best === null || one.score > best.score ? one : best),
      null,
    )
    return worst === null ? [] : [{ kind: rule.kind, score: worst.score, evidence: rule.words(worst.reading) }]
  })
  const causes = [...happened, ...measured]
    .filter(({ score }) => score >= leastScore)
    .sort((a, b) => b.score - a.score)
    .slice(0, mostCauses)
    .map((cause) => ({ ...cause, score: Math.round(cause.score * 100) / 100 }))
  return causes.length > 0 ? causes : [{ kind: 'unknown', score: 0, evidence: nothingWords(signals) }]
}

function nothingWords({ readings, members }: Signals): string {
  const measured = [...readings.values()].some((series) => series.length > 0)
  if (members.length === 0 && !measured) return 'Nothing was recorded of the minute before'
  return measured
    ? 'No cause seen in what was recorded: every reading of the minute before was as usual'
    : 'No cause seen in what was recorded: the members were not measured in the minute before'
}
