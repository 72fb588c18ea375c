/**
 * Reads fields of objects as kstatus does: a field that is missing or of another type counts as absent, and a number
 * with a fraction is no number. Conditions are the exception: one that cannot be read makes the whole unreadable.
 */
import { isJsonObject, type JsonObject } from '../decodeObject'

export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export function objectAt(parent: JsonObject, name: string): JsonObject {
  const value = parent[name]
  return isJsonObject(value) ? value : {}
}

export function objectsAt(parent: JsonObject, name: string): JsonObject[] {
  const value = parent[name]
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

export function textAt(parent: JsonObject, name: string): string | null {
  const value = parent[name]
  return typeof value === 'string' ? value : null
}

export function integerAt(parent: JsonObject, name: string): number | null {
  const value = parent[name]
  return Number.isSafeInteger(value) ? Number(value) : null
}

/** The conditions of `status`; null when they cannot be read. An object without status has none. */
export function conditionsOf(object: JsonObject): readonly Condition[] | null {
  const { status } = object
  if (status === undefined || status === null) return none
  if (!isJsonObject(status)) return null
  const { conditions } = status
  if (conditions === undefined || conditions === null) return none
  if (!Array.isArray(conditions)) return null
  const read: Condition[] = []
  for (const one of conditions) {
    const condition = isJsonObject(one) ? readCondition(one) : null
    if (condition === null) return null
    read.push(condition)
  }
  return read
}

const none: readonly Condition[] = []

function readCondition(one: JsonObject): Condition | null {
  const [type, status, reason, message] = [one.type, one.status, one.reason, one.message].map(wordOf)
  if (type == null || status == null || reason == null || message == null) return null
  return { type, status, reason, message }
}

/** Absent is the empty word; anything else that is no text is null. */
function wordOf(value: unknown): string | null {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : null
}
