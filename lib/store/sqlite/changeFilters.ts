import { codeOf, opCodes, significanceCodes } from '../codes'
import type { ChangeFilter, ChangeRow } from '../store'
import type { LabelReader } from './labels'

/** A filter as SQL over `change c JOIN key k`; `impossible` when it names a word that the record never saw. */
export interface FilterSql {
  /** Conditions on the key alone. */
  readonly key: Condition
  /** Conditions on the change, or on both. */
  readonly change: Condition
  /** Folded; no condition of the SQL: {@link hasText} says whether a change has it. */
  readonly text: string | null
  readonly impossible: boolean
  /** True when the partial index over meant changes (spec, metadata) covers what is asked for. */
  readonly meantOnly: boolean
}

export interface Condition {
  /** `AND …` terms, empty for none. */
  readonly sql: string
  readonly values: readonly unknown[]
}

const meant: readonly string[] = ['spec', 'metadata']

/** The object's name as SQL: usually the key's tail. */
const nameSql = `CASE WHEN k.name_tail IS NULL THEN k.name ELSE CAST(substr(k.key, -k.name_tail) AS TEXT) END`

export function filterSql(clusterId: number, filter: ChangeFilter, labels: LabelReader): FilterSql {
  const key = conditions()
  const change = conditions()
  let impossible = false

  const labelled = (target: Terms, column: string, words: readonly string[] | undefined) => {
    if (words === undefined || words.length === 0) return
    const ids = labels.idsOf(words.filter((word) => word !== ''))
    if (ids.length === 0) impossible = true
    target.in(column, ids)
  }

  key.add('k.cluster_id = ?', clusterId)
  if (filter.key !== undefined) key.add('k.key = ?', filter.key)
  if (filter.keyRange !== undefined) {
    key.add('k.key >= ?', filter.keyRange.from)
    if (filter.keyRange.to.byteLength > 0) key.add('k.key < ?', filter.keyRange.to)
  }
  labelled(key, 'k.resource_id', filter.resources)
  labelled(key, 'k.namespace_id', filter.namespaces)
  if (filter.name !== undefined) key.add(`${nameSql} = ?`, filter.name)

  labelled(change, 'c.manager_id', filter.managers)
  if (filter.ops !== undefined && filter.ops.length > 0) {
    change.in(
      'c.op',
      filter.ops.map((op) => codeOf(opCodes, op)),
    )
  }
  if (filter.significances !== undefined && filter.significances.length > 0) {
    change.in(
      'c.significance',
      filter.significances.map((word) => codeOf(significanceCodes, word)),
    )
  }
  const wanted = filter.significances ?? []
  const meantOnly = wanted.length > 0 && wanted.every((word) => meant.includes(word))
  const text = filter.text === undefined || filter.text === '' ? null : asciiLower(filter.text)
  return { key: key.done(), change: change.done(), text, impossible, meantOnly }
}

interface Terms {
  add(sql: string, ...values: unknown[]): void
  in(column: string, values: readonly number[]): void
  done(): Condition
}

function conditions(): Terms {
  const terms: string[] = []
  const bound: unknown[] = []
  return {
    add(sql, ...values) {
      terms.push(`AND ${sql}`)
      bound.push(...values)
    },
    // Small integers of our own: written out, so that the planner sees them.
    in: (column, values) => void terms.push(`AND ${column} IN (${values.join(', ')})`),
    done: () => ({ sql: terms.join(' '), values: bound }),
  }
}

/** Case counts for ASCII letters alone not, as in SQLite's own functions. */
export function hasText(change: ChangeRow, folded: string): boolean {
  if (change.summary !== null && asciiLower(change.summary).includes(folded)) return true
  const { key } = change
  return asciiLower(Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8')).includes(folded)
}

function asciiLower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}
