/**
 * Short strings of stored objects repeat endlessly (labels, reasons, image names, times). A direct-mapped table of
 * the last ones seen hands back the same string instead of building it again, which halves the cost of decoding.
 * Bounded: 8,192 strings of at most 48 bytes.
 */
const slots = 8192
const maxBytes = 48
const table: (string | undefined)[] = new Array(slots)

/** The text of `bytes[at, end)`, invalid UTF-8 replaced as Go does. */
export function internText(bytes: Buffer, at: number, end: number): string {
  const length = end - at
  if (length === 0) return ''
  if (length > maxBytes) return bytes.toString('utf8', at, end)
  let hash = length
  for (let i = at; i < end; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0
  const slot = (hash ^ (hash >>> 13)) & (slots - 1)
  const held = table[slot]
  if (held !== undefined && sameText(held, bytes, at, length)) return held
  const text = bytes.toString('utf8', at, end)
  table[slot] = text
  return text
}

/** Only ASCII can be equal here: a longer character has another length or code than its bytes. */
function sameText(text: string, bytes: Buffer, at: number, length: number): boolean {
  if (text.length !== length) return false
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i)
    if (code >= 0x80 || code !== bytes[at + i]) return false
  }
  return true
}
