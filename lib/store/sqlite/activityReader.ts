import { isUtf8 } from 'node:buffer'
import { codeOf, dimensionCodes, FIRST_MEANINGLESS, ORIGIN_WATCH, opCodes, significanceCodes, wordOf } from '../codes'
import type { ActivityBy, ClusterRef, RecordReader } from '../store'
import { activityWidths, NO_LABEL } from './activityWriter'
import type { EpochReader } from './epochReader'
import type { LabelReader } from './labels'
import { bytesOf, numberOf, type Row, type Statements } from './statements'

/**
 * Who writes how much. Answered from the roll-up when the step is a multiple of one of its widths, otherwise from the
 * changes themselves. Ranges are widened to whole steps, so that both ways agree. Re-sync rows are not counted: they
 * reconstruct what was not seen, they are no writes at that time.
 */
export type ActivityReader = Pick<RecordReader, 'activity' | 'ledger'>

/** Buckets of the roll-up, or revisions of the log, read in one statement. */
const bucketsPerStep = 500
const revisionsPerStep = 5_000n
/** The ledger of a longer time is summed from the coarse buckets. */
const fineLedgerMs = 6 * 60 * 60 * 1000

/** Rows of label id, bucket start in ms, changes, bytes, meaningless. */
type Tallies = AsyncIterable<Row>

