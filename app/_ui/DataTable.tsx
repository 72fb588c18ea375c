'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useMemo, useRef } from 'react'
import { formatCount } from '../_client/format'
import { useUrlParam } from '../_client/useUrlState'
import { Icon } from './Icon'
import { TableActions, useHiddenColumns } from './TableActions'
import { type Column, compareValues, parseSort, type Sort, sortText } from './table'
import { useHeld, usePlaces } from './useHeld'

export type { Column } from './table'

export interface DataTableProps<T> {
  /** Stable name: keeps column choice, and the sort in the URL under `sort-<id>`. */
  readonly id: string
  readonly label: string
  readonly rows: readonly T[]
  readonly columns: readonly Column<T>[]
  readonly rowKey: (row: T) => string
  readonly defaultSort?: Sort
  readonly selectedKey?: string | null
  /** Click or Enter on a row. */
  readonly onOpen?: (row: T) => void
  /** Rows have a second line. */
  readonly twoLines?: boolean
  /** Live tables: new rows on top wait while the pointer or the focus is in the table. */
  readonly holdNew?: boolean
  /** Live tables whose rows move: they keep their places meanwhile. Names the list; another name is another list. */
  readonly holdPlaces?: string
  /** Rows of a lower rank stand above those of a higher one, however the table is sorted. */
  readonly rank?: (row: T) => number
  /** A full-width row in place of the cells (a group head, a leader change between changes). */
  readonly spanning?: (row: T) => ReactNode | null
  readonly maxHeightPx?: number
  /** Near the end of the list: fetch the next page. */
  readonly onEnd?: () => void
  readonly empty?: ReactNode
}

const OVERSCAN = 12

