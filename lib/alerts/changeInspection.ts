import { isJsonObject, type JsonObject } from '../kubernetes/decodeObject'
import { presentValue } from '../kubernetes/presentValue'
import { structuralDiff } from '../query/structuralDiff'
import type { ChangeRow, ClusterRef, RecordReader } from '../store'
import { widensAccess } from './rbacWidening'

/** What only the values behind a change tell: whether a path changed, whether a subject may do more. */

type Reader = Pick<RecordReader, 'valueAt'>

/** `path` as the diff names it, or one above it: `spec.template` means all below. Nothing that the path is part of. */
export function changedPath(
  reader: Reader,
  cluster: ClusterRef,
  path: string,
): (change: ChangeRow) => Promise<boolean> {
  const bare = path.replace(/^\.+/, '')
  return async (change) => {
    const [before, after] = await bothSides(reader, cluster, change)
    return structuralDiff(before, after).some((step) => {
      // The whole object came or went: the path is in what it held.
      if (step.path === '') return holdsPath(step.before ?? step.after, bare)
      if (!step.path.startsWith(bare)) return bare.startsWith(step.path) && /^[.[]/.test(bare.slice(step.path.length))
      return step.path.length === bare.length || /^[.[]/.test(step.path.slice(bare.length))
    })
  }
}

export function widened(reader: Reader, cluster: ClusterRef): (change: ChangeRow) => Promise<boolean> {
  return async (change) => {
    if (change.op === 'delete') return false
    const [before, after] = await bothSides(reader, cluster, change)
    return isJsonObject(after) && widensAccess(isJsonObject(before) ? before : null, after)
  }
}

async function bothSides(reader: Reader, cluster: ClusterRef, change: ChangeRow): Promise<[unknown, unknown]> {
  const side = async (revision: bigint) => {
    const row = await reader.valueAt(cluster, change.epoch, change.key, revision)
    if (row === null || row.value === null || row.op === 'delete') return undefined
    const shown = presentValue(row.key, row.value, row.revision)
    if (!isJsonObject(shown.object)) return shown.object
    // These move with every write and say nothing of what was written.
    const metadata: JsonObject = isJsonObject(shown.object.metadata) ? { ...shown.object.metadata } : {}
    delete metadata.managedFields
    delete metadata.resourceVersion
    return { ...shown.object, metadata }
  }
  return await Promise.all([side(change.revision - 1n), side(change.revision)])
}

function holdsPath(object: unknown, path: string): boolean {
  let at: unknown = object
  for (const name of path.split('.')) {
    const field = name.replace(/\[.*$/, '')
    if (!isJsonObject(at) || !Object.hasOwn(at, field)) return false
    at = at[field]
  }
  return true
}
