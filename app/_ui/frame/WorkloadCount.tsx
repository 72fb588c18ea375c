'use client'

import { formatCount } from '../../_client/format'
import { useWorkloadCounts } from '../../_client/workloadQueries'
import { StatusMark } from '../StatusMark'

/** How many workloads are not Current now, in the rail; nothing while all are. */
export function WorkloadCount({ cluster }: { cluster: string }) {
  const { data } = useWorkloadCounts(cluster)
  if (data === undefined) return null
  const { counts } = data
  const bad = counts.total - counts.Current
  if (bad === 0) return null
  const words = `${formatCount(bad)} of ${formatCount(counts.total)} workloads are not Current`
  return (
    <span className="rail-count" title={words}>
      <StatusMark tone={counts.Failed > 0 ? 'critical' : 'progress'} />
      {formatCount(bad)}
      <span className="visually-hidden"> not Current</span>
    </span>
  )
}
