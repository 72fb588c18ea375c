import type { WorkloadAnswer } from '../../contract'
import type { ClusterRow } from '../../store/store'
import type { KeyName } from '../../store/workloadStore'
import { timeOf, timeOrNull } from '../instant'
import type { Scope } from '../scope'
import { type Belongings, endedBy, textOfKey } from './belongings'
import { kindOfResource } from './insightItems'
import type { Span } from './span'

/** What a workload belongs to, what belongs to it, and what it hangs together with otherwise. */
export async function relativesOf(
  _scope: Scope,
  _cluster: ClusterRow,
  span: Span,
  _workload: KeyName,
  { between, pods, names }: Belongings,
): Promise<Pick<WorkloadAnswer, 'ownership' | 'autoscaler' | 'volumes'>> {
  const ownership = [...between, ...pods]
    .filter(({ ownerId, keyId }) => ownerId !== keyId)
    .map((row) => {
      const name = names.get(row.keyId)
      return {
        kind: kindOfResource(name?.resource ?? null),
        group: '',
        resource: name?.resource ?? '',
        namespace: name?.namespace ?? null,
        name: name?.name ?? '',
        key: textOfKey(name),
        relation: 'owned' as const,
        of: textOfKey(names.get(row.ownerId)),
        from: timeOf(row.fromMs),
        to: endedBy(row, span.to) ? timeOrNull(row.toMs) : null,
        status: null,
        reason: null,
      }
    })
  return { ownership, autoscaler: null, volumes: [] }
}
