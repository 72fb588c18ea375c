'use client'

import { useMemo, useState } from 'react'
import type { DiffAnswer } from '../../../../../../lib/contract'
import { Icon } from '../../../../../_ui/Icon'
import { EmptyState } from '../../../../../_ui/States'
import { Words } from '../Words'
import { lineWords, type WordPart } from '../wordDiff'
import { CodeText } from './CodeText'
import { type Fold, foldWords, inlineItems, prepareDiffItems } from './prepareFolds'
import type { Line, LineRow } from './prepareLines'
import { cutLine } from './prepareValue'
import { VirtualLines } from './VirtualLines'

interface DiffTableProps {
  readonly rows: readonly LineRow[]
  readonly language: DiffAnswer['language']
  readonly split: boolean
  readonly foldUnimportant: boolean
  /** There is no older version: what is shown is the value. */
  readonly alone: boolean
  /** Only the beginnings were compared. */
  readonly cut: boolean
}

const LINE_PX = 20

/** The lines of two values: side by side or in one column, folded where they are equal or do not matter. */
export function DiffTable({ rows, language, split, foldUnimportant, alone, cut }: DiffTableProps) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const items = useMemo(
    () => prepareDiffItems(rows, { language, foldUnimportant, opened }),
    [rows, language, foldUnimportant, opened],
  )
  const inline = useMemo(() => (split ? [] : inlineItems(items)), [split, items])
  const open = (id: string) => setOpened((known) => new Set([...known, id]))
  const nothing = rows.length === 0
  if (nothing) return <EmptyState title="Both versions are empty" />
  const yaml = language === 'yaml'
  return (
    <div className="diff" data-split={split}>
      {alone && <p className="diff-note">Nothing of this key is recorded before: there is nothing to compare with.</p>}
      {cut && <p className="diff-note">Printed, these values are longer than 2 MiB: their first 2 MiB are compared.</p>}
      <VirtualLines count={split ? items.length : inline.length} linePx={LINE_PX} label="Compared lines">
        {(index) => {
          if (split) {
            const item = items[index]
            if (item === undefined) return null
            return item.kind === 'fold' ? (
              <FoldLine fold={item.fold} onOpen={() => open(item.id)} />
            ) : (
              <SplitRow row={item.row} yaml={yaml} />
            )
          }
          const line = inline[index]
          if (line === undefined) return null
          return line.kind === 'fold' ? (
            <FoldLine fold={line.fold} onOpen={() => open(line.id)} />
          ) : (
            <InlineRow row={line.row} side={line.side} yaml={yaml} />
          )
        }}
      </VirtualLines>
    </div>
  )
}

function FoldLine({ fold, onOpen }: { fold: Fold; onOpen: () => void }) {
  const names = fold.names.length === 0 ? 'Lines' : fold.names.join(', ')
  return (
    <button type="button" className="diff-fold" onClick={onOpen} aria-expanded={false}>
      <Icon name="fold" size={13} />
      <span>
        {names}
        {fold.moreNames > 0 && ` and ${fold.moreNames} more`}
      </span>
      <span className="dim">{foldWords(fold)}</span>
    </button>
  )
}

interface RowWords {
  readonly left: readonly WordPart[] | null
  readonly right: readonly WordPart[] | null
}

/** Words are compared for lines in sight only. */
function useWords({ left, right }: LineRow): RowWords {
  return useMemo(() => {
    if (left === null || right === null || !left.changed) return { left: null, right: null }
    const words = lineWords(left.text, right.text)
    return { left: words.before, right: words.after }
  }, [left, right])
}

function SplitRow({ row, yaml }: { row: LineRow; yaml: boolean }) {
  const words = useWords(row)
  return (
    <div className="diff-row">
      <Side line={row.left} parts={words.left} side="removed" yaml={yaml} />
      <Side line={row.right} parts={words.right} side="added" yaml={yaml} />
    </div>
  )
}

interface SideProps {
  readonly line: Line | null
  readonly parts: readonly WordPart[] | null
  readonly side: 'removed' | 'added'
  readonly yaml: boolean
}

const signs = { removed: '−', added: '+' } as const
const signWords = { removed: 'removed: ', added: 'added: ' } as const

function Side({ line, parts, side, yaml }: SideProps) {
  if (line === null) {
    return (
      <>
        <i className="is-nothing" />
        <code className="is-nothing" />
      </>
    )
  }
  const tone = line.changed ? `is-${side}` : ''
  return (
    <>
      <i className={tone}>{line.number}</i>
      <code className={tone}>
        {line.changed && <Sign side={side} />}
        <LineText line={line} parts={parts} yaml={yaml} />
      </code>
    </>
  )
}

function Sign({ side }: { side: 'removed' | 'added' }) {
  return (
    <>
      <s aria-hidden="true">{signs[side]}</s>
      <span className="visually-hidden">{signWords[side]}</span>
    </>
  )
}

function LineText({ line, parts, yaml }: { line: Line; parts: readonly WordPart[] | null; yaml: boolean }) {
  if (parts !== null) return <Words parts={parts} />
  return yaml ? <CodeText text={cutLine(line.text)} /> : cutLine(line.text)
}

function InlineRow({ row, side, yaml }: { row: LineRow; side: 'equal' | 'removed' | 'added'; yaml: boolean }) {
  const words = useWords(row)
  const line = side === 'removed' ? row.left : row.right
  if (line === null) return null
  const tone = side === 'equal' ? '' : `is-${side}`
  return (
    <div className="diff-row">
      <i className={tone}>{side === 'added' ? '' : row.left?.number}</i>
      <i className={tone}>{side === 'removed' ? '' : row.right?.number}</i>
      <code className={tone}>
        {side !== 'equal' && <Sign side={side} />}
        <LineText
          line={line}
          parts={side === 'removed' ? words.left : side === 'added' ? words.right : null}
          yaml={yaml}
        />
      </code>
    </div>
  )
}
