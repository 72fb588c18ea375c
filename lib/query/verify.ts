import type { AnswerOf, InputOf } from '../contract'
import { changeCoverage } from './coverage'
import { keyFieldsOf } from './keyBytes'
import { clusterOf, type Scope } from './scope'

/** Checks the record: its hash chain, no holes outside gaps, every value. Takes a while on a large one. */
export async function verify(scope: Scope, input: InputOf<'verify'>): Promise<AnswerOf<'verify'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const startedMs = performance.now()
  const result = await scope.reader.verify(cluster, scope.signal, input.head)
  const { checkedChanges, checkedValues, firstBad, chain } = result
  return {
    ok: firstBad === null && chain.holdsKnownHead !== false,
    checkedChanges,
    checkedValues,
    firstBad: firstBad && {
      epoch: firstBad.epoch,
      revision: String(firstBad.revision),
      toRevision: String(firstBad.toRevision),
      ...(firstBad.key === null ? {} : keyFieldsOf(firstBad.key)),
      reason: firstBad.reason,
    },
    chain: { links: chain.links, head: chain.head, holdsHead: chain.holdsKnownHead },
    coverage: changeCoverage(cluster).map((s) => ({
      epoch: s.epoch,
      fromRevision: String(s.fromRevision),
      toRevision: String(s.toRevision),
    })),
    gaps: cluster.gaps.length,
    tookMs: Math.round(performance.now() - startedMs),
  }
}
