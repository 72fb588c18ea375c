/**
 * What a value is, told from its own bytes. Never throws, whatever the bytes. The note says in one sentence why a
 * value is shown as less than it may be.
 */
import { bufferOf, decodeObject, isJsonObject, isKubernetesProtobuf, type JsonObject } from './decodeObject'

export type Recognised =
  | { readonly encoding: 'kubernetes'; readonly object: JsonObject; readonly note: string | null }
  | { readonly encoding: 'json'; readonly object: unknown; readonly text: string; readonly note: null }
  | { readonly encoding: 'text'; readonly text: string; readonly note: null }
  | { readonly encoding: 'encrypted' | 'binary'; readonly note: string }

const partialNote = 'Some fields are newer than the tables of Kubernetes 1.36 and are not shown.'

export function recogniseValue(value: Uint8Array): Recognised {
  const bytes = bufferOf(value)
  if (isKubernetesProtobuf(bytes)) return recogniseProtobuf(bytes)
  if (startsWith(bytes, 'k8s:enc:')) return { encoding: 'encrypted', note: encryptionNote(bytes) }
  if (bytes[0] === 0xd9 && bytes[1] === 0xd9 && bytes[2] === 0xf7) {
    return { encoding: 'binary', note: 'A CBOR value, which custom resources may be stored as; it is not decoded.' }
  }
  const text = plainText(bytes)
  if (text === null) return { encoding: 'binary', note: 'The value is neither text nor a format known here.' }
  return recogniseJson(text) ?? { encoding: 'text', text, note: null }
}

function recogniseProtobuf(bytes: Buffer): Recognised {
  const decoded = decodeObject(bytes)
  if (decoded.object !== undefined) {
    return { encoding: 'kubernetes', object: decoded.object, note: decoded.partial ? partialNote : null }
  }
  return { encoding: 'binary', note: `Starts like a Kubernetes object but cannot be decoded: ${decoded.failure}.` }
}

function recogniseJson(text: string): Recognised | null {
  const parsed = parseContainer(text)
  if (parsed === undefined) return null
  if (isKubernetesJson(parsed)) return { encoding: 'kubernetes', object: parsed, note: null }
  return { encoding: 'json', object: parsed, text, note: null }
}

/** A JSON object or array; undefined for everything else. A bare number or string is a text, not a document. */
export function parseContainer(text: string): unknown {
  const first = /^\s*([[{])/.exec(text.slice(0, 64))
  if (first === null) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined // looks like JSON, is not: a text like any other
  }
}

export function isKubernetesJson(value: unknown): value is JsonObject {
  return (
    isJsonObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJsonObject(value.metadata)
  )
}

const encrypted = /^k8s:enc:(kms:v[12]|aescbc:v1|aesgcm:v1|secretbox:v1|[a-z0-9]+:v[0-9]+):([^:]*):/

/** Provider and key name stand readable before the ciphertext. */
function encryptionNote(bytes: Buffer): string {
  const match = encrypted.exec(bytes.toString('latin1', 0, 512))
  if (match === null) return 'Encrypted at rest by the apiserver.'
  const provider = (match[1] ?? '').startsWith('kms') ? match[1]?.replace(':', ' ') : match[1]?.split(':')[0]
  const named = /^[\x20-\x7e]{1,200}$/.test(match[2] ?? '') ? ` with key ${match[2]}` : ''
  return `Encrypted at rest by the apiserver (${provider})${named}.`
}

function startsWith(bytes: Buffer, prefix: string): boolean {
  return bytes.length >= prefix.length && bytes.toString('latin1', 0, prefix.length) === prefix
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text of valid UTF-8 without control characters other than tab, line feed, form feed, return; else null. */
export function plainText(bytes: Uint8Array): string | null {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d) return null
  }
  try {
    return strict.decode(bytes)
  } catch {
    return null // not UTF-8
  }
}
