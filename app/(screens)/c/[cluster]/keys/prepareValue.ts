import type { ValueAnswer } from '../../../../_client/api'
import { exactBytes, formatBytes } from '../../../../_client/format'
import { breakLong, type CodeLine, codeText, textLines } from './codeLines'
import { bytesOfBase64, showBytes } from './keyName'
import { printJson } from './printJson'
import { printYaml } from './printYaml'

export type ValueTab = 'decoded' | 'raw' | 'hex'

/** Decoded exists where it differs from the stored text; bytes that nothing can be read from open as hex. */
export function tabsOf(encoding: ValueAnswer['encoding']): readonly ValueTab[] {
  if (encoding === 'kubernetes' || encoding === 'json') return ['decoded', 'raw', 'hex']
  return encoding === 'text' ? ['raw', 'hex'] : ['hex', 'raw']
}

export function tabOf(encoding: ValueAnswer['encoding'], wanted: string | null): ValueTab {
  const tabs = tabsOf(encoding)
  return tabs.find((tab) => tab === wanted) ?? tabs[0] ?? 'hex'
}

/** The stored bytes are asked for only where the answer does not hold them already. */
export function needsRaw(value: ValueAnswer, tab: ValueTab): boolean {
  return tab !== 'decoded' && value.text === undefined && value.base64 === undefined
}

/** How many managers stand in metadata.managedFields: bookkeeping that is longer than the object itself. */
export function managersOf(value: ValueAnswer): number {
  const fields = isObject(value.object) && isObject(value.object.metadata) ? value.object.metadata.managedFields : null
  return value.encoding === 'kubernetes' && Array.isArray(fields) ? fields.length : 0
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function withoutManagers(object: unknown): unknown {
  if (!isObject(object) || !isObject(object.metadata)) return object
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

export function decodedLines(value: ValueAnswer, managers: boolean): readonly CodeLine[] {
  if (value.encoding === 'kubernetes')
    return breakLong(printYaml(managers ? value.object : withoutManagers(value.object)))
  return breakLong(printJson(value.text ?? ''))
}

/** A file of it: with the line break at the end that YAML's block text counts on. */
export const decodedText = (value: ValueAnswer, managers: boolean): string =>
  `${codeText(decodedLines(value, managers))}\n`

/** Exactly what is stored, as far as it is text. */
export function rawLines(value: ValueAnswer): readonly CodeLine[] {
  return breakLong(textLines(value.text ?? showBytes(bytesOfBase64(value.base64 ?? '')).text))
}

export function rawBytes(value: ValueAnswer): Uint8Array {
  if (value.base64 !== undefined) return bytesOfBase64(value.base64)
  return new TextEncoder().encode(value.text ?? '')
}

/** What is copied from raw and hex: the text itself, or base64, which says the same and survives. */
export function rawCopy(value: ValueAnswer): { readonly label: string; readonly text: string } {
  if (value.text !== undefined) return { label: 'Copy text', text: value.text }
  return { label: 'Copy base64', text: value.base64 ?? '' }
}

export function redactedSentence(redacted: { readonly fingerprint: string; readonly valueBytes: number }): string {
  return `Value redacted, ${formatBytes(redacted.valueBytes)}, fingerprint ${redacted.fingerprint.slice(0, 16)}`
}

export function truncatedSentence(value: ValueAnswer): string {
  return `Only the first 2 MiB of ${formatBytes(value.valueBytes)} (${exactBytes(value.valueBytes)}) are shown.`
}
