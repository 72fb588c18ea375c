import type { ReactNode } from 'react'
import { problemSentence } from '../../../../_client/apiProblem'
import { formatShare, plural } from '../../../../_client/format'
import { Bytes, Count, Revision } from '../../../../_ui/Figures'
import { Icon } from '../../../../_ui/Icon'
import { ShareBar } from '../../../../_ui/QuotaBar'
import { leaseHex, type Shown } from './keyName'
import type { TreeRow } from './prepareTree'

interface TreeRowViewProps {
  readonly row: TreeRow
  readonly domId: string
  readonly active: boolean
  readonly selected: boolean
  readonly topPx: number
  readonly onChoose: () => void
}

export function TreeRowView({ row, domId, active, selected, topPx, onChoose }: TreeRowViewProps) {
  const indent = { paddingLeft: `calc(var(--panel-pad) + ${(row.depth - 1) * 16}px)` }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it takes the keys
    <div
      id={domId}
      role="treeitem"
      tabIndex={-1}
      className="key-row"
      data-kind={row.kind}
      data-active={active}
      aria-level={row.depth}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={row.kind === 'key' ? selected : undefined}
      aria-expanded={row.kind === 'branch' ? row.open : undefined}
      style={{ transform: `translateY(${topPx}px)` }}
      onMouseDown={keepFocus}
      onClick={onChoose}
    >
      {'node' in row ? <NodeCells row={row} indent={indent} /> : <NoteCell row={row} indent={indent} />}
    </div>
  )
}

/** The tree keeps the focus; a row is only named by it. */
function keepFocus(event: React.MouseEvent<HTMLElement>) {
  event.preventDefault()
  event.currentTarget.closest<HTMLElement>('[role=tree]')?.focus({ preventScroll: true })
}

type Indent = { readonly paddingLeft: string }

function NodeCells({ row, indent }: { row: TreeRow & { kind: 'branch' | 'key' }; indent: Indent }) {
  const { node } = row
  const share = `${formatShare(node.share)} of the values of its branch`
  return (
    <>
      <span className="key-name" style={indent}>
        {row.kind === 'branch' ? <Icon name="right" size={14} /> : <i className="key-leaf" />}
        <NameText name={node.label} />
        {node.kind === 'key' && node.leaseId !== null && (
          <span className="key-lease" title={`Expires with lease ${leaseHex(node.leaseId)}`}>
            lease
          </span>
        )}
      </span>
      <span data-column="keys">{node.kind === 'branch' && <Count value={node.count} />}</span>
      <span data-column="bytes">
        <Bytes value={node.valueBytes} />
      </span>
      <span data-column="share" title={share}>
        <ShareBar share={node.share} />
      </span>
      <span data-column="revision">{node.kind === 'key' && <Revision value={node.modRevision} />}</span>
    </>
  )
}

/** Escapes are marked: the text shown is not the key. */
export function NameText({ name }: { name: Shown }) {
  if (name.text === '') return <span className="dim">the prefix itself is a key</span>
  return (
    <>
      <code title={name.text}>{name.text}</code>
      {name.escaped && (
        <abbr className="key-escaped" title="Not plain text: bytes and invisible characters are shown as escapes">
          bytes
        </abbr>
      )}
    </>
  )
}

function NoteCell({ row, indent }: { row: Exclude<TreeRow, { kind: 'branch' | 'key' }>; indent: Indent }): ReactNode {
  return (
    <span className="key-name key-note" style={indent}>
      <i className="key-leaf" />
      {row.kind === 'loading' && <span className="dim">Loading</span>}
      {row.kind === 'failed' && (
        <span>
          {problemSentence(row.error)} <b className="link">Try again</b>
        </span>
      )}
      {row.kind === 'more' && (
        <span>
          The first {plural(row.shown, 'name')}
          {row.sorted ? ' by key, sorted' : ''}. <b className="link">Show 1,000 more</b>
        </span>
      )}
    </span>
  )
}
