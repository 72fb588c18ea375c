import { isJsonObject, type JsonObject } from './decodeObject'
import type { Difference } from './differences'
import type { ObjectChange } from './objectChange'

/** How the summary of such a write begins: the change log and the rules find it by its words. */
export const outsideWords = 'written outside the apiserver'

/**
 * Whether an update cannot have come through the apiserver: it moves the generation with every change of the spec, and
 * the time of a manager with every field that is set. Who writes to etcd directly does neither. Said only on proof:
 * two versions of one object (same uid), both managed.
 */
export function isOutsideWrite(
  before: JsonObject,
  after: JsonObject,
  change: ObjectChange,
  observedMs: number | null,
): boolean {
  const [old, now] = [metadataOf(before), metadataOf(after)]
  if (old.uid === undefined || old.uid !== now.uid) return false
  if (!isManaged(old) || !isManaged(now)) return false
  return generationStoodStill(old, now, change) || nobodyWrote(old, now, change, observedMs)
}

function metadataOf(object: JsonObject): JsonObject {
  return isJsonObject(object.metadata) ? object.metadata : {}
}

function isManaged(metadata: JsonObject): boolean {
  return Array.isArray(metadata.managedFields) && metadata.managedFields.length > 0
}

/** New fields alone may be defaults that a newer apiserver filled in, or the binding of a Pod to its node. */
function generationStoodStill(old: JsonObject, now: JsonObject, change: ObjectChange): boolean {
  if (typeof old.generation !== 'number' || old.generation !== now.generation) return false
  return change.desired.some((d) => d.path[0] === 'spec' && d.before !== undefined)
}

/**
 * Managers' times have whole seconds, so two writes within one leave equal entries: only a write seen long after the
 * newest entry tells. A back-filled change was seen at no time, and nothing is said of it.
 */
const longAfterMs = 60_000

function nobodyWrote(old: JsonObject, now: JsonObject, change: ObjectChange, observedMs: number | null): boolean {
  if (observedMs === null || JSON.stringify(old.managedFields) !== JSON.stringify(now.managedFields)) return false
  const newestMs = newestEntryMs(now)
  if (newestMs === null || observedMs - newestMs < longAfterMs) return false
  const all = [...change.desired, ...change.metadata, ...change.status]
  return !all.some(isBinding) && all.some((d) => d.after !== undefined && needsManager(d))
}

function newestEntryMs(metadata: JsonObject): number | null {
  const entries = Array.isArray(metadata.managedFields) ? metadata.managedFields.filter(isJsonObject) : []
  const times = entries.map(({ time }) => (typeof time === 'string' ? Date.parse(time) : Number.NaN))
  return times.length === 0 || times.some(Number.isNaN) ? null : Math.max(...times)
}

/** The scheduler binds a Pod through a subresource that leaves no entry. */
function isBinding({ path, before }: Difference): boolean {
  return path[0] === 'spec' && path[1] === 'nodeName' && before === undefined
}

/** What the apiserver writes in its own name, without an entry. */
const unmanaged = new Set(['deletionTimestamp', 'deletionGracePeriodSeconds', 'finalizers', 'ownerReferences'])

function needsManager({ path }: Difference): boolean {
  return !(path[0] === 'metadata' && unmanaged.has(path[1] ?? ''))
}
