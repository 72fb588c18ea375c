import { createHash } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../decodeObject'
import { objectAt } from '../status/fields'

/** What a change of generation changed: the pod template, only the number of replicas, or something else. Pure. */

/** A number of 48 bits for the pod template; null where a kind has none. Equal for equal content. */
export function templateHashOf(object: JsonObject): number | null {
  const { template } = objectAt(object, 'spec')
  if (!isJsonObject(template)) return null
  return hashOf(template)
}

/** The same for everything of the spec beside template and replicas. */
export function restHashOf(object: JsonObject): number {
  const { template: _template, replicas: _replicas, ...rest } = objectAt(object, 'spec')
  return hashOf(rest)
}

function hashOf(value: unknown): number {
  return createHash('sha1').update(canonical(value)).digest().readUIntBE(0, 6)
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isJsonObject(value)) return JSON.stringify(value, bigAsText) ?? 'null'
  const names = Object.keys(value).sort()
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`
}

/** Decoded objects may hold a 64-bit number. */
function bigAsText(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
