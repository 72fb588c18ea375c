/**
 * What remains of a redacted value: sixteen bytes under a key that only this installation has. The first eight cover
 * the secret's content (type and entries), the last eight the whole stored value: equal content shows as equal across
 * namespaces and under changed labels, and any rewrite still shows as one. Behind them stand the entries, of Secrets
 * that have them in the usual form (secretEntries.ts); older records hold the sixteen bytes only.
 */
import { createHmac } from 'node:crypto'
import type { JsonObject } from './decodeObject'
import { readEntries, type SecretEntry, secretEntries, writeEntries } from './secretEntries'

const halfBytes = 8
const wholeBytes = 2 * halfBytes

export function fingerprintOf(key: Uint8Array, value: Uint8Array, object: JsonObject | null): Uint8Array {
  const content = object === null ? value : contentBytes(object, value)
  const whole = [half(key, 'content', content), half(key, 'value', value)]
  const entries = object === null ? null : secretEntries(object, (entry) => fingerprintOfEntry(key, entry))
  const written = entries === null ? null : writeEntries(entries)
  return Buffer.concat(written === null ? whole : [...whole, written])
}

export interface ReadFingerprint {
  readonly whole: Uint8Array
  /** Null where only the whole is known. */
  readonly entries: readonly SecretEntry[] | null
}

export function readFingerprint(stored: Uint8Array): ReadFingerprint {
  return { whole: stored.subarray(0, wholeBytes), entries: readEntries(stored.subarray(wholeBytes)) }
}

/** Of one entry of a Secret, or of a part redacted by its path: equal parts have equal ones wherever they stand. */
export function fingerprintOfEntry(key: Uint8Array, entry: Uint8Array): Buffer {
  return half(key, 'entry', entry)
}

/**
 * What counts as content: of a Secret its type and entries, of another object all but metadata and status. Undecodable
 * values (encrypted at rest) and those of no object have no content of their own: the value stands for it.
 */
function contentBytes(object: JsonObject, value: Uint8Array): Uint8Array {
  if (object.kind === 'Secret') {
    const entries = Object.entries((object.data ?? {}) as JsonObject).sort(([a], [b]) => (a < b ? -1 : 1))
    const { type = '', stringData = null, immutable = false } = object
    return Buffer.from(JSON.stringify([type, entries, stringData, immutable]))
  }
  if (typeof object.kind !== 'string') return value
  const { metadata: _, status: __, ...content } = object
  return Buffer.from(JSON.stringify(content))
}

function half(key: Uint8Array, purpose: string, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(purpose).update('\0').update(bytes).digest().subarray(0, halfBytes)
}

export function compareFingerprints(before: Uint8Array, after: Uint8Array): 'same' | 'rewritten' | 'changed' {
  const equal = (from: number) => Buffer.compare(before.subarray(from, from + 8), after.subarray(from, from + 8)) === 0
  if (!equal(0)) return 'changed'
  return equal(halfBytes) ? 'same' : 'rewritten'
}
