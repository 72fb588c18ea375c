import type { KeyName } from '../../../../_client/api'

/**
 * Keys are bytes. What is text is shown as text; bytes that are not, and characters that would not be seen or would
 * turn the line around, are written as escapes, so that two different keys never look the same.
 */

export interface Shown {
  readonly text: string
  /** Something was written as an escape: the copy of this text is not the key. */
  readonly escaped: boolean
}

/** Controls, invisible and direction-changing characters, line separators, lone surrogates. */
const unseen =
  /[\p{Cc}\p{Zl}\p{Zp}\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|\p{Surrogate}/gu
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

function escapeOf(char: string): string {
  const code = char.codePointAt(0) ?? 0
  return short[char] ?? (code < 0x80 ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`)
}

/** Valid text: a backslash stands doubled only where escapes are written too, so that both can be told apart. */
export function showText(text: string): Shown {
  if (text.search(unseen) === -1) return { text, escaped: false }
  return { text: text.replaceAll('\\', '\\\\').replace(unseen, escapeOf), escaped: true }
}

/** Bytes: their valid UTF-8 as text, every other byte as `\xNN`. */
export function showBytes(bytes: Uint8Array): Shown {
  let text = ''
  let escaped = false
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceAt(bytes, at)
    if (length === 0) {
      text += `\\x${hex(bytes[at] ?? 0, 2)}`
      escaped = true
      at += 1
      continue
    }
    text += strict.decode(bytes.subarray(at, at + length)).replaceAll('\\', '\\\\')
    at += length
  }
  if (!escaped) return showText(text.replaceAll('\\\\', '\\'))
  return { text: text.replace(unseen, escapeOf), escaped: true }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Length of the valid UTF-8 sequence that begins here; 0 when there is none. */
function sequenceAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length <= 1) return length
  try {
    strict.decode(bytes.subarray(at, at + length))
    return length
  } catch {
    return 0 // the decoder's only way to say "not UTF-8"
  }
}

export function bytesOfBase64(base64: string): Uint8Array {
  const binary = atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

/** What of a key stands behind its branch. */
export function showName(name: KeyName, behindBytes: number, behindText: string): Shown {
  if (name.keyBase64 !== undefined) return showBytes(bytesOfBase64(name.keyBase64).subarray(behindBytes))
  return showText((name.key ?? '').slice(behindText.length))
}

export const showKey = (name: KeyName): Shown => showName(name, 0, '')

/** The parameters that name a key in a link to another screen. */
export function nameParams({ key, keyBase64 }: KeyName): string {
  return keyBase64 === undefined ? `key=${encodeURIComponent(key ?? '')}` : `keyBase64=${encodeURIComponent(keyBase64)}`
}

/** A lease as `etcdctl lease list` prints it: 16 hex digits. */
export function leaseHex(leaseId: string): string {
  return BigInt(leaseId).toString(16).padStart(16, '0')
}

/** The branches that a key lies in, from the outside: `/a/b` lies in `/` and `/a/`. */
export function branchesOf(key: string): readonly string[] {
  const found: string[] = []
  for (let at = key.indexOf('/'); at !== -1 && at < key.length; at = key.indexOf('/', at + 1)) {
    found.push(key.slice(0, at + 1))
  }
  return found
}

/** The branch that a key stands in; empty when it stands in none. */
export const branchOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1)
