import { decodeValue } from '../../kubernetes/decodedObjects'
import { isJsonObject, type JsonObject } from '../../kubernetes/decodeObject'
import type { ClusterRow, ValueRow } from '../../store/store'
import { bytesOfText } from '../keyBytes'
import type { Scope } from '../scope'
import type { Span } from './span'

/** Objects as they were at the end of a range, each read once. */
export interface ObjectsThen {
  read(key: string): Promise<{ row: ValueRow; object: JsonObject } | null>
}

export function objectsThen({ reader }: Scope, cluster: ClusterRow, { epoch, to }: Span): ObjectsThen {
  const known = new Map<string, Promise<{ row: ValueRow; object: JsonObject } | null>>()
  const read = async (text: string) => {
    const key = bytesOfText(text)
    const newest = await reader.valueAt(cluster, epoch, key, to)
    // Of a deleted object the version before its deletion says what it was.
    const row = newest?.op === 'delete' ? await reader.valueAt(cluster, epoch, key, newest.revision - 1n) : newest
    const object = row?.value ? decodeValue(row.value).object : null
    return row !== null && isJsonObject(object) ? { row, object } : null
  }
  return {
    read(key) {
      const found = known.get(key) ?? read(key)
      known.set(key, found)
      return found
    },
  }
}
