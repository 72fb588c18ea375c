import { median } from '../../core/median'
import type { ClusterRef, RecordReader } from '../../store/store'
import { burstFrom } from './eventRules'
import type { Span, WriteSignals } from './signals'

const bucketMs = 10_000
const minuteMs = 60_000
/** More changes than these are not read one by one for the prefix that they went to. */
const prefixChangesMost = 20_000
const keysMost = 1_000
const busiestCount = 3

/** How much was written before a leader change, from the record itself; what it was only when it was a burst. */
export async function readWrites(
  reader: RecordReader,
  cluster: ClusterRef,
  before: Span,
  usual: Span,
): Promise<WriteSignals | null> {
  const ask = { metric: 'changes', by: 'op', top: 3 } as const
  const [now, earlier] = await Promise.all([
    reader.activity(cluster, { ...ask, ...before, stepMs: bucketMs }),
    reader.activity(cluster, { ...ask, ...usual, stepMs: minuteMs }),
  ])
  const buckets = summed(now.series)
  if (buckets.size === 0) return null
  const rate = (Math.max(...buckets.values()) * 1000) / bucketMs
  const usualChanges = median([...summed(earlier.series).values()])
  const total = [...buckets.values()].reduce((sum, count) => sum + count, 0)
  return {
    before: rate,
    usual: usualChanges === null ? null : (usualChanges * 1000) / minuteMs,
    busiest: rate < burstFrom ? [] : await busiestOf(reader, cluster, before, total),
  }
}

async function busiestOf(reader: RecordReader, cluster: ClusterRef, span: Span, total: number) {
  const by = total > prefixChangesMost ? 'resource' : 'key'
  const rows = await reader.ledger(cluster, { by, ...span, limit: keysMost })
  const sums = new Map<string, number>()
  for (const { label, changes } of rows) {
    const name = by === 'key' ? prefixOf(label) : label || 'plain keys'
    sums.set(name, (sums.get(name) ?? 0) + changes)
  }
  return [...sums]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .slice(0, busiestCount)
    .map(([label, changes]) => ({ label, share: Math.min(1, changes / total) }))
}

/** Up to the last slash: the folder that the key lies in; a key without one stands for itself. */
function prefixOf(key: string): string {
  const end = key.lastIndexOf('/')
  return end > 0 ? key.slice(0, end + 1) : key
}

function summed(series: readonly { readonly points: readonly (readonly [number, number])[] }[]): Map<number, number> {
  const sums = new Map<number, number>()
  for (const [t, value] of series.flatMap(({ points }) => points)) sums.set(t, (sums.get(t) ?? 0) + value)
  return sums
}
