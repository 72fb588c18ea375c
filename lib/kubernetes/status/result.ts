import type { WorkloadStatus } from '../../contract/workload'

/** What kstatus says of an object. `reason` is that of the condition it sets; a Current object has none. */
export interface ObjectStatus {
  readonly status: WorkloadStatus
  readonly reason: string | null
  readonly message: string | null
}

export function current(message: string): ObjectStatus {
  return { status: 'Current', reason: null, message }
}

/** The words of a condition may be empty: then there are none. */
export function inProgress(reason: string, message: string): ObjectStatus {
  return { status: 'InProgress', reason: reason || null, message: message || null }
}

export function failed(reason: string, message: string): ObjectStatus {
  return { status: 'Failed', reason: reason || null, message: message || null }
}

/** Where kstatus returns an error instead of a status. */
export function unknown(reason: string, message: string): ObjectStatus {
  return { status: 'Unknown', reason, message }
}
