import { labelsKey, type Measured } from '../measured'
import { lookbackMs } from '../needs'
import type { SampleSeries } from '../view'
import type { SampledState } from './state'

/** States that the collector records as samples of its own, so that they are known at every moment of the past. */

/** The newest value of each series of the metric, as a value of the state; null leaves it out. */
function newestOf(
  metric: string,
  value: (newest: number, nowMs: number) => number | null,
  labels: readonly string[],
): SampledState {
  return {
    kind: 'samples',
    metrics: () => ({ [metric]: lookbackMs }),
    at(view) {
      const found = new Map<string, Measured>()
      for (const series of view.series(metric)) {
        const newest = newestWithin(series, view.nowMs)
        const told = newest === null ? null : value(newest, view.nowMs)
        if (told === null) continue
        const own = labelsOf(series, labels)
        const known = found.get(labelsKey(own))
        // One endpoint may be seen by several scrapes: the least is what matters of what they say.
        if (known === undefined || told < known.value) {
          found.set(labelsKey(own), { labels: own, value: told, details: series.labels })
        }
      }
      return [...found.values()]
    },
  }
}

export function newestWithin(series: SampleSeries, nowMs: number): number | null {
  const newest = series.rows[series.firstAfter(nowMs) - 1]
  return newest === undefined || newest.atMs <= nowMs - lookbackMs ? null : newest.value
}

const kept = new WeakMap<SampleSeries, Readonly<Record<string, string>>>()

function labelsOf(series: SampleSeries, names: readonly string[]): Readonly<Record<string, string>> {
  const known = kept.get(series)
  if (known !== undefined) return known
  const labels = Object.fromEntries(names.flatMap((name) => (series.labels[name] ? [[name, series.labels[name]]] : [])))
  kept.set(series, labels)
  return labels
}

const asIs = (value: number) => value
const dayMs = 86_400_000

export const appliedLag = newestOf('etcdscope_raft_lag_entries', asIs, ['member'])
/** 1 for each raised alarm. One that is over is a 0, and left out. */
export const alarm = newestOf('etcdscope_alarm', (value) => (value > 0 ? 1 : null), ['member', 'type'])
export const hashDivergence = newestOf('etcdscope_hash_agrees', (agrees) => (agrees === 0 ? 1 : 0), ['member'])
export const failuresTolerated = newestOf('etcdscope_failures_tolerated', asIs, [])

/** How long a collector may say nothing before its silence counts: some of its intervals, whatever they are. */
const silentAfterMs = 15_000
const silentAfterIntervals = 3
/** How far back the last word of a collector is looked for that has died. */
const silenceReachMs = 6 * 3_600_000

/** What the collector says of itself; once it is silent, what that silence means. */
function ofCollector(metric: string, silent: (last: number, silentMs: number) => number): SampledState {
  return {
    kind: 'samples',
    metrics: () => ({ [metric]: silenceReachMs }),
    at: (view) =>
      view.series(metric).flatMap((series) => {
        const place = series.firstAfter(view.nowMs) - 1
        const [before, newest] = [series.rows[place - 1], series.rows[place]]
        if (newest === undefined || newest.atMs <= view.nowMs - silenceReachMs) return []
        const silentMs = view.nowMs - newest.atMs
        const usualMs = before === undefined ? 0 : newest.atMs - before.atMs
        const isSilent = silentMs > Math.max(silentAfterMs, silentAfterIntervals * usualMs)
        return [{ labels: {}, value: isSilent ? silent(newest.value, silentMs) : newest.value }]
      }),
  }
}

/** Nothing is stored while the collector is gone: the lag grows with its silence. */
export const recordingLag = ofCollector(
  'etcdscope_recording_lag_seconds',
  (lastSeconds, silentMs) => lastSeconds + silentMs / 1000,
)
/** Nobody reaches the cluster while the collector is gone. */
export const sourceReachable = ofCollector('etcdscope_source_reachable', () => 0)
export const certificateDaysLeft = newestOf(
  'etcdscope_certificate_expiry_time_seconds',
  (seconds, nowMs) => (seconds * 1000 - nowMs) / dayMs,
  ['endpoint'],
)
