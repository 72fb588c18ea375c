import { matchLines, textLines } from './blameText'
import { identityOf, isFields, join, own } from './structuralDiff'

/**
 * Who changed which part of a value last. The newest version is laid out as a tree; older versions are then shown to
 * it one by one, newest first, and every part that an older version has differently, or not at all, is ascribed to
 * the version after it. Invariant: a part without an origin is the same in every version shown so far. Pure.
 */
export interface BlameNode<Origin> {
  readonly path: string
  readonly kind: 'map' | 'list' | 'leaf'
  readonly value: unknown
  /** By field name, or by index in the value blamed. */
  readonly children: ReadonlyMap<string | number, BlameNode<Origin>>
  /** Of a text with several lines: each on its own. */
  readonly lines: readonly LineBlame<Origin>[] | null
  /** The version that gave this part its value; of a map or list: since which it is there. */
  origin: Origin | null
  /** Something in here has no origin yet. */
  open: boolean
  /** Index in the version last shown, of an element of a list. */
  place: number
}

export interface LineBlame<Origin> {
  readonly text: string
  origin: Origin | null
  /** Index of the line in the version last shown. */
  place: number
}

export function blameTree<Origin>(value: unknown, path = '', place = 0): BlameNode<Origin> {
  const kind = kindOf(value)
  return {
    path,
    kind,
    value,
    children: new Map(kind === 'leaf' ? [] : childrenOf<Origin>(value, path)),
    lines: typeof value === 'string' && value.includes('\n') ? lineBlames(value) : null,
    origin: null,
    open: true,
    place,
  }
}

/** Empty maps and lists are leaves: filling them is a change of what they are. */
function kindOf(value: unknown): BlameNode<unknown>['kind'] {
  if (Array.isArray(value)) return value.length === 0 ? 'leaf' : 'list'
  return isFields(value) && Object.keys(value).length > 0 ? 'map' : 'leaf'
}

function childrenOf<Origin>(value: unknown, path: string): [string | number, BlameNode<Origin>][] {
  if (Array.isArray(value)) {
    const identity = identityOf(value, value)
    return value.map((item, i) => [
      i,
      blameTree(item, identity === null ? `${path}[${i}]` : `${path}[${identity.name}=${identity.of(item)}]`, i),
    ])
  }
  const fields = isFields(value) ? Object.entries(value).filter(([, field]) => field !== undefined) : []
  return fields.map(([name, field]) => [name, blameTree(field, join(path, name))])
}

function lineBlames<Origin>(text: string): LineBlame<Origin>[] {
  return textLines(text).map((line, place) => ({ text: line, origin: null, place }))
}

/**
 * Shows the next older version: `newer` is this part in the version shown before, `older` the same part in this one,
 * undefined where it has none. What differs is ascribed to `origin`, the newer version.
 */
export function showOlder<Origin>(node: BlameNode<Origin>, newer: unknown, older: unknown, origin: Origin): void {
  if (!node.open) return
  if (older === undefined || kindOf(older) !== node.kind) ascribeAll(node, origin)
  else if (node.kind === 'leaf') showLeaf(node, newer, older, origin)
  else if (Array.isArray(newer) && Array.isArray(older)) showList(node, newer, older, origin)
  else if (isFields(newer) && isFields(older)) {
    for (const [name, child] of node.children) {
      if (child.open) showOlder(child, own(newer, String(name)), own(older, String(name)), origin)
    }
  }
}

/** Everything that is still open is as old as this version: the key was created in it, or nothing older is known. */
export function ascribeAll<Origin>(node: BlameNode<Origin>, origin: Origin): void {
  if (!node.open) return
  node.origin ??= origin
  for (const line of node.lines ?? []) line.origin ??= origin
  for (const child of node.children.values()) ascribeAll(child, origin)
  node.open = false
}

function showList<Origin>(
  node: BlameNode<Origin>,
  newer: readonly unknown[],
  older: readonly unknown[],
  origin: Origin,
): void {
  const identity = identityOf(older, newer)
  const places = identity === null ? null : new Map(older.map((item, i) => [identity.of(item), i]))
  for (const child of node.children.values()) {
    if (!child.open) continue
    const item = newer[child.place]
    const place = places === null || identity === null ? child.place : places.get(identity.of(item))
    showOlder(child, item, place === undefined ? undefined : older[place], origin)
    if (place !== undefined) child.place = place
  }
}

function showLeaf<Origin>(node: BlameNode<Origin>, newer: unknown, older: unknown, origin: Origin): void {
  if (sameLeaf(newer, older)) return
  node.origin ??= origin
  if (node.lines === null || typeof newer !== 'string' || typeof older !== 'string') {
    ascribeAll(node, origin)
    return
  }
  const places = matchLines(textLines(older), textLines(newer))
  let open = false
  for (const line of node.lines) {
    if (line.origin !== null) continue
    const place = places[line.place] ?? -1
    if (place === -1) line.origin = origin
    else {
      line.place = place
      open = true
    }
  }
  node.open = open
}

/** Leaves are scalars, or empty; two empty ones are the same when both are lists or both are not. */
function sameLeaf(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  return typeof a === 'object' && typeof b === 'object' && a !== null && b !== null
    ? Array.isArray(a) === Array.isArray(b)
    : false
}
