/** The differences between two versions of one Kubernetes object, by the part of the object that they are in. */
import { isJsonObject, type JsonObject } from './decodeObject'
import { type Difference, differences } from './differences'

export interface ObjectChange {
  /** Everything that is desired state or content: spec, data, rules, … */
  readonly desired: readonly Difference[]
  readonly metadata: readonly Difference[]
  readonly status: readonly Difference[]
}

/** More per part than a summary names; classing needs one. */
const limit = 60

/** Fields that the apiserver keeps for itself: they follow other changes and are none of their own. */
const ownFields = new Set(['managedFields', 'resourceVersion', 'generation', 'selfLink'])
/** A moved storage version rewrites the object without changing it. */
const separate = new Set(['metadata', 'status', 'apiVersion', 'kind'])

/** Maps and lists whose entries are told one by one even when the first is added or the last removed. */
const emptyParts: Readonly<Record<string, unknown>> = {
  annotations: {},
  binaryData: {},
  conditions: [],
  data: {},
  finalizers: [],
  labels: {},
}

export function changeOfObject(before: JsonObject, after: JsonObject): ObjectChange {
  const desired = differences(contentOf(before), contentOf(after), [], limit)
  const metadata = differences(metadataOf(before), metadataOf(after), ['metadata'], limit)
  if (before.apiVersion !== after.apiVersion) {
    metadata.push({ path: ['apiVersion'], before: before.apiVersion, after: after.apiVersion })
  }
  return { desired, metadata, status: differences(statusOf(before), statusOf(after), ['status'], limit) }
}

function contentOf(object: JsonObject): JsonObject {
  const rest = without(object, separate)
  if (object.kind !== 'ConfigMap') return rest
  return { ...rest, data: rest.data ?? emptyParts.data, binaryData: rest.binaryData ?? emptyParts.binaryData }
}

function statusOf(object: JsonObject): unknown {
  if (object.status === undefined) return undefined
  return isJsonObject(object.status) && object.status.conditions === undefined
    ? { ...object.status, conditions: emptyParts.conditions }
    : object.status
}

function without(object: JsonObject, names: ReadonlySet<string>): JsonObject {
  const rest: JsonObject = {}
  for (const [name, value] of Object.entries(object)) if (!names.has(name)) rest[name] = value
  return rest
}

function metadataOf(object: JsonObject): JsonObject {
  if (!isJsonObject(object.metadata)) return {}
  const metadata = without(object.metadata, ownFields)
  for (const part of ['annotations', 'finalizers', 'labels']) metadata[part] ??= emptyParts[part]
  return metadata
}
