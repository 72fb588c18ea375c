import { ScopeError } from '../../core/errors'
import { decodeValue, hashOf, needsBase } from '../value/encoding'
import { createRawCache } from '../value/rawCache'
import { bigOf, bytesOf, numberOf, type Statements } from './statements'

/** A value as it was before it was encoded, and where it stands in its chain of differences. */
export interface StoredValue {
  readonly id: number
  readonly raw: Uint8Array
  readonly hash: bigint
  readonly depth: number
}

export interface ValueReader {
  /** Reconstructs and checks against the stored hash. Throws INTERNAL naming the value when it does not fit. */
  read(id: number): StoredValue
}

/** The writer never builds longer ones; a longer chain is a damaged one, perhaps a circle. */
export const chainLimit = 16

interface Link {
  readonly id: number
  readonly hash: bigint
  readonly encoding: number
  readonly depth: number
  readonly length: number
  readonly bytes: Buffer
}

export function createValueReader(statements: Statements, cacheBytes: number): ValueReader {
  const cache = createRawCache<number, StoredValue>(cacheBytes)
  const select = statements.big('SELECT hash, encoding, depth, base_id, length, bytes FROM value WHERE id = ?')

  function read(id: number): StoredValue {
    const chain: Link[] = []
    let base: StoredValue | null = null
    for (let next: number | null = id; next !== null; ) {
      const cached = cache.get(next)
      if (cached !== undefined) {
        base = cached
        break
      }
      if (chain.length > chainLimit) throw damaged(id, `its chain of differences is longer than ${chainLimit}`)
      const row = select.get(next)
      if (row === undefined) throw damaged(id, `value ${next} of its chain is missing`)
      const link: Link = {
        id: next,
        hash: bigOf(row[0]),
        encoding: numberOf(row[1]),
        depth: numberOf(row[2]),
        length: numberOf(row[4]),
        bytes: bytesOf(row[5]),
      }
      chain.push(link)
      next = needsBase(link.encoding) ? numberOf(row[3]) : null
    }
    for (const link of chain.reverse()) {
      base = restored(link, base)
      cache.set(link.id, base, base.raw.byteLength)
    }
    if (base === null) throw damaged(id, 'it is empty')
    return base
  }
  return { read }
}

function restored(link: Link, base: StoredValue | null): StoredValue {
  let raw: Uint8Array
  try {
    raw = decodeValue(link.encoding, link.bytes, link.length, base?.raw ?? null)
  } catch (error) {
    throw damaged(link.id, `it cannot be decoded (${error instanceof Error ? error.message : String(error)})`)
  }
  if (raw.byteLength !== link.length || hashOf(raw) !== link.hash) throw damaged(link.id, 'it differs from its hash')
  return { id: link.id, raw, hash: link.hash, depth: link.depth }
}

function damaged(id: number, why: string): ScopeError {
  return new ScopeError('INTERNAL', `Stored value ${id} is damaged: ${why}.`)
}
