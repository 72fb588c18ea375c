import type { OwnedObject } from '../../contract'
import { controllerOf, metadataOf, timeAt } from '../../kubernetes/workload/identity'
import type { ClusterRow } from '../../store/store'
import type { KeyName } from '../../store/workloadStore'
import { timeOf } from '../instant'
import type { Scope } from '../scope'
import { textOfKey } from './belongings'
import type { ObjectsThen } from './objectsThen'
import type { Span } from './span'

/** The controllers above an object at the end of a range, the nearest first, as its owner references name them. */

const maxLevels = 4

export async function ownersOf(
  { reader }: Scope,
  cluster: ClusterRow,
  span: Span,
  objects: ObjectsThen,
  workload: KeyName,
): Promise<OwnedObject[]> {
  const owners: OwnedObject[] = []
  let at = textOfKey(workload)
  for (let level = 0; level < maxLevels; level++) {
    const found = await objects.read(at)
    const owner = found === null ? null : controllerOf(found.object)
    if (found === null || owner === null) return owners
    const { kind, group, name } = owner
    // Owners stand in the namespace of what they own, or in none.
    const { namespace } = workload
    const tracked = await reader.findTracked(cluster, span.epoch, { kind, group, namespace, name })
    const key = textOfKey(tracked ?? undefined)
    const step = tracked === null ? null : await reader.trackedStep(cluster, span.epoch, tracked.keyId, span.to)
    owners.push({
      kind,
      group,
      resource: tracked?.resource ?? '',
      namespace: tracked === null ? namespace : tracked.namespace,
      name,
      key,
      relation: 'owner',
      of: at,
      from: timeOf(timeAt(metadataOf(found.object), 'creationTimestamp') ?? span.fromMs),
      to: null,
      status: step === null || step.status === 'gone' || step.status === 'unrecorded' ? null : step.status,
      reason: step?.reason ?? null,
    })
    if (tracked === null) return owners
    at = key
  }
  return owners
}
