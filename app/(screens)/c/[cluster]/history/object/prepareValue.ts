import type { z } from 'zod'
import type { valueAnswer } from '../../../../../../lib/contract'

/** How one value can be shown: as what it is, and as the bytes it is made of. Pure and bounded. */

export type ValueForm = 'yaml' | 'json' | 'text' | 'hex'
type Value = z.infer<typeof valueAnswer>

const BYTES_A_LINE = 16
/** A browser draws what is in sight; this bounds what it has to keep. */
export const MOST_LINES = 50_000
/** A longer line is cut where it is drawn; copying takes the whole value. */
export const MOST_LINE_CHARS = 2000

export function formsOf(
  value: Pick<Value, 'encoding' | 'redacted' | 'base64' | 'object' | 'text'>,
): readonly ValueForm[] {
  if (value.redacted !== null) return []
  const forms: ValueForm[] = []
  if (value.encoding === 'kubernetes') forms.push('yaml')
  if (value.object !== undefined) forms.push('json')
  if (value.text !== undefined) forms.push('text')
  if (value.base64 !== undefined || value.text !== undefined) forms.push('hex')
  return forms
}

/** What a form shows; the printed form is the server's, the same as in the diff. */
export function valueText(value: Value, form: ValueForm, printed: string): string {
  if (form === 'yaml') return printed
  if (form === 'json') return JSON.stringify(value.object, null, 2) ?? ''
  if (form === 'text') return value.text ?? ''
  return hexDump(bytesOf(value))
}

function bytesOf({ base64, text }: Value): Uint8Array {
  if (base64 === undefined) return new TextEncoder().encode(text ?? '')
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}

/** `00000010  68 65 …  |hello|`, at most {@link MOST_LINES} lines. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length && lines.length < MOST_LINES; at += BYTES_A_LINE) {
    const part = bytes.subarray(at, at + BYTES_A_LINE)
    const hex = Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const text = Array.from(part, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('')
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(BYTES_A_LINE * 3 - 1)}  |${text}|`)
  }
  return lines.join('\n')
}

/** As much as the server prints of one value. */
const MOST_PRINTED = 2 * 1024 * 1024

/** A printed value of exactly this length was cut there. */
export const isCut = (printed: string): boolean => printed.length >= MOST_PRINTED

export interface ShownLines {
  readonly lines: readonly string[]
  /** A plain sentence about what is not shown; null when all of it is. */
  readonly cut: string | null
}

export function shownLines(text: string, truncated: boolean): ShownLines {
  const all = text.split('\n')
  if (all.at(-1) === '') all.pop()
  const lines = all.length > MOST_LINES ? all.slice(0, MOST_LINES) : all
  const longest = lines.some((line) => line.length > MOST_LINE_CHARS)
  const words: string[] = []
  if (truncated) words.push('The value is longer than 2 MiB: its beginning is shown.')
  if (lines.length < all.length)
    words.push(
      `The first ${MOST_LINES.toLocaleString('en-US')} of ${all.length.toLocaleString('en-US')} lines are shown.`,
    )
  if (longest)
    words.push(`Lines are cut after ${MOST_LINE_CHARS.toLocaleString('en-US')} characters; copying takes them whole.`)
  return { lines, cut: words.length === 0 ? null : words.join(' ') }
}

export function cutLine(text: string): string {
  return text.length > MOST_LINE_CHARS
    ? `${text.slice(0, MOST_LINE_CHARS)} … ${(text.length - MOST_LINE_CHARS).toLocaleString('en-US')} more`
    : text
}
