import { isJsonObject, type JsonObject } from '../decodeObject'
import { objectAt, objectsAt, textAt } from '../status/fields'

/** Who an object is and whose it is. Pure; a field that cannot be read counts as absent. */

export interface OwnerReference {
  readonly group: string
  readonly kind: string
  readonly name: string
  readonly uid: string
}

export function groupOf(apiVersion: unknown): string {
  if (typeof apiVersion !== 'string') return ''
  const slash = apiVersion.indexOf('/')
  return slash === -1 ? '' : apiVersion.slice(0, slash)
}

export function metadataOf(object: JsonObject): JsonObject {
  return objectAt(object, 'metadata')
}

/** The owner that manages it; null without one. */
export function controllerOf(object: JsonObject): OwnerReference | null {
  const reference = objectsAt(metadataOf(object), 'ownerReferences').find((one) => one.controller === true)
  if (reference === undefined) return null
  return {
    group: groupOf(reference.apiVersion),
    kind: textAt(reference, 'kind') ?? '',
    name: textAt(reference, 'name') ?? '',
    uid: textAt(reference, 'uid') ?? '',
  }
}

export type Labels = Readonly<Record<string, string>>
const noLabels: Labels = {}

export function labelsIn(parent: JsonObject, name: string): Labels {
  const value = parent[name]
  if (!isJsonObject(value)) return noLabels
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return entries.length === 0 ? noLabels : Object.fromEntries(entries)
}

/** A Service's selector: an empty one selects nothing. */
export function selects(selector: Labels, labels: Labels): boolean {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value)
}

/** Epoch ms of a time field; null when it is absent or no time. */
export function timeAt(parent: JsonObject, name: string): number | null {
  const ms = Date.parse(textAt(parent, name) ?? '')
  return Number.isNaN(ms) ? null : ms
}
