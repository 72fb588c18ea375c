'use client'

import type { ActivityBy } from '../../../../_client/api'
import { useUrlParam } from '../../../../_client/useUrlState'

export const byOptions = [
  { value: 'resource', label: 'Resource' },
  { value: 'namespace', label: 'Namespace' },
  { value: 'manager', label: 'Manager' },
  { value: 'op', label: 'Operation' },
  { value: 'key', label: 'Key' },
] as const satisfies readonly { value: ActivityBy; label: string }[]

export const metricOptions = [
  { value: 'changes', label: 'Changes' },
  { value: 'bytes', label: 'Bytes' },
] as const

export const topOptions = ['5', '8', '12', '25'].map((n) => ({ value: n, label: `Top ${n}` }))

/** What is stacked, from the address. Anything unreadable is the default. */
export function useActivityChoice() {
  const [by, setBy] = useUrlParam('by')
  const [metric, setMetric] = useUrlParam('metric')
  const [top, setTop] = useUrlParam('top')
  return {
    by: byOptions.find((one) => one.value === by)?.value ?? 'resource',
    metric: metricOptions.find((one) => one.value === metric)?.value ?? 'changes',
    top: topOptions.find((one) => one.value === top)?.value ?? '8',
    setBy: (value: string) => setBy(value === 'resource' ? null : value),
    setMetric: (value: string) => setMetric(value === 'changes' ? null : value),
    setTop: (value: string) => setTop(value === '8' ? null : value),
  }
}
