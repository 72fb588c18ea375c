import type { TreeRow } from './prepareTree'

/** What a key press in the tree means: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/. Pure. */
export type TreeAct =
  | { readonly kind: 'move'; readonly index: number }
  | { readonly kind: 'open' | 'close'; readonly row: TreeRow & { kind: 'branch' } }
  | { readonly kind: 'choose'; readonly row: TreeRow }

const PAGE_ROWS = 15

export function treeAct(rows: readonly TreeRow[], index: number, key: string): TreeAct | null {
  const row = rows[index]
  const to = (target: number): TreeAct | null => {
    const within = Math.min(rows.length - 1, Math.max(0, target))
    return rows.length === 0 || within === index ? null : { kind: 'move', index: within }
  }
  switch (key) {
    case 'ArrowDown':
      return to(index + 1)
    case 'ArrowUp':
      return to(index - 1)
    case 'PageDown':
      return to(index + PAGE_ROWS)
    case 'PageUp':
      return to(index - PAGE_ROWS)
    case 'Home':
      return to(0)
    case 'End':
      return to(rows.length - 1)
    case 'ArrowRight':
      if (row?.kind !== 'branch') return null
      return row.open ? to(index + 1) : { kind: 'open', row }
    case 'ArrowLeft':
      if (row === undefined) return null
      return row.kind === 'branch' && row.open ? { kind: 'close', row } : to(parentIndex(rows, index) ?? index)
    case 'Enter':
    case ' ':
      return row === undefined ? null : { kind: 'choose', row }
    default:
      return null
  }
}

export function parentIndex(rows: readonly TreeRow[], index: number): number | null {
  const depth = rows[index]?.depth ?? 1
  for (let i = index - 1; i >= 0; i--) if ((rows[i]?.depth ?? depth) < depth) return i
  return null
}

/** The next row whose name begins with what was typed, from the one after `index` around to it again. */
export function findTyped(rows: readonly TreeRow[], index: number, typed: string): number | null {
  const wanted = typed.toLowerCase()
  // A second letter narrows the search and may stay where it is; the first moves on.
  const first = typed.length > 1 ? index : index + 1
  for (let i = 0; i < rows.length; i++) {
    const at = (first + i + rows.length) % rows.length
    const row = rows[at]
    if (row !== undefined && 'node' in row && row.node.label.text.toLowerCase().startsWith(wanted)) return at
  }
  return null
}
