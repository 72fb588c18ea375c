import { bufferOf } from './decodeObject'

/** More than a person reads; a dump is about five times the size of its bytes. */
const maxBytes = 64 * 1024

/** Offset, sixteen bytes, and their ASCII, as `xxd` prints them; cut at 64 KiB, which the last line says. */
export function hexDump(value: Uint8Array): string {
  const bytes = bufferOf(value)
  const shown = Math.min(bytes.length, maxBytes)
  const lines: string[] = []
  for (let at = 0; at < shown; at += 16) {
    const row = bytes.subarray(at, Math.min(at + 16, shown))
    const hex = (row.toString('hex').match(/.{1,4}/g) ?? []).join(' ').padEnd(39)
    const ascii = row.toString('latin1').replace(/[^\x20-\x7e]/g, '.')
    lines.push(`${at.toString(16).padStart(8, '0')}: ${hex}  ${ascii}`)
  }
  if (shown < bytes.length) lines.push(`… ${bytes.length - shown} more bytes are not shown`)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
