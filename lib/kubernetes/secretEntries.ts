/**
 * The entries of a redacted Secret: name, length and a keyed fingerprint each, stored behind the fingerprint of the
 * whole as a version byte and then, for each entry in the order of names:
 *
 *   u8 length of the name ‖ name ‖ u32 length of the value, little-endian ‖ 8 bytes fingerprint
 *
 * Names are no secret, values are. A Secret that this form cannot hold, or that is not made as the apiserver makes
 * them, has the fingerprint of the whole only.
 */
import { isJsonObject, type JsonObject } from './decodeObject'

export interface SecretEntry {
  readonly name: string
  readonly valueBytes: number
  /** Equal values have equal ones, whatever entry of whatever Secret they stand in. */
  readonly fingerprint: Uint8Array
}

const formVersion = 1
const maxEntries = 256
const maxBytes = 4096
const fingerprintBytes = 8
/** What the apiserver accepts as the name of an entry. */
const validName = /^[-._A-Za-z0-9]{1,253}$/

/** Null when the object is no Secret with entries as the apiserver writes them, or has too many. */
export function secretEntries(
  secret: JsonObject,
  fingerprint: (value: Uint8Array) => Uint8Array,
): readonly SecretEntry[] | null {
  const { kind, data = {}, stringData = {} } = secret
  if (kind !== 'Secret' || !isJsonObject(data) || !isJsonObject(stringData)) return null
  const values = new Map<string, Uint8Array>()
  for (const [encoding, fields] of [['base64', data] as const, ['utf8', stringData] as const]) {
    for (const [name, text] of Object.entries(fields)) {
      // An entry without bytes may be stored as null.
      if (!validName.test(name) || (typeof text !== 'string' && text !== null)) return null
      values.set(name, Buffer.from(text ?? '', encoding))
    }
  }
  if (values.size > maxEntries) return null
  return [...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, valueBytes: value.length, fingerprint: fingerprint(value) }))
}

/** Null when the entries take more than 4 KiB. */
export function writeEntries(entries: readonly SecretEntry[]): Uint8Array | null {
  const parts: Uint8Array[] = [Uint8Array.of(formVersion)]
  for (const { name, valueBytes, fingerprint } of entries) {
    const length = Buffer.alloc(4)
    length.writeUInt32LE(valueBytes)
    parts.push(Uint8Array.of(name.length), Buffer.from(name, 'latin1'), length, fingerprint)
  }
  const bytes = Buffer.concat(parts)
  return bytes.length > maxBytes ? null : bytes
}

/** Null for nothing, for a later form, and for bytes that are not whole. */
export function readEntries(stored: Uint8Array): readonly SecretEntry[] | null {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  if (bytes[0] !== formVersion) return null
  const entries: SecretEntry[] = []
  for (let at = 1; at < bytes.length; ) {
    const nameEnd = at + 1 + (bytes[at] ?? 0)
    const end = nameEnd + 4 + fingerprintBytes
    if (end > bytes.length) return null
    entries.push({
      name: bytes.toString('latin1', at + 1, nameEnd),
      valueBytes: bytes.readUInt32LE(nameEnd),
      fingerprint: Uint8Array.prototype.slice.call(bytes, nameEnd + 4, end),
    })
    at = end
  }
  return entries
}

const maxNamed = 6

/** `Secret entry tls.crt replaced, entry ca.crt added`; null when no entry differs or either side is not known. */
export function entriesSummary(
  before: readonly SecretEntry[] | null,
  after: readonly SecretEntry[] | null,
): string | null {
  if (before === null || after === null) return null
  const old = new Map(before.map((entry) => [entry.name, entry]))
  const now = new Map(after.map((entry) => [entry.name, entry]))
  const words = [
    ...after.flatMap(({ name, fingerprint }) => {
      const known = old.get(name)
      if (known === undefined) return [`${name} added`]
      return Buffer.compare(known.fingerprint, fingerprint) === 0 ? [] : [`${name} replaced`]
    }),
    ...before.flatMap(({ name }) => (now.has(name) ? [] : [`${name} removed`])),
  ]
  if (words.length === 0) return null
  const shown = words.slice(0, maxNamed).map((word, i) => `${i === 0 ? 'Secret entry' : 'entry'} ${word}`)
  const more = words.length > maxNamed ? ` and ${words.length - maxNamed} more` : ''
  const text = `${shown.join(', ')}${more}`
  return text.length > 300 ? `${text.slice(0, 299)}…` : text
}
