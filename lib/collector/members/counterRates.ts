import type { SampleInput } from '../../store'
import { histogramDelta, histogramWentBack } from './histogramDeltas'
import type { Scrape, ScrapedSeries } from './scrape'

/**
 * Previous scrape × present scrape → samples. Counters and histograms become increases over the time between the
 * two, within one process life; gauges pass as they are. Invariant: an increase is never negative and never invented:
 * over a restart, an unknown start or too long a pause there is no sample, and the next scrape measures from here.
 */

/** An increase over a longer pause would be drawn as if it had happened at its end; it is left out instead. */
export const maxSpanMs = 5 * 60_000

export function samplesBetween(previous: Scrape | null, present: Scrape): SampleInput[] {
  const spanMs = previous === null ? 0 : present.atMs - previous.atMs
  const base = previous !== null && spanMs > 0 && spanMs <= maxSpanMs && sameLife(previous, present) ? previous : null
  const samples: SampleInput[] = []
  for (const [key, series] of present.series) {
    const sample = series.kind === 'gauge' ? gauge(series) : base === null ? null : increase(key, series, base, spanMs)
    if (sample !== null) samples.push(sample)
  }
  return samples
}

/** One process life: the start time holds, and no counter went back. */
export function sameLife(previous: Scrape, present: Scrape): boolean {
  if (previous.processStart !== present.processStart) return false
  for (const [key, now] of present.series) {
    const before = previous.series.get(key)
    if (before === undefined || now.kind === 'gauge') continue
    if (now.kind === 'counter' ? now.value < before.value : histogramWentBack(before, now)) return false
  }
  return true
}

function gauge(series: ScrapedSeries): SampleInput | null {
  if (!Number.isFinite(series.value)) return null
  return { metric: series.metric, labels: series.labels, kind: 'gauge', value: series.value, spanMs: 0 }
}

function increase(key: string, series: ScrapedSeries, base: Scrape, spanMs: number): SampleInput | null {
  const before = base.series.get(key)
  // A child of a labelled counter is born at 0 when it is first used: in a known life its first value is an increase.
  // Without a start time the life is not known well enough to say so.
  if (before === undefined && (base.processStart === null || series.zeroIsUnset === true)) return null
  if (before !== undefined && before.kind !== series.kind) return null
  const { metric, labels, kind } = series
  if (series.histogram !== undefined) {
    const histogram = histogramDelta(before?.histogram ?? null, series.histogram)
    if (histogram === undefined) return null
    return { metric, labels, kind, value: histogram.counts.reduce((a, b) => a + b, 0), spanMs, histogram }
  }
  const from = before?.value ?? 0
  if (series.zeroIsUnset === true && from === 0) return null
  const value = series.value - from
  return Number.isFinite(value) ? { metric, labels, kind, value, spanMs } : null
}
