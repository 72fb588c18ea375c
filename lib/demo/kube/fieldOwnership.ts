import type { KubeObject, ManagedFields } from './objects'

/** Who wrote: what `metadata.managedFields` names. */
export interface Actor {
  readonly manager: string
  readonly operation?: 'Apply' | 'Update'
  readonly subresource?: 'status' | 'scale'
}

/**
 * managedFields after a write: the fields that changed now belong to the actor, whoever had them before, and fields
 * that are gone belong to nobody. Times have the apiserver's one second.
 */
export function ownFields(before: KubeObject | null, after: KubeObject, actor: Actor, time: string): ManagedFields[] {
  const old = before === null ? new Map<string, string>() : leavesOf(before)
  const now = leavesOf(after)
  const changed = new Set([...now].filter(([path, value]) => old.get(path) !== value).map(([path]) => path))
  const operation = actor.operation ?? 'Update'
  const entries: ManagedFields[] = []
  let own: Set<string> = changed
  for (const entry of before?.metadata.managedFields ?? []) {
    const paths = pathsOf(entry.fieldsV1).filter((path) => now.has(path))
    if (entry.manager === actor.manager && entry.operation === operation && entry.subresource === actor.subresource) {
      own = new Set([...paths, ...changed])
      if (changed.size === 0) entries.push(entry)
      continue
    }
    const kept = paths.filter((path) => !changed.has(path))
    if (kept.length > 0) entries.push({ ...entry, fieldsV1: treeOf(kept) })
  }
  if (changed.size === 0) return entries
  const entry: ManagedFields = {
    manager: actor.manager,
    operation,
    apiVersion: after.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: treeOf(own),
  }
  return [...entries, actor.subresource === undefined ? entry : { ...entry, subresource: actor.subresource }]
}

/** Between the segments of a path; stands in no field name. */
const separator = '\u0001'
const notOwned = new Set(['apiVersion', 'kind'])
const ownedMetadata = ['labels', 'annotations', 'ownerReferences', 'finalizers', 'generateName']

/** Every owned leaf with its value as text. Lists of named things are owned item by item, other lists as a whole. */
function leavesOf(object: KubeObject): Map<string, string> {
  const leaves = new Map<string, string>()
  for (const [name, value] of Object.entries(object)) {
    if (notOwned.has(name)) continue
    const part = name === 'metadata' ? pickOwned(value) : value
    if (part !== undefined) addLeaves(leaves, [`f:${name}`], part)
  }
  return leaves
}

function pickOwned(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null) return undefined
  const owned = Object.entries(metadata).filter(([name]) => ownedMetadata.includes(name))
  return owned.length === 0 ? undefined : Object.fromEntries(owned)
}

function addLeaves(leaves: Map<string, string>, path: string[], value: unknown): void {
  if (Array.isArray(value)) {
    const keys = value.map(itemKey)
    if (value.length === 0 || keys.includes(null)) leaves.set(path.join(separator), JSON.stringify(value))
    else {
      value.forEach((item, index) => {
        const itemPath = [...path, `k:${keys[index]}`]
        leaves.set([...itemPath, '.'].join(separator), '')
        addLeaves(leaves, itemPath, item)
      })
    }
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    if (entries.length === 0) leaves.set(path.join(separator), '{}')
    for (const [name, item] of entries) if (item !== undefined) addLeaves(leaves, [...path, `f:${name}`], item)
  } else {
    leaves.set(path.join(separator), JSON.stringify(value))
  }
}

/** The key by which Kubernetes merges lists of this shape; null for lists that are one value. */
function itemKey(item: unknown): string | null {
  if (typeof item !== 'object' || item === null) return null
  if ('uid' in item && 'kind' in item) return JSON.stringify({ uid: item.uid })
  if ('containerPort' in item && 'protocol' in item) {
    return JSON.stringify({ containerPort: item.containerPort, protocol: item.protocol })
  }
  if ('port' in item && 'protocol' in item) return JSON.stringify({ port: item.port, protocol: item.protocol })
  if ('mountPath' in item) return JSON.stringify({ mountPath: item.mountPath })
  if ('ip' in item) return JSON.stringify({ ip: item.ip })
  if ('type' in item && 'status' in item) return JSON.stringify({ type: item.type })
  if ('name' in item && !('configMapRef' in item)) return JSON.stringify({ name: item.name })
  return null
}

function pathsOf(tree: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(tree).flatMap(([segment, below]) => {
    const path = prefix === '' ? segment : `${prefix}${separator}${segment}`
    if (typeof below !== 'object' || below === null || Object.keys(below).length === 0) return [path]
    return pathsOf({ ...below }, path)
  })
}

type Tree = { [segment: string]: Tree }

function treeOf(paths: Iterable<string>): Tree {
  const root: Tree = {}
  for (const path of paths) {
    let node = root
    for (const segment of path.split(separator)) {
      node[segment] ??= {}
      node = node[segment]
    }
  }
  return root
}