export function createActivityReader(parts: {
  statements: Statements
  epochs: EpochReader
  labels: LabelReader
}): ActivityReader {
  const { statements, epochs, labels } = parts

  /** `groups`: SQL of the label and of the bucket start to group by. */
  async function* rolledUp(
    cluster: ClusterRef,
    by: ActivityBy,
    width: number,
    range: Range,
    bucketMs: number,
  ): Tallies {
    const widthMs = width * 1000
    const dimension = codeOf<string>(dimensionCodes, by)
    const select = statements.raw(
      `SELECT label_id, bucket * ${widthMs} / ${bucketMs} * ${bucketMs}, sum(changes), sum(bytes), sum(meaningless)
       FROM activity WHERE cluster_id = ? AND width = ? AND dimension = ? AND bucket >= ? AND bucket < ? GROUP BY 1, 2`,
    )
    const end = Math.ceil(range.toMs / widthMs)
    const bounds = await rollupBounds(cluster, width, dimension)
    if (bounds === null) return
    for (let at = Math.max(bounds.first, Math.floor(range.fromMs / widthMs)); at < Math.min(end, bounds.last + 1); ) {
      const next = Math.min(end, at + bucketsPerStep)
      yield* select.all(cluster.id, width, dimension, at, next)
      at = next
      await new Promise(setImmediate)
    }
  }

  async function rollupBounds(cluster: ClusterRef, width: number, dimension: number) {
    const edge = (direction: 'ASC' | 'DESC') =>
      statements
        .raw(
          `SELECT bucket FROM activity WHERE cluster_id = ? AND width = ? AND dimension = ?
           ORDER BY bucket ${direction} LIMIT 1`,
        )
        .get(cluster.id, width, dimension)
    const [first, last] = [edge('ASC'), edge('DESC')]
    return first === undefined || last === undefined ? null : { first: numberOf(first[0]), last: numberOf(last[0]) }
  }

  async function* counted(
    cluster: ClusterRef,
    by: ActivityBy,
    range: Range,
    bucketMs: number,
    label = labelSql[by],
  ): Tallies {
    const select = statements.raw(
      `SELECT ${label}, c.at_ms / ${bucketMs} * ${bucketMs}, count(*), sum(c.value_bytes),
         sum(c.significance >= ${FIRST_MEANINGLESS})
       FROM change AS c ${by === 'resource' || by === 'namespace' ? 'CROSS JOIN key AS k ON k.id = c.key_id' : ''}
       WHERE c.epoch_id = ? AND c.revision >= ? AND c.revision <= ? AND c.origin = ${ORIGIN_WATCH} GROUP BY 1, 2`,
    )
    for (const epoch of epochs.all(cluster.id)) {
      const within = epochs.revisionsWithin(epoch, range.fromMs, range.toMs - 1)
      for (let from = within?.from ?? 0n; within !== null && from <= within.to; from += revisionsPerStep) {
        const last = from + revisionsPerStep - 1n
        yield* select.all(epoch.id, from, last < within.to ? last : within.to)
        await new Promise(setImmediate)
      }
    }
  }

  function nameOf(by: ActivityBy, id: number): string {
    if (by === 'op') return wordOf(opCodes, id)
    if (by === 'significance') return wordOf(significanceCodes, id)
    if (by !== 'key') return id === NO_LABEL ? '' : (labels.textOf(id) ?? '')
    const row = statements.raw('SELECT key FROM key WHERE id = ?').get(id)
    return row === undefined ? '' : keyText(bytesOf(row[0]))
  }

  return {
    async activity(cluster, { metric, by, fromMs, toMs, stepMs, top }) {
      const range = { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.ceil(toMs / stepMs) * stepMs }
      const amount = metric === 'changes' ? 2 : 3
      const width = by === 'key' ? undefined : activityWidths.findLast((seconds) => stepMs % (seconds * 1000) === 0)
      const tallies = (bucketMs: number, label?: string) =>
        width === undefined
          ? counted(cluster, by, range, bucketMs, label)
          : rolledUp(cluster, by, width, range, bucketMs)

      // Twice over the range: labels (keys!) times buckets would not fit the memory, the top ones times buckets do.
      const totals = new Map<number, number>()
      for await (const row of tallies(wholeMs)) addTo(totals, numberOf(row[0]), numberOf(row[amount]))
      const ranked = [...totals].sort(([a, x], [b, y]) => y - x || a - b).map(([label]) => label)
      const points = new Map(ranked.slice(0, top).map((label) => [label, new Map<number, number>()]))
      const rest = new Map<number, number>()
      const label = `CASE WHEN ${labelSql[by]} IN (${[...points.keys()].join(', ')}) THEN ${labelSql[by]} ELSE ${REST} END`
      for await (const row of tallies(stepMs, label)) {
        addTo(points.get(numberOf(row[0])) ?? rest, numberOf(row[1]), numberOf(row[amount]))
      }
      const series: { label: string | null; points: [number, number][] }[] = []
      for (const [id, buckets] of points) series.push({ label: nameOf(by, id), points: sorted(buckets) })
      if (rest.size > 0) series.push({ label: null, points: sorted(rest) })
      return { series, labels: ranked.length }
    },

    async ledger(cluster, { by, fromMs, toMs, limit }) {
      const range = { fromMs, toMs }
      const width = toMs - fromMs > fineLedgerMs ? 600 : 10
      const sums = new Map<number, { changes: number; bytes: number; meaningless: number }>()
      // One bucket over everything: only the sums count here.
      const tallies = by === 'key' ? counted(cluster, by, range, wholeMs) : rolledUp(cluster, by, width, range, wholeMs)
      for await (const row of tallies) {
        const sum = sums.get(numberOf(row[0])) ?? { changes: 0, bytes: 0, meaningless: 0 }
        sum.changes += numberOf(row[2])
        sum.bytes += numberOf(row[3])
        sum.meaningless += numberOf(row[4])
        sums.set(numberOf(row[0]), sum)
      }
      return [...sums]
        .sort(([a, x], [b, y]) => y.bytes - x.bytes || y.changes - x.changes || a - b)
        .slice(0, limit)
        .map(([label, sum]) => ({ label: nameOf(by, label), ...sum }))
    },
  }
}

interface Range {
  readonly fromMs: number
  readonly toMs: number
}

/** No label's id. */
const REST = -1

/** Wider than any range: everything falls into one bucket. */
const wholeMs = 10_000_000_000_000

const labelSql: Readonly<Record<ActivityBy, string>> = {
  resource: `coalesce(k.resource_id, ${NO_LABEL})`,
  namespace: `coalesce(k.namespace_id, ${NO_LABEL})`,
  manager: `coalesce(c.manager_id, ${NO_LABEL})`,
  op: 'c.op',
  significance: 'c.significance',
  key: 'c.key_id',
}

function addTo(sums: Map<number, number>, at: number, amount: number): void {
  sums.set(at, (sums.get(at) ?? 0) + amount)
}

function sorted(points: Map<number, number>): [number, number][] {
  return [...points].sort(([a], [b]) => a - b)
}

function keyText(key: Buffer): string {
  return isUtf8(key) ? key.toString('utf8') : `base64:${key.toString('base64')}`
}
