import type { AnswerOf, InputOf } from '../contract'
import { changeCoverage } from './coverage'
import { clusterOf, type Scope } from './scope'

/** Checks the record: no holes outside gaps, every value reconstructs to its hash. Takes a while on a large one. */
export async function verify(scope: Scope, input: InputOf<'verify'>): Promise<AnswerOf<'verify'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const startedMs = performance.now()
  const { checkedChanges, checkedValues, firstBad } = await scope.reader.verify(cluster, scope.signal)
  return {
    ok: firstBad === null,
    checkedChanges,
    checkedValues,
    firstBad: firstBad && { ...firstBad, revision: String(firstBad.revision) },
    coverage: changeCoverage(cluster).map((s) => ({
      epoch: s.epoch,
      fromRevision: String(s.fromRevision),
      toRevision: String(s.toRevision),
    })),
    gaps: cluster.gaps.length,
    tookMs: Math.round(performance.now() - startedMs),
  }
}
