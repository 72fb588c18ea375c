import type { ChangeInput } from '../store'
import { createRawCache } from '../value/rawCache'
import type { LabelWriter } from './labels'
import { numberOf, numberOrNull, type Statements, textOrNull } from './statements'

/** Key bytes to small ids, with what the key's path says of its object. */
export interface KeyWriter {
  /** Finds or creates; a key whose description moved (another prefix was configured) is described anew. */
  idOf(clusterId: number, change: KeyDescription): KnownKey
  find(clusterId: number, key: Uint8Array): number | null
  /** The key is no longer stored. */
  forget(clusterId: number, key: Uint8Array): void
  forgetAll(): void
}

export interface KnownKey {
  readonly id: number
  /** True when this call created it: nothing can be stored under it yet. */
  readonly fresh: boolean
}

export type KeyDescription = Pick<ChangeInput, 'key' | 'resource' | 'namespace' | 'name'>

const cacheBytes = 24 * 1024 * 1024

interface Described {
  readonly id: number
  readonly resource: string | null
  readonly namespace: string | null
  readonly name: string | null
}

/** `keepDescription` is told before a key is described anew, so that what was said of it stays provable. */
export function createKeyWriter(
  statements: Statements,
  labels: LabelWriter,
  keepDescription: (clusterId: number, keyId: number) => void,
): KeyWriter {
  const cache = createRawCache<string, Described>(cacheBytes)
  const select = statements.raw('SELECT id FROM key WHERE cluster_id = ? AND key = ?')
  const insert = statements.run(
    'INSERT INTO key (cluster_id, key, resource_id, namespace_id, name_tail, name) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const describe = statements.run(
    'UPDATE key SET resource_id = ?, namespace_id = ?, name_tail = ?, name = ? WHERE id = ?',
  )
  const current = statements.raw('SELECT resource_id, namespace_id, name_tail, name FROM key WHERE id = ?')

  function idOf(clusterId: number, change: KeyDescription): KnownKey {
    const text = cacheKey(clusterId, change.key)
    const known = cache.get(text)
    if (known !== undefined && sameDescription(known, change)) return { id: known.id, fresh: false }
    const found = find(clusterId, change.key)
    const columns = columnsOf(change)
    const id = found ?? Number(insert.run(clusterId, change.key, ...columns).lastInsertRowid)
    if (found !== null && !sameColumns(found, columns)) {
      keepDescription(clusterId, found)
      describe.run(...columns, found)
    }
    const { resource, namespace, name } = change
    cache.set(text, { id, resource, namespace, name }, text.length)
    return { id, fresh: found === null }
  }

  function columnsOf(change: KeyDescription): readonly (number | string | null)[] {
    const tail = tailOf(change.key, change.name)
    return [labels.idOf(change.resource), labels.idOf(change.namespace), tail, tail === null ? change.name : null]
  }

  function sameColumns(id: number, columns: readonly (number | string | null)[]): boolean {
    const row = current.get(id)
    if (row === undefined) return false
    const stored = [numberOrNull(row[0]), numberOrNull(row[1]), numberOrNull(row[2]), textOrNull(row[3])]
    return stored.every((cell, at) => cell === columns[at])
  }

  function find(clusterId: number, key: Uint8Array): number | null {
    const known = cache.get(cacheKey(clusterId, key))
    if (known !== undefined) return known.id
    const row = select.get(clusterId, key)
    return row === undefined ? null : numberOf(row[0])
  }

  return {
    idOf,
    find,
    forget: (clusterId, key) => cache.delete(cacheKey(clusterId, key)),
    forgetAll: () => cache.clear(),
  }
}

function cacheKey(clusterId: number, key: Uint8Array): string {
  return `${clusterId} ${Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1')}`
}

function sameDescription(known: Described, change: KeyDescription): boolean {
  return known.resource === change.resource && known.namespace === change.namespace && known.name === change.name
}

/** Length in bytes of the name when the key ends with it, so that it is not stored twice. */
function tailOf(key: Uint8Array, name: string | null): number | null {
  if (name === null || name === '') return null
  const bytes = Buffer.from(name)
  if (bytes.byteLength > key.byteLength) return null
  return Buffer.compare(bytes, key.subarray(key.byteLength - bytes.byteLength)) === 0 ? bytes.byteLength : null
}

/** The object's name from a row's key, name_tail and name. */
export function nameFrom(key: Buffer, tail: number | null, name: string | null): string | null {
  return tail === null ? name : key.subarray(key.byteLength - tail).toString('utf8')
}