/** Virtualised, sortable, column choice, copy as CSV and JSON; a row becomes a block of labels and values under 640 px. */
export function DataTable<T>(props: DataTableProps<T>) {
  const { id, label, rows, columns, rowKey, selectedKey, onOpen, twoLines = false, holdNew = false, spanning } = props
  const rank = props.rank ?? oneRank
  const [hidden, setHidden] = useHiddenColumns(id, columns)
  const visible = columns.filter((column) => !hidden.includes(column.id))
  const [sortParam, setSortParam] = useUrlParam(`sort-${id}`)
  const sort =
    parseSort(
      sortParam,
      columns.map((c) => c.id),
    ) ??
    props.defaultSort ??
    null
  const sorted = useMemo(
    () => sortRows(rows, columns, rank, sort?.column, sort?.descending),
    [rows, columns, rank, sort?.column, sort?.descending],
  )
  const onTop = useHeld(sorted, rowKey, holdNew)
  const placesOf = props.holdPlaces === undefined ? null : `${props.holdPlaces} ${sortParam ?? ''}`
  const places = usePlaces(sorted, rowKey, rank, placesOf)
  const held = placesOf === null ? onTop : places
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = twoLines ? 48 : 32
  const virtual = useVirtualizer({
    count: held.shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    initialRect: { width: 1000, height: 800 },
    getItemKey: (index) => {
      const row = held.shown[index]
      return row === undefined ? index : rowKey(row)
    },
  })
  const items = virtual.getVirtualItems()
  const template = visible.map((column) => column.width ?? 'minmax(90px, 1fr)').join(' ')
  const style = { ['--columns' as string]: template } as CSSProperties

  const sortBy = (column: Column<T>) => {
    const descending = sort?.column === column.id ? !sort.descending : column.align === 'end'
    setSortParam(sortText({ column: column.id, descending }), 'replace')
  }
  const onScroll = () => {
    const last = items[items.length - 1]
    if (last !== undefined && last.index >= held.shown.length - OVERSCAN) props.onEnd?.()
  }
  return (
    <div className="dt-wrap">
      <div className="dt-tools">
        {held.waiting > 0 && (
          <button type="button" className="new-rows" onClick={held.release}>
            {formatCount(held.waiting)} {placesOf === null ? 'new' : held.waiting === 1 ? 'change' : 'changes'}, show
          </button>
        )}
        <TableActions id={id} rows={held.shown} columns={columns} hidden={hidden} onHidden={setHidden} />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: rows are virtual, a table element cannot be scrolled that way */}
      <div
        ref={scroller}
        className="dt"
        role="table"
        aria-label={label}
        aria-rowcount={held.shown.length + 1}
        style={{ ...style, maxHeight: props.maxHeightPx }}
        onScroll={onScroll}
        {...held.watch}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: see above */}
        {/* biome-ignore lint/a11y/useFocusableInteractive: rows of a table are not focusable */}
        <div className="dt-head" role="row" aria-rowindex={1}>
          {visible.map((column) => (
            <HeadCell key={column.id} column={column} sort={sort} onSort={() => sortBy(column)} />
          ))}
        </div>
        {held.shown.length === 0 ? (
          props.empty
        ) : (
          // biome-ignore lint/a11y/useSemanticElements: see above
          <div className="dt-body" style={{ height: virtual.getTotalSize() }} role="rowgroup">
            {items.map((item) => {
              const row = held.shown[item.index]
              if (row === undefined) return null
              const key = rowKey(row)
              const wide = spanning?.(row) ?? null
              return (
                // biome-ignore lint/a11y/useSemanticElements: see above
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  role="row"
                  aria-rowindex={item.index + 2}
                  aria-selected={selectedKey === undefined ? undefined : selectedKey === key}
                  className="dt-row"
                  data-lines={twoLines ? 2 : 1}
                  data-spanning={wide !== null}
                  data-opens={onOpen !== undefined && wide === null}
                  tabIndex={onOpen === undefined || wide !== null ? undefined : 0}
                  style={{ transform: `translateY(${item.start}px)` }}
                  onClick={(event) => {
                    if (wide === null && !isOwnControl(event.target)) onOpen?.(row)
                  }}
                  onKeyDown={(event) => {
                    if (event.key === 'Enter' && event.target === event.currentTarget && wide === null) onOpen?.(row)
                    moveFocus(event)
                  }}
                >
                  {wide !== null ? (
                    // biome-ignore lint/a11y/useSemanticElements: see above
                    <div role="cell" className="dt-span">
                      {wide}
                    </div>
                  ) : (
                    visible.map((column) => (
                      // biome-ignore lint/a11y/useSemanticElements: see above
                      <div
                        key={column.id}
                        role="cell"
                        data-label={column.head}
                        data-align={column.align}
                        data-wide-only={column.wideOnly}
                      >
                        {column.cell(row)}
                      </div>
                    ))
                  )}
                </div>
              )
            })}
          </div>
        )}
      </div>
    </div>
  )
}

/** Links and buttons inside a row act for themselves; selecting text is not opening. */
function isOwnControl(target: EventTarget): boolean {
  const control = target instanceof Element && target.closest('a, button, input') !== null
  return control || (window.getSelection()?.toString() ?? '') !== ''
}

function moveFocus(event: React.KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const next =
    event.key === 'ArrowDown' ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling
  if (!(next instanceof HTMLElement)) return
  event.preventDefault()
  next.focus()
}

function sortRows<T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  rankOf: (row: T) => number,
  id: string | undefined,
  descending = false,
): readonly T[] {
  const sortValue = columns.find((column) => column.id === id)?.sort
  if (sortValue === undefined) return rows
  return [...rows].sort((a, b) => rankOf(a) - rankOf(b) || compareValues(sortValue(a), sortValue(b), descending))
}

const oneRank = () => 0

function HeadCell<T>({ column, sort, onSort }: { column: Column<T>; sort: Sort | null; onSort: () => void }) {
  const chosen = sort?.column === column.id
  const direction = chosen ? (sort.descending ? 'descending' : 'ascending') : undefined
  return (
    // biome-ignore lint/a11y/useSemanticElements: rows are virtual, see DataTable
    // biome-ignore lint/a11y/useFocusableInteractive: the button inside takes the focus
    <div role="columnheader" aria-sort={direction} data-align={column.align} data-wide-only={column.wideOnly}>
      {column.sort === undefined ? (
        column.head
      ) : (
        <button type="button" className="sort" data-direction={direction} onClick={onSort}>
          {column.head}
          {chosen && <Icon name="down" size={12} />}
        </button>
      )}
    </div>
  )
}
