import type { SampleInput } from '../store'
import type { CollectorView } from './collectorStatus'

/** How the recording itself is doing, as samples: rules ask for it at any moment of the past. */
export function recordingSamples({ state, lagMs }: CollectorView): SampleInput[] {
  const gauge = (metric: string, value: number): SampleInput => {
    return { metric, labels: {}, kind: 'gauge', value, spanMs: 0 }
  }
  const reachable = gauge('etcdscope_source_reachable', state === 'live' || state === 'backfilling' ? 1 : 0)
  return lagMs === null ? [reachable] : [reachable, gauge('etcdscope_recording_lag_seconds', lagMs / 1000)]
}
