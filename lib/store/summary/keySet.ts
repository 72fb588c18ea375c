import { readVarint, varintsOf } from '../value/varint'

/** Ids of keys, ascending, each as what it is more than the one before. Pure. */

export function packIds(ids: Iterable<number>): Buffer {
  const ascending = [...new Set(ids)].sort((a, b) => a - b)
  return varintsOf(ascending.map((id, at) => id - (ascending[at - 1] ?? 0)))
}

/** Throws RangeError when the bytes are damaged. */
export function unpackIds(packed: Uint8Array): number[] {
  const ids: number[] = []
  let id = 0
  for (let at = 0; at < packed.byteLength; ) {
    const step = readVarint(packed, at)
    id += step.value
    ids.push(id)
    at = step.end
  }
  return ids
}
