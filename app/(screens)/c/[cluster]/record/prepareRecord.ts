import type { z } from 'zod'
import type { Cluster, verifyAnswer } from '../../../../../lib/contract'
import { exactNumber, plural } from '../../../../_client/format'
import type { StatusTone } from '../../../../_ui/StatusMark'

/** What the record holds of a cluster, in words. Pure. */

export type VerifyAnswer = z.output<typeof verifyAnswer>

export interface Sentence {
  readonly tone: StatusTone
  readonly sentence: string
}

/** Complete means: every revision between the first and the last is stored. It is no proof that nobody altered it. */
export function recordSentence(cluster: Pick<Cluster, 'coverage' | 'gaps'>): Sentence {
  if (cluster.coverage.length === 0) return { tone: 'unknown', sentence: 'Nothing recorded yet' }
  const gaps = cluster.gaps.length
  return gaps === 0
    ? { tone: 'ok', sentence: 'Complete: no gap between the first and the last recorded revision' }
    : { tone: 'warn', sentence: `${plural(gaps, 'gap')}, each declared with its reason` }
}

/** The outcome of a check. `asked`: a head written down earlier was to be found. */
export function proofSentence(answer: VerifyAnswer, asked: boolean): Sentence {
  const { firstBad, chain } = answer
  if (firstBad !== null) {
    const where =
      firstBad.toRevision === firstBad.revision
        ? `Revision ${firstBad.revision}`
        : `Between revisions ${firstBad.revision} and ${firstBad.toRevision}`
    const key = firstBad.key ?? firstBad.keyBase64
    return {
      tone: 'critical',
      sentence: `${where} of epoch ${firstBad.epoch}${key === undefined ? '' : `, ${key}`}: ${firstBad.reason}`,
    }
  }
  if (asked && chain.holdsHead === false) {
    return {
      tone: 'critical',
      sentence: 'The chain fits in itself, but does not hold the head that was written down: it was made anew since.',
    }
  }
  const checked = `${exactNumber(answer.checkedChanges)} changes and ${exactNumber(answer.checkedValues)} values`
  const head = asked ? ', and the head written down earlier is still in the chain' : ''
  return { tone: 'ok', sentence: `Nothing altered, nothing missing: ${checked} follow from each other${head}` }
}

export interface EpochLine {
  readonly epoch: number
  readonly fromRevision: string
  readonly toRevision: string
}

/** One line an epoch, newest first: from its first to its last revision, the gaps in between told apart. */
export function epochLines(coverage: Cluster['coverage']): EpochLine[] {
  const lines = new Map<number, EpochLine>()
  for (const { epoch, fromRevision, toRevision } of coverage) {
    const known = lines.get(epoch)
    lines.set(epoch, {
      epoch,
      fromRevision: known === undefined ? fromRevision : lesser(known.fromRevision, fromRevision),
      toRevision: known === undefined ? toRevision : greater(known.toRevision, toRevision),
    })
  }
  return [...lines.values()].sort((a, b) => b.epoch - a.epoch)
}

const lesser = (a: string, b: string): string => (BigInt(a) <= BigInt(b) ? a : b)
const greater = (a: string, b: string): string => (BigInt(a) >= BigInt(b) ? a : b)

/** Whether a text is what `verify` answers as the head of the chain. */
export function isHead(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
