'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { KeyName } from '../../../../_client/api'
import type { Sort } from '../../../../_ui/table'
import { keyNodeId, type TreeRow } from './prepareTree'
import { TreeHead } from './TreeHead'
import { TreeRowView } from './TreeRowView'
import { findTyped, treeAct } from './treeKeys'

export interface KeyTreeProps {
  readonly rows: readonly TreeRow[]
  readonly stale: boolean
  readonly sort: Sort
  readonly selected: KeyName | null
  readonly onSelect: (name: KeyName) => void
  readonly onOpen: (branch: string, open: boolean) => void
  readonly onMore: (branch: string) => void
  readonly onRetry: (branch: string) => void
  readonly onActive: (row: TreeRow | null) => void
}

const ROW_PX = 28
const OVERSCAN = 16
/** Letters typed within this time belong to one word. */
const TYPING_MS = 700

/**
 * One focusable tree; the row in focus is named by `aria-activedescendant`, so that the focus survives rows coming and
 * going while the keyspace changes under it.
 */
export function KeyTree(props: KeyTreeProps) {
  const { rows, selected } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [activeId, setActiveId] = useState<string | null>(null)
  const typed = useRef({ text: '', atMs: 0 })
  const selectedId = selected === null ? null : keyNodeId(selected)
  const activeIndex = useActiveIndex(rows, activeId ?? selectedId)
  const active = rows[activeIndex] ?? null
  const { onActive } = props
  useEffect(() => onActive(active), [active, onActive])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    initialRect: { width: 1000, height: 800 },
    // A page's rows share ids only if the server answered twice the same: the place keeps them apart.
    getItemKey: (index) => rows[index]?.id ?? index,
  })
  useRevealOnce(rows, selectedId, (index) => virtual.scrollToIndex(index, { align: 'center' }))

  const items = virtual.getVirtualItems()
  // Scrolled out of sight it has no element to name; the next key press brings it back.
  const isDrawn = active !== null && items.some((item) => item.index === activeIndex)
  const focusRow = (index: number) => {
    setActiveId(rows[index]?.id ?? null)
    virtual.scrollToIndex(index, { align: 'auto' })
  }
  const choose = (row: TreeRow) => {
    if (row.kind === 'key') props.onSelect(row.node.name)
    else if (row.kind === 'branch') props.onOpen(row.node.id.slice(2), !row.open)
    else if (row.kind === 'more') props.onMore(row.branch)
    else if (row.kind === 'failed') props.onRetry(row.branch)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = treeAct(rows, activeIndex, event.key)
    if (act !== null) {
      event.preventDefault()
      if (act.kind === 'move') focusRow(act.index)
      else if (act.kind === 'choose') choose(act.row)
      else props.onOpen(act.row.node.id.slice(2), act.kind === 'open')
      return
    }
    if (event.key.length !== 1 || event.key === ' ') return
    const fresh = event.timeStamp - typed.current.atMs > TYPING_MS
    typed.current = { text: (fresh ? '' : typed.current.text) + event.key, atMs: event.timeStamp }
    const found = findTyped(rows, activeIndex, typed.current.text)
    if (found !== null) focusRow(found)
  }
  return (
    <div className="key-tree" data-stale={props.stale}>
      <TreeHead sort={props.sort} />
      <div
        ref={scroller}
        className="key-tree-scroll"
        role="tree"
        aria-label="Keys"
        tabIndex={0}
        aria-busy={props.stale}
        aria-activedescendant={isDrawn ? rowDomId(activeIndex) : undefined}
        onKeyDown={onKeyDown}
      >
        <div role="none" className="key-tree-body" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <TreeRowView
                key={item.key}
                domId={rowDomId(item.index)}
                row={row}
                active={item.index === activeIndex}
                selected={row.id === selectedId}
                topPx={item.start}
                onChoose={() => {
                  setActiveId(row.id)
                  choose(row)
                }}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

const rowDomId = (index: number) => `key-row-${index}`

/** Where the row in focus stands now; the first row when it has gone. */
function useActiveIndex(rows: readonly TreeRow[], id: string | null): number {
  return useMemo(() => Math.max(0, id === null ? 0 : rows.findIndex((row) => row.id === id)), [rows, id])
}

/** A linked key is brought into view once, when its row is there; afterwards the reader scrolls. */
function useRevealOnce(rows: readonly TreeRow[], id: string | null, reveal: (index: number) => void) {
  const done = useRef(id === null)
  const show = useRef(reveal)
  show.current = reveal
  useEffect(() => {
    if (done.current || id === null) return
    const index = rows.findIndex((row) => row.id === id)
    if (index === -1) return
    done.current = true
    show.current(index)
  }, [rows, id])
}
