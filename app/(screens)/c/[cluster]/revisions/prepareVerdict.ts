import type { LedgerRow, SeriesAnswer } from '../../../../../lib/contract'
import { formatBytes, formatCount, formatShare, plural } from '../../../../_client/format'

/** Changes of a key of which nearly none mattered: somebody rewrites it in a loop. */
export interface HotLoop {
  readonly key: string
  readonly rewrites: number
  readonly bytes: number
  readonly everyMs: number
}

/** Fewer rewrites are not a loop, whatever they change. */
const leastRewrites = 20
/** Share of a key's changes without any meaning from which on it counts as a loop. */
const meaninglessShare = 0.9

/** What is rewritten by design, by renewing or by following Pods; a loop is something else. */
const renewsByDesign = /\/(leases|masterleases|peerserverleases|events|endpointslices|services\/endpoints)\//

export function hotLoops(rows: readonly LedgerRow[], spanMs: number): readonly HotLoop[] {
  return rows
    .filter((row) => row.changes >= leastRewrites && row.meaningless / row.changes >= meaninglessShare)
    .filter((row) => !renewsByDesign.test(row.label))
    .map((row) => ({ key: row.label, rewrites: row.meaningless, bytes: row.bytes, everyMs: spanMs / row.changes }))
    .sort((a, b) => b.bytes - a.bytes)
}

const sum = (answer: SeriesAnswer, only: (label: string) => boolean) =>
  answer.series
    .filter((one) => only(one.labels.significance ?? ''))
    .flatMap((one) => one.points)
    .reduce((total, [, value]) => total + (value ?? 0), 0)

/** What the screen says first: how much is written, and how much of it is configuration. */
export function revisionsVerdict(input: {
  readonly changes: SeriesAnswer | undefined
  readonly bytes: SeriesAnswer | undefined
  readonly loops: readonly HotLoop[]
  readonly spanMs: number
}): { readonly sentence: string; readonly reasons: string } | null {
  const { changes, bytes, loops, spanMs } = input
  if (changes === undefined || bytes === undefined) return null
  const total = sum(changes, () => true)
  const seconds = spanMs / 1000
  if (total === 0) return { sentence: 'Nothing was written in this range', reasons: '' }
  const totalBytes = sum(bytes, () => true)
  const configuration = sum(changes, (label) => label === 'spec' || label === 'metadata')
  const loopBytes = loops.reduce((n, loop) => n + loop.bytes, 0)
  const loopWords =
    loops.length === 0
      ? 'No object is rewritten in a loop.'
      : `${plural(loops.length, 'hot loop')} ${loops.length === 1 ? 'rewrites an object' : 'rewrite objects'} without a meaningful change, ${formatShare(loopBytes / Math.max(1, totalBytes))} of all bytes.`
  return {
    sentence: `${formatCount(total / seconds)} changes/s, ${formatBytes(totalBytes / seconds)}/s`,
    reasons: `${formatShare(configuration / total)} change configuration. ${loopWords}`,
  }
}
