/**
 * Histogram increments as stored bytes, and quantiles from them. Pure. Stored: the sum as a double, then each
 * bucket's increase as a varint; bounds stand once, with the series.
 */

export interface HistogramIncrease {
  /** Increase of each bucket, not cumulative, in the order of the bounds. */
  readonly counts: readonly number[]
  readonly sum: number
}

export function encodeHistogram(increase: HistogramIncrease): Buffer {
  const bytes = Buffer.alloc(8 + increase.counts.length * 8)
  bytes.writeDoubleLE(increase.sum, 0)
  let at = 8
  for (const count of increase.counts) {
    let rest = Math.max(0, Math.round(count))
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    bytes[at++] = rest
  }
  return bytes.subarray(0, at)
}

export function decodeHistogram(bytes: Buffer): HistogramIncrease {
  const counts: number[] = []
  let count = 0
  let scale = 1
  for (let at = 8; at < bytes.length; at++) {
    const byte = bytes.readUInt8(at)
    count += (byte & 0x7f) * scale
    scale *= 0x80
    if (byte < 0x80) {
      counts.push(count)
      count = 0
      scale = 1
    }
  }
  return { counts, sum: bytes.readDoubleLE(0) }
}

export function addHistograms(a: HistogramIncrease | null, b: HistogramIncrease): HistogramIncrease {
  if (a === null) return b
  const length = Math.max(a.counts.length, b.counts.length)
  const counts = Array.from({ length }, (_, at) => (a.counts[at] ?? 0) + (b.counts[at] ?? 0))
  return { counts, sum: a.sum + b.sum }
}

/**
 * As Prometheus' histogram_quantile: linear within a bucket, the first one starting at 0 (when its bound is above),
 * and the highest finite bound when the quantile falls into +Inf. Null when nothing was counted.
 */
export function quantileOf(quantile: number, bounds: readonly number[], counts: readonly number[]): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0 || bounds.length === 0) return null
  const rank = quantile * total
  let below = 0
  for (let at = 0; at < bounds.length; at++) {
    const count = counts[at] ?? 0
    const upper = bounds[at] ?? Number.POSITIVE_INFINITY
    if (below + count < rank || (count === 0 && at < bounds.length - 1)) {
      below += count
      continue
    }
    const lower = at === 0 ? Math.min(0, upper) : (bounds[at - 1] ?? 0)
    if (!Number.isFinite(upper)) return at === 0 ? null : lower
    if (at === 0 && upper <= 0) return upper
    return lower + (upper - lower) * ((rank - below) / count)
  }
  return null
}
