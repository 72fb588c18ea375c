import type { ValueRow } from '../store/store'
import { entriesOf, fingerprintOf } from './value'

/**
 * Says whether a secret changed without saying what it is: equal fingerprints are equal values. A line for the whole,
 * then one for each entry that is known.
 */
export function redactedText(row: ValueRow): string {
  const whole = `redacted, ${sizeOf(row.valueBytes)}, fingerprint ${fingerprintOf(row)}\n`
  const entries = Object.entries(redactedEntries(row) ?? {})
  return `${whole}${entries.map(([name, words]) => `${name}: ${words}\n`).join('')}`
}

/** Each entry of a Secret in words that differ when its value does; null when only the whole is known. */
export function redactedEntries(row: ValueRow): Readonly<Record<string, string>> | null {
  const entries = entriesOf(row)
  if (entries === null) return null
  return Object.fromEntries(
    entries.map(({ name, valueBytes, fingerprint }) => [name, `${sizeOf(valueBytes)}, fingerprint ${fingerprint}`]),
  )
}

function sizeOf(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1024 / 1024).toFixed(2)} MiB`
}
