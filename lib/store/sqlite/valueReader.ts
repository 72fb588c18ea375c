import { ScopeError } from '../../core/errors'
import { decodeValue, hashOf } from '../value/encoding'
import { createRawCache } from '../value/rawCache'
import { bigOf, bytesOf, numberOf, numberOrNull, type Statements } from './statements'

/** A value as it was before it was encoded. */
export interface StoredValue {
  readonly id: number
  readonly raw: Uint8Array
  readonly hash: bigint
  /** The longest way through its sources to a value that stands alone; 0 for such a one. */
  readonly depth: number
}

export interface ValueReader {
  /** Reconstructs and checks against the stored hash. Throws INTERNAL naming the value when it does not fit. */
  read(id: number): StoredValue
}

/** Values that one is made from, theirs included: the writer's rules of depth keep it at some dozens. */
const linkLimit = 2_000

interface Link {
  readonly id: number
  readonly hash: bigint
  readonly encoding: number
  readonly baseId: number | null
  readonly aidId: number | null
  readonly bytes: Buffer
}

export function createValueReader(statements: Statements, cacheBytes: number): ValueReader {
  const cache = createRawCache<number, StoredValue>(cacheBytes)
  const select = statements.big('SELECT hash, encoding, base_id, aid_id, bytes FROM value WHERE id = ?')

  /** The value's own link and those of all that it is made from, as far as they are not at hand. */
  function linksOf(id: number, atHand: Map<number, StoredValue>): Link[] {
    const links = new Map<number, Link>()
    const wanted = [id]
    for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
      if (links.has(next) || atHand.has(next)) continue
      const cached = cache.get(next)
      if (cached !== undefined) {
        atHand.set(next, cached)
        continue
      }
      if (links.size >= linkLimit) throw damaged(id, `it is made from more than ${linkLimit} others`)
      const link = linkOf(next, id)
      links.set(next, link)
      for (const source of [link.baseId, link.aidId]) {
        if (source === null) continue
        // Sources are always older, so there is no circle.
        if (source >= next) throw damaged(id, `value ${next} is made from the later ${source}`)
        wanted.push(source)
      }
    }
    return [...links.values()].sort((a, b) => a.id - b.id)
  }

  function linkOf(id: number, ofValue: number): Link {
    const row = select.get(id)
    if (row === undefined) throw damaged(ofValue, `value ${id}, which it is made from, is missing`)
    return {
      id,
      hash: bigOf(row[0]),
      encoding: numberOf(row[1]),
      baseId: numberOrNull(row[2]),
      aidId: numberOrNull(row[3]),
      bytes: bytesOf(row[4]),
    }
  }

  function readOnce(id: number): StoredValue {
    const known = cache.get(id)
    if (known !== undefined) return known
    const atHand = new Map<number, StoredValue>()
    for (const link of linksOf(id, atHand)) {
      const value = restored(link, atHand)
      atHand.set(link.id, value)
      cache.set(link.id, value, value.raw.byteLength)
    }
    const value = atHand.get(id)
    if (value === undefined) throw damaged(id, 'it is missing')
    return value
  }

  return {
    read(id) {
      try {
        return readOnce(id)
      } catch {
        // Between two of its reads retention may have made the value from others and removed what it was made from.
        return readOnce(id)
      }
    },
  }
}

function restored(link: Link, atHand: ReadonlyMap<number, StoredValue>): StoredValue {
  const base = link.baseId === null ? null : (atHand.get(link.baseId) ?? null)
  const aid = link.aidId === null ? null : (atHand.get(link.aidId) ?? null)
  const length = Number(BigInt.asUintN(63, link.hash) >> 32n)
  let raw: Uint8Array
  try {
    raw = decodeValue(link.encoding, link.bytes, length, { base: base?.raw ?? null, aid: aid?.raw ?? null })
  } catch (error) {
    throw damaged(link.id, `it cannot be decoded (${error instanceof Error ? error.message : String(error)})`)
  }
  if (hashOf(raw) !== link.hash) throw damaged(link.id, 'it differs from its hash')
  return { id: link.id, raw, hash: link.hash, depth: depthOver(base, aid) }
}

/** Depth of a value that is made from these. */
export function depthOver(base: StoredValue | null, aid: StoredValue | null): number {
  return Math.max(base?.depth ?? -1, aid?.depth ?? -1) + 1
}

function damaged(id: number, why: string): ScopeError {
  return new ScopeError('INTERNAL', `Stored value ${id} is damaged: ${why}.`)
}
