import { decodeValue } from '../kubernetes/decodedObjects'
import { unknown } from '../kubernetes/status/result'
import { factsOf, type ObjectFacts } from '../kubernetes/workload/facts'
import type { ObjectRow } from '../store'

/**
 * What a stored version says. Null when it says nothing of workloads. A version that cannot be read leaves what was
 * known before, with the status Unknown.
 */
export function readFacts(row: ObjectRow, before: ObjectFacts | null): ObjectFacts | null {
  const decoded = row.value === null ? null : decodeValue(row.value)
  if (decoded?.object == null) {
    const why = decoded?.failure ?? 'its value is not stored in a form that can be read'
    return before && { ...before, status: unknown('Unreadable', `The object cannot be evaluated: ${why}.`) }
  }
  return factsOf(row.resource ?? '', decoded.object, row.atMs, before)
}
