import type { ReactNode } from 'react'

/** The parts of a table that decide something: order, held-back rows, copies. Pure; DataTable draws. */

export type SortValue = string | number | bigint | null

export interface Column<T> {
  readonly id: string
  readonly head: string
  readonly cell: (row: T) => ReactNode
  /** Plain text for copies; default: the sort value. */
  readonly text?: (row: T) => string
  /** Makes the column sortable. */
  readonly sort?: (row: T) => SortValue
  readonly align?: 'start' | 'end'
  /** A grid track: `minmax(120px, 2fr)`, `90px`. */
  readonly width?: string
  /** Not shown until chosen. */
  readonly optional?: boolean
  /** Not shown under 640 px. */
  readonly wideOnly?: boolean
}

export interface Sort {
  readonly column: string
  readonly descending: boolean
}

/** `-bytes` is descending; anything unreadable is no sort. */
export function parseSort(text: string | null, columns: readonly string[]): Sort | null {
  if (text === null) return null
  const column = text.replace(/^-/, '')
  return columns.includes(column) ? { column, descending: text.startsWith('-') } : null
}

export const sortText = (sort: Sort): string => `${sort.descending ? '-' : ''}${sort.column}`

/** Unknown values stand last in both directions. */
export function compareValues(a: SortValue, b: SortValue, descending: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  const order =
    typeof a === 'string' && typeof b === 'string'
      ? a.localeCompare(b, 'en', { numeric: true })
      : a < b
        ? -1
        : a > b
          ? 1
          : 0
  return descending ? -order : order
}

export interface Held<T> {
  readonly shown: readonly T[]
  readonly waiting: number
}

/**
 * While a reader points at a table, rows that came on top since wait. Rows already shown are brought up to date and
 * stay in place; if none of them is left, the view is another one and everything shows.
 */
export function holdBack<T>(rows: readonly T[], keyOf: (row: T) => string, firstShownKey: string | null): Held<T> {
  if (firstShownKey === null) return { shown: rows, waiting: 0 }
  const index = rows.findIndex((row) => keyOf(row) === firstShownKey)
  return index <= 0 ? { shown: rows, waiting: 0 } : { shown: rows.slice(index), waiting: index }
}

/**
 * The same for a list in which rows change their place: each row that is shown stays where it is, with its newest
 * content, and one that is gone stays as it last was. Rows that are new, gone, or of another rank by now wait.
 */
export function holdPlaces<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  rankOf: (row: T) => number,
  held: readonly T[] | null,
): Held<T> {
  if (held === null) return { shown: rows, waiting: 0 }
  const newest = new Map(rows.map((row) => [keyOf(row), row]))
  let left = 0
  let ranked = 0
  const shown = held.map((row) => {
    const now = newest.get(keyOf(row))
    if (now === undefined) left++
    else if (rankOf(now) !== rankOf(row)) ranked++
    return now ?? row
  })
  return { shown, waiting: rows.length - (held.length - left) + left + ranked }
}

export interface CopyColumn<T> {
  readonly head: string
  readonly text: (row: T) => string
}

/** RFC 4180; a cell that a spreadsheet would run as a formula is led by an apostrophe. */
export function toCsv<T>(rows: readonly T[], columns: readonly CopyColumn<T>[]): string {
  const cell = (text: string) => {
    const safe = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
  }
  return [columns.map((c) => cell(c.head)), ...rows.map((row) => columns.map((c) => cell(c.text(row))))]
    .map((line) => line.join(','))
    .join('\r\n')
}
