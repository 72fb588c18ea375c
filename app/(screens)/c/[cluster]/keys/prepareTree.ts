import type { KeyItem } from '../../../../../lib/contract'
import type { KeyName } from '../../../../_client/api'
import { compareValues, type Sort, type SortValue } from '../../../../_ui/table'
import { bytesOfBase64, type Shown, showBytes, showName, showText } from './keyName'
import { type BranchName, branchId, type Level } from './keysQueries'

/** The keyspace as the flat list of rows that the tree draws. Pure: levels, what is open and the order in, rows out. */

interface Node {
  readonly id: string
  readonly label: Shown
  readonly valueBytes: number
  /** Of the values of its level, as far as loaded. */
  readonly share: number
}
export interface BranchNode extends Node {
  readonly kind: 'branch'
  readonly name: BranchName
  readonly count: number
}
export interface KeyNode extends Node {
  readonly kind: 'key'
  readonly name: KeyName
  readonly modRevision: string
  readonly leaseId: string | null
}
export type TreeNode = BranchNode | KeyNode

interface Placed {
  readonly depth: number
  /** Place among its siblings, from 1, for assistive technology. */
  readonly position: number
  readonly siblings: number
}
export type TreeRow =
  | (Placed & { readonly kind: 'branch'; readonly id: string; readonly node: BranchNode; readonly open: boolean })
  | (Placed & { readonly kind: 'key'; readonly id: string; readonly node: KeyNode })
  | (Placed & {
      readonly kind: 'more'
      readonly id: string
      readonly branch: string
      readonly shown: number
      readonly sorted: boolean
    })
  | (Placed & { readonly kind: 'loading'; readonly id: string })
  | (Placed & { readonly kind: 'failed'; readonly id: string; readonly branch: string; readonly error: unknown })

export interface LoadedLevel {
  readonly level: Level | null
  readonly error: unknown
}

export const sortable = ['name', 'keys', 'bytes', 'revision'] as const
export const byName: Sort = { column: 'name', descending: false }

const sortValues: Readonly<Record<string, (node: TreeNode) => SortValue>> = {
  keys: (node) => (node.kind === 'branch' ? node.count : 1),
  bytes: (node) => node.valueBytes,
  revision: (node) => (node.kind === 'key' ? BigInt(node.modRevision) : null),
}

/** The children of one branch, named and in order. The API's order is that of the keys' bytes. */
export function prepareLevel(level: Level, sort: Sort): readonly TreeNode[] {
  const total = level.items.reduce((sum, item) => sum + item.valueBytes, 0)
  const base = {
    text: level.base.prefix,
    bytes: level.base.prefixBase64 === undefined ? null : bytesOfBase64(level.base.prefixBase64).length,
  }
  const textBytes = base.bytes ?? new TextEncoder().encode(base.text).length
  const nodes = level.items.map((item) => nodeOf(item, base.text, textBytes, total))
  const sortValueOf = sortValues[sort.column]
  if (sortValueOf !== undefined)
    return nodes.sort((a, b) => compareValues(sortValueOf(a), sortValueOf(b), sort.descending))
  return sort.descending ? nodes.reverse() : nodes
}

function nodeOf(item: KeyItem, baseText: string, baseBytes: number, total: number): TreeNode {
  const share = total === 0 ? 0 : item.valueBytes / total
  if ('prefix' in item) {
    const name: BranchName = { prefix: item.prefix, prefixBase64: item.prefixBase64 }
    const label =
      item.prefixBase64 === undefined
        ? showText(item.prefix.slice(behind(baseText)))
        : showBytes(bytesOfBase64(item.prefixBase64).subarray(baseBytes))
    return {
      kind: 'branch',
      id: `b ${branchId(name)}`,
      name,
      label,
      count: item.count,
      valueBytes: item.valueBytes,
      share,
    }
  }
  const name: KeyName = item.keyBase64 === undefined ? { key: item.key } : { keyBase64: item.keyBase64 }
  return {
    kind: 'key',
    id: keyNodeId(name),
    name,
    label: showName(name, baseBytes, baseText.slice(0, behind(baseText))),
    valueBytes: item.valueBytes,
    share,
    modRevision: item.modRevision,
    leaseId: item.leaseId,
  }
}

/** A prefix that ends within a name leaves the whole name to be read. */
const behind = (prefix: string): number => prefix.lastIndexOf('/') + 1

export const keyNodeId = (name: KeyName): string =>
  name.keyBase64 === undefined ? `k ${name.key ?? ''}` : `x ${name.keyBase64}`

/** Sorting and naming 100,000 keys is done once for each answer, not at each opened branch. */
export function createLevelCache(): (level: Level, sort: Sort) => readonly TreeNode[] {
  const prepared = new WeakMap<Level, { readonly sort: string; readonly nodes: readonly TreeNode[] }>()
  return (level, sort) => {
    const text = `${sort.column} ${sort.descending}`
    const known = prepared.get(level)
    if (known?.sort === text) return known.nodes
    const nodes = prepareLevel(level, sort)
    prepared.set(level, { sort: text, nodes })
    return nodes
  }
}

export interface TreeInput {
  readonly root: string
  readonly levels: ReadonlyMap<string, LoadedLevel>
  readonly open: ReadonlySet<string>
  readonly sort: Sort
  readonly nodesOf: (level: Level, sort: Sort) => readonly TreeNode[]
}

export function flattenTree(input: TreeInput): readonly TreeRow[] {
  const rows: TreeRow[] = []
  appendLevel(rows, input, input.root, 1)
  return rows
}

function appendLevel(rows: TreeRow[], input: TreeInput, branch: string, depth: number): void {
  const { level, error } = input.levels.get(branch) ?? { level: null, error: null }
  const alone = { depth, position: 1, siblings: 1 }
  if (level === null) {
    rows.push(
      error === null || error === undefined
        ? { kind: 'loading', id: `… ${branch}`, ...alone }
        : { kind: 'failed', id: `! ${branch}`, branch, error, ...alone },
    )
    return
  }
  const nodes = input.nodesOf(level, input.sort)
  const hasMore = level.nextCursor !== null
  const siblings = nodes.length + (hasMore ? 1 : 0)
  nodes.forEach((node, index) => {
    const placed = { id: node.id, depth, position: index + 1, siblings }
    if (node.kind === 'key') {
      rows.push({ kind: 'key', node, ...placed })
      return
    }
    const id = branchId(node.name)
    const open = input.open.has(id)
    rows.push({ kind: 'branch', node, open, ...placed })
    if (open) appendLevel(rows, input, id, depth + 1)
  })
  if (!hasMore) return
  const sorted = input.sort.column !== byName.column || input.sort.descending
  rows.push({
    kind: 'more',
    id: `+ ${branch}`,
    branch,
    shown: nodes.length,
    sorted,
    depth,
    position: siblings,
    siblings,
  })
}

/** Keys and bytes of a level; `more` when not all of it is loaded, so that the figures are a lower bound. */
export function levelTotals(level: Level): {
  readonly keys: number
  readonly valueBytes: number
  readonly more: boolean
} {
  return {
    keys: level.items.reduce((sum, item) => sum + ('prefix' in item ? item.count : 1), 0),
    valueBytes: level.items.reduce((sum, item) => sum + item.valueBytes, 0),
    more: level.nextCursor !== null,
  }
}

/** Few branches at the root are open from the start: the first look should show something. */
const openFromStart = 4

export function branchesOpenAtStart(level: Level): readonly string[] {
  const branches = level.items.flatMap((item) => ('prefix' in item ? [branchId(item)] : []))
  return branches.length <= openFromStart ? branches : []
}
