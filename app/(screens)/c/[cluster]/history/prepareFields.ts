import type { DiffAnswer } from '../../../../../lib/contract'
import { type WordPart, wordDiff } from './wordDiff'

/** The fields that a change changed, as the side panel lists them. Pure and bounded. */

export interface FieldChange {
  readonly path: string
  readonly before: readonly WordPart[] | null
  readonly after: readonly WordPart[] | null
}

export interface FieldChanges {
  readonly fields: readonly FieldChange[]
  /** Fields that differ with every write and say nothing: counted, not listed. */
  readonly unimportant: number
  /** Left out because there are so many. */
  readonly more: number
}

const MOST_FIELDS = 40
const MOST_VALUE_CHARS = 600

const unimportantPath = /^metadata\.(resourceVersion|managedFields|generation)\b/

export function prepareFields(changes: DiffAnswer['changes']): FieldChanges {
  const important = changes.filter(({ path }) => !unimportantPath.test(path))
  // A write that touched nothing else is shown with what it touched.
  const listed = important.length === 0 ? changes.filter(({ path }) => !path.includes('managedFields')) : important
  return {
    fields: listed.slice(0, MOST_FIELDS).map(({ path, op, before, after }) => {
      const old = op === 'add' ? null : valueText(before)
      const now = op === 'remove' ? null : valueText(after)
      if (old !== null && now !== null) return { path: path || 'value', ...wordDiff(old, now) }
      return { path: path || 'value', before: allNew(old), after: allNew(now) }
    }),
    unimportant: changes.length - listed.length,
    more: Math.max(0, listed.length - MOST_FIELDS),
  }
}

/** Nothing to compare with: the line's own wash says it all. */
const allNew = (text: string | null) => (text === null ? null : [{ text, changed: false }])

/** Text as it is, anything else as JSON; long ones end in how much was cut. */
function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'null')
  if (text === '') return '""'
  if (text.length <= MOST_VALUE_CHARS) return text
  return `${text.slice(0, MOST_VALUE_CHARS)} … ${(text.length - MOST_VALUE_CHARS).toLocaleString('en-US')} characters more`
}

export interface RedactedWords {
  readonly before: string | null
  readonly after: string | null
  readonly changed: boolean
}

/** "14.2 KiB" of a redacted side; the fingerprints tell whether the two are equal. */
export function redactedWords(answer: Pick<DiffAnswer, 'before' | 'after'>): RedactedWords {
  const size = (text: string) => /redacted, ([\d.]+ [KMGi]*B)/.exec(text)?.[1] ?? null
  return { before: size(answer.before), after: size(answer.after), changed: answer.before !== answer.after }
}
