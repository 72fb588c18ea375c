import type { BlameAnswer } from '../contract'
import { presentValue, printValue } from '../kubernetes/presentValue'
import type { ChangeRow, ValueRow } from '../store/store'
import { redactedEntries, redactedText } from './redactedText'

/** One version of a key as blame compares it: the object, or where there is none the printed text. */
export interface BlamedVersion {
  readonly row: ValueRow
  readonly language: BlameAnswer['language']
  /** Of a redacted value its entries are known, which older records do not hold. */
  readonly withEntries: boolean
  readonly value: unknown
}

/** The version itself, and its printed text, which only the newest needs. */
export function blamedVersion(row: ValueRow): BlamedVersion & { readonly text: () => string } {
  if (row.value === null) {
    const text = redactedText(row)
    return { row, language: 'redacted', withEntries: redactedEntries(row) !== null, value: text, text: () => text }
  }
  const shown = presentValue(row.key, row.value, row.revision)
  if (shown.encoding === 'kubernetes' || shown.encoding === 'json') {
    const language = shown.encoding === 'json' ? 'json' : 'yaml'
    return { row, language, withEntries: false, value: shown.object, text: () => printValue(shown).text }
  }
  const { text, language } = printValue(shown)
  return { row, language, withEntries: false, value: text, text: () => text }
}

/**
 * How an older version stands to the one after it:
 * - `before`: the one that it was made from;
 * - `lost`: versions between the two are not recorded;
 * - `other`: the newer one begins the key, or an epoch: nothing of it is older.
 */
export function relationOf(older: ChangeRow, newer: ChangeRow): 'before' | 'lost' | 'other' {
  if (isCreation(newer) || older.epoch !== newer.epoch || older.createRevision !== newer.createRevision) return 'other'
  return older.version + 1n === newer.version ? 'before' : 'lost'
}

/** The key's first version: what it holds cannot be older. */
export function isCreation(row: ChangeRow): boolean {
  return row.version === 1n
}
