import type { WorkloadAnswer, WorkloadPod } from '../../contract'
import type { ClusterRow } from '../../store/store'
import type { Scope } from '../scope'
import type { Span } from './span'

/** Config at start, summed over the Pods of a workload. */
export async function workloadConfig(
  _scope: Scope,
  _cluster: ClusterRow,
  _span: Span,
  _pods: readonly WorkloadPod[],
): Promise<WorkloadAnswer['config']> {
  return []
}
