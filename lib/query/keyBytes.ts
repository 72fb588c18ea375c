import { ScopeError } from '../core/errors'

/** Keys are bytes; outside they are text when they are valid UTF-8, else base64. */

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

export function bytesOfText(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Null when the bytes are not valid UTF-8. */
export function textOfBytes(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null // the decoder's only way to say "not UTF-8"
  }
}

export function keyFieldsOf(key: Uint8Array): { key: string } | { keyBase64: string } {
  const text = textOfBytes(key)
  return text === null ? { keyBase64: Buffer.from(key).toString('base64') } : { key: text }
}

/** The one key that a request names. Rejects with BAD_REQUEST when it names none or two. */
export function keyOf(input: { key?: string | undefined; keyBase64?: string | undefined }): Uint8Array {
  const key = keyIfGiven(input)
  if (!key)
    throw new ScopeError('BAD_REQUEST', 'key is missing: give key, or keyBase64 for one that is not text.', {
      subject: 'key',
    })
  return key
}

export function keyIfGiven(input: { key?: string | undefined; keyBase64?: string | undefined }): Uint8Array | null {
  if (input.key !== undefined && input.keyBase64 !== undefined) {
    throw new ScopeError('BAD_REQUEST', 'Give key or keyBase64, not both.', { subject: 'keyBase64' })
  }
  if (input.key !== undefined) return bytesOfText(input.key)
  if (input.keyBase64 === undefined) return null
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(input.keyBase64)) {
    throw new ScopeError('BAD_REQUEST', 'keyBase64 is not base64.', { subject: 'keyBase64' })
  }
  return new Uint8Array(Buffer.from(input.keyBase64, 'base64'))
}

/** [from, to) of all keys with the prefix; an empty `to` means to the end. */
export function prefixRange(prefix: string | Uint8Array): { from: Uint8Array; to: Uint8Array } {
  const from = typeof prefix === 'string' ? bytesOfText(prefix) : prefix
  for (let i = from.length - 1; i >= 0; i--) {
    const byte = from[i]
    if (byte !== undefined && byte < 0xff) {
      // A Buffer's own slice would share its memory.
      const to = Uint8Array.prototype.slice.call(from, 0, i + 1)
      to[i] = byte + 1
      return { from, to }
    }
  }
  return { from, to: new Uint8Array(0) }
}

/** The prefix that a request names, as text or base64; everything when it names none. Rejects with BAD_REQUEST. */
export function prefixOf(input: { prefix?: string | undefined; prefixBase64?: string | undefined }): Uint8Array {
  if (input.prefixBase64 === undefined) return bytesOfText(input.prefix ?? '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(input.prefixBase64)) {
    throw new ScopeError('BAD_REQUEST', 'prefixBase64 is not base64.', { subject: 'prefixBase64' })
  }
  return new Uint8Array(Buffer.from(input.prefixBase64, 'base64'))
}
