import type { OwnedObject, WorkloadAnswer } from '../../../../../../lib/contract'

/** What belongs to a workload, as a tree: owners above it, what it owns and what serves it below. Pure. */

export interface TreeRow {
  readonly id: string
  readonly depth: number
  /** Null for the workload itself. */
  readonly object: OwnedObject | null
  readonly kind: string
  readonly namespace: string | null
  readonly name: string
  readonly group: string
  readonly key: string
  /** Where a pod runs. */
  readonly node: OwnedObject | null
  readonly gone: boolean
}

type Root = Pick<WorkloadAnswer, 'key' | 'kind' | 'namespace' | 'name' | 'group' | 'ownership'>

/** Deeper than this is a cycle in what was stored. */
const DEEPEST = 8

/** In the order of the answer; within it what lives before what is gone. A node stands in its pod's row. */
export function prepareOwnership(root: Root): readonly TreeRow[] {
  const owners = ownersOf(root)
  const below = root.ownership.filter(({ relation }) => relation !== 'owner' && relation !== 'node')
  const children = new Map<string, OwnedObject[]>()
  for (const object of below) {
    const list = children.get(object.of)
    if (list === undefined) children.set(object.of, [object])
    else list.push(object)
  }
  const nodes = new Map<string, OwnedObject>()
  for (const object of root.ownership) {
    if (object.relation === 'node' && (nodes.get(object.of)?.to ?? '') !== null) nodes.set(object.of, object)
  }
  const rows: TreeRow[] = []
  const add = (object: OwnedObject | null, named: Omit<Root, 'ownership'>, depth: number) => {
    const { key, kind, namespace, name, group } = named
    rows.push({
      id: `${rows.length} ${key}`,
      depth,
      object,
      kind,
      namespace,
      name,
      group,
      key,
      node: nodes.get(key) ?? null,
      gone: object !== null && object.to !== null,
    })
  }
  const walk = (key: string, depth: number) => {
    const own = children.get(key) ?? []
    const sorted = [...own.filter(({ to }) => to === null), ...own.filter(({ to }) => to !== null)]
    for (const child of sorted) {
      add(child, child, depth)
      if (depth < DEEPEST) walk(child.key, depth + 1)
    }
  }
  owners.forEach((owner, index) => {
    add(owner, owner, index)
  })
  add(null, root, owners.length)
  walk(root.key, owners.length + 1)
  return rows
}

/** From the topmost owner down to the direct one. */
function ownersOf(root: Root): readonly OwnedObject[] {
  const found: OwnedObject[] = []
  let key = root.key
  while (found.length < DEEPEST) {
    const owner = root.ownership.find((one) => one.relation === 'owner' && one.of === key)
    if (owner === undefined || found.includes(owner)) break
    found.unshift(owner)
    key = owner.key
  }
  return found
}

/** What is gone takes room: hidden unless asked for, with what hangs on it. */
export function withoutGone(rows: readonly TreeRow[]): readonly TreeRow[] {
  const shown: TreeRow[] = []
  let hiddenDepth = Number.POSITIVE_INFINITY
  for (const row of rows) {
    if (row.depth > hiddenDepth) continue
    hiddenDepth = row.gone ? row.depth : Number.POSITIVE_INFINITY
    if (!row.gone) shown.push(row)
  }
  return shown
}
