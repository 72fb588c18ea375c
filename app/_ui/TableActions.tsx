'use client'

import { useEffect, useState } from 'react'
import { IconButton } from './Button'
import { Menu, MenuCheck, MenuItem, MenuLabel } from './Menu'
import { type Column, toCsv } from './table'

interface TableActionsProps<T> {
  readonly id: string
  readonly rows: readonly T[]
  readonly columns: readonly Column<T>[]
  readonly hidden: readonly string[]
  readonly onHidden: (hidden: readonly string[]) => void
}

/** Column choice and copies, at the right end above the table's head. */
export function TableActions<T>({ rows, columns, hidden, onHidden }: TableActionsProps<T>) {
  const shown = columns.filter((column) => !hidden.includes(column.id))
  const copy = (text: string) => void navigator.clipboard.writeText(text)
  const copies = shown.map((column) => ({ head: column.head, text: (row: T) => textOf(column, row) }))
  return (
    <>
      <Menu label="Columns" trigger={<IconButton icon="columns" label="Columns" />}>
        <MenuLabel>Columns</MenuLabel>
        {columns.map((column, index) => (
          <MenuCheck
            key={column.id}
            checked={!hidden.includes(column.id)}
            onChange={(on) => {
              // The first column names the row: it stays.
              if (index > 0) onHidden(on ? hidden.filter((one) => one !== column.id) : [...hidden, column.id])
            }}
          >
            {column.head}
          </MenuCheck>
        ))}
      </Menu>
      <Menu label="Copy" trigger={<IconButton icon="copy" label="Copy rows" />}>
        <MenuItem onSelect={() => copy(toCsv(rows, copies))}>Copy as CSV</MenuItem>
        <MenuItem
          onSelect={() =>
            copy(
              JSON.stringify(
                rows.map((row) => Object.fromEntries(copies.map((c) => [c.head, c.text(row)]))),
                null,
                2,
              ),
            )
          }
        >
          Copy as JSON
        </MenuItem>
      </Menu>
    </>
  )
}

function textOf<T>(column: Column<T>, row: T): string {
  if (column.text !== undefined) return column.text(row)
  const value = column.sort?.(row) ?? null
  return value === null ? '' : String(value)
}

/** The choice is the reader's own, so it stays in this browser and not in the link. */
export function useHiddenColumns<T>(id: string, columns: readonly Column<T>[]) {
  const key = `etcdscope.columns.${id}`
  const [hidden, setHidden] = useState<readonly string[]>(() =>
    columns.filter((c) => c.optional === true).map((c) => c.id),
  )
  useEffect(() => {
    const kept = window.localStorage.getItem(key)
    if (kept !== null) setHidden(kept.split(',').filter((one) => one !== ''))
  }, [key])
  const keep = (next: readonly string[]) => {
    setHidden(next)
    window.localStorage.setItem(key, next.join(','))
  }
  return [hidden, keep] as const
}
