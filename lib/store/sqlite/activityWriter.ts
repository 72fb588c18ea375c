import { dimensionCodes, FIRST_MEANINGLESS } from '../codes'
import type { Statements } from './statements'

/** Widths of the roll-up's buckets in seconds; a step that is a multiple of one is answered from it. */
export const activityWidths = [10, 600] as const
/** Stands for "no resource", "no namespace", "no manager". */
export const NO_LABEL = 0

export interface CountedChange {
  readonly atMs: number
  readonly resourceId: number | null
  readonly namespaceId: number | null
  readonly managerId: number | null
  readonly op: number
  readonly significance: number
  readonly valueBytes: number
}

/** Counts the changes of one transaction in memory and adds them to the roll-up in the same transaction. */
export interface ActivityTally {
  count(change: CountedChange): void
  write(clusterId: number): void
}

interface Sum {
  changes: number
  bytes: number
  meaningless: number
}

export function createActivityTally(statements: Statements): ActivityTally {
  const upsert = statements.run(
    `INSERT INTO activity (cluster_id, width, dimension, bucket, label_id, changes, bytes, meaningless)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET changes = changes + excluded.changes, bytes = bytes + excluded.bytes,
       meaningless = meaningless + excluded.meaningless`,
  )
  // width -> bucket -> label * dimensions + dimension -> sum
  const widths = activityWidths.map((seconds) => ({ seconds, buckets: new Map<number, Map<number, Sum>>() }))
  const dimensions = dimensionCodes.length

  function add(bucket: Map<number, Sum>, slot: number, change: CountedChange): void {
    let sum = bucket.get(slot)
    if (sum === undefined) {
      sum = { changes: 0, bytes: 0, meaningless: 0 }
      bucket.set(slot, sum)
    }
    sum.changes++
    sum.bytes += change.valueBytes
    if (change.significance >= FIRST_MEANINGLESS) sum.meaningless++
  }

  return {
    count(change) {
      for (const { seconds, buckets } of widths) {
        const number = Math.floor(change.atMs / (seconds * 1000))
        let bucket = buckets.get(number)
        if (bucket === undefined) {
          bucket = new Map()
          buckets.set(number, bucket)
        }
        add(bucket, (change.resourceId ?? NO_LABEL) * dimensions, change)
        add(bucket, (change.namespaceId ?? NO_LABEL) * dimensions + 1, change)
        add(bucket, (change.managerId ?? NO_LABEL) * dimensions + 2, change)
        add(bucket, change.op * dimensions + 3, change)
        add(bucket, change.significance * dimensions + 4, change)
      }
    },
    write(clusterId) {
      for (const { seconds, buckets } of widths) {
        for (const [number, bucket] of buckets) {
          for (const [slot, sum] of bucket) {
            const label = Math.floor(slot / dimensions)
            const { changes, bytes, meaningless } = sum
            upsert.run(clusterId, seconds, slot % dimensions, number, label, changes, bytes, meaningless)
          }
        }
        buckets.clear()
      }
    },
  }
}
