import type { WorkloadItem, WorkloadStatus } from '../../../../../lib/contract'
import type { StepPoint } from '../../../../_charts/prepareSeries'

/** From a workload's steps to the lines and washes of a chart. Pure. */

export interface Wash {
  readonly fromMs: number
  readonly toMs: number
  readonly tone: 'info' | 'critical' | 'unknown'
  readonly statuses: readonly WorkloadStatus[]
}

const tones = { InProgress: 'info', Failed: 'critical', Terminating: 'info', Unknown: 'unknown' } as const

interface StatusStep {
  readonly ms: number
  /** Null: it was not there, or that is not recorded. */
  readonly status: WorkloadStatus | null
}

/** When it was not Current, and how: stretches of one tone, the last one up to the end. */
export function statusWashes(steps: readonly StatusStep[], endMs: number): readonly Wash[] {
  const washes: Wash[] = []
  steps.forEach(({ ms, status }, index) => {
    const toMs = Math.min(endMs, steps[index + 1]?.ms ?? endMs)
    if (status === null || status === 'Current' || toMs <= ms) return
    const tone = tones[status]
    const last = washes[washes.length - 1]
    if (last !== undefined && last.toMs === ms && last.tone === tone) {
      const known = last.statuses.includes(status)
      washes[washes.length - 1] = { ...last, toMs, statuses: known ? last.statuses : [...last.statuses, status] }
    } else washes.push({ fromMs: ms, toMs, tone, statuses: [status] })
  })
  return washes
}

export interface ItemLines {
  readonly desired: readonly StepPoint[]
  readonly actual: readonly StepPoint[]
  readonly washes: readonly Wash[]
}

export function itemLines(item: Pick<WorkloadItem, 'steps'>, endMs: number): ItemLines | null {
  if (item.steps === null) return null
  return {
    desired: item.steps.map(({ t, desired }) => [t, desired] as const),
    actual: item.steps.map(({ t, available }) => [t, available] as const),
    washes: statusWashes(
      item.steps.map(({ t, status }) => ({ ms: t, status })),
      endMs,
    ),
  }
}
