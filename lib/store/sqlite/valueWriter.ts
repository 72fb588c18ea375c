import { encodeValue, hashOf, needsBase } from '../value/encoding'
import { createRawCache } from '../value/rawCache'
import { numberOf, type Statements } from './statements'
import { chainLimit, createValueReader, type StoredValue } from './valueReader'

/**
 * Stores values by content: one that was stored before is pointed to, any other is kept as its difference from the
 * key's previous version, or for a key's first version from the newest value of the same kind.
 */
export interface ValueWriter {
  /** The id under which the value is stored from now on, and its hash. */
  put(value: Uint8Array, place: ValuePlace): Pick<StoredValue, 'id' | 'hash'>
  /** Reconstructs; the key's newest value stays at hand for its next change. */
  newestOfKey(keyId: number, valueId: number): StoredValue
  /** After a delete no base is at hand. */
  forgetKey(keyId: number): void
  /** After a transaction that was rolled back: ids that it gave out do not exist. */
  forgetAll(): void
}

export interface ValuePlace {
  readonly keyId: number
  /** Values of one group resemble each other: a resource, or a folder of plain keys. */
  readonly group: string
  /** False when the value never comes back, as a heartbeat's: it needs no place in the index of contents. */
  readonly mayReturn: boolean
  /** The key's previous value in the store; null when there is none. Asked only when it is not at hand. */
  readonly previousId: () => number | null
}

const keyCacheBytes = 32 * 1024 * 1024
const groupCacheBytes = 8 * 1024 * 1024
const readCacheBytes = 8 * 1024 * 1024
/** A group's values are small and alike; a huge one would push the others out and resembles nothing. */
const groupValueLimitBytes = 128 * 1024
/** Heads reach this deep, the chain above one has the rest; then a value without a base is the next head. */
const headDepth = 8
/** Of values with one hash the newest are compared; more of them is somebody's intention, and is stored again. */
const candidateLimit = 4
/** A base that leaves more than this is no help: the value starts a chain of its own. */
const poorShare = 0.6

/**
 * The newest value of a key or group, and the head: the one that the present chain hangs on. A full chain goes on
 * from the head, and what is stored then is the next head, so that heads stay near in time to what they serve.
 */
interface Chain {
  readonly newest: StoredValue
  readonly head: StoredValue
}

export function createValueWriter(statements: Statements): ValueWriter {
  const ofKey = createRawCache<number, Chain>(keyCacheBytes)
  const ofGroup = createRawCache<string, Chain>(groupCacheBytes)
  let reader = createValueReader(statements, readCacheBytes)
  const byHash = statements.raw(
    `SELECT id FROM value WHERE hash = ? AND lookup = 1 ORDER BY id DESC LIMIT ${candidateLimit}`,
  )
  const insert = statements.run(
    'INSERT INTO value (hash, encoding, depth, base_id, length, lookup, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )

  function put(value: Uint8Array, place: ValuePlace): StoredValue {
    const hash = hashOf(value)
    const group = ofGroup.get(place.group)
    const known = valuesOf(place)
    const stored =
      sameContent(known?.newest ?? null, hash, value) ??
      sameContent(group?.newest ?? null, hash, value) ??
      (place.mayReturn ? storedBefore(hash, value) : null) ??
      store(value, hash, known, group, place)
    keepForKey(place.keyId, known, stored)
    if (stored.raw.byteLength <= groupValueLimitBytes && stored !== known?.newest) {
      const chain = extended(group, stored)
      ofGroup.set(place.group, chain, bytesOfChain(chain))
    }
    return stored
  }

  function valuesOf(place: ValuePlace): Chain | null {
    const atHand = ofKey.get(place.keyId)
    if (atHand !== undefined) return atHand
    const id = place.previousId()
    if (id === null) return null
    const newest = reader.read(id)
    return { newest, head: newest }
  }

  function keepForKey(keyId: number, known: Chain | null, stored: StoredValue): void {
    const chain = extended(known ?? undefined, stored)
    ofKey.set(keyId, chain, bytesOfChain(chain))
  }

  function storedBefore(hash: bigint, value: Uint8Array): StoredValue | null {
    for (const row of byHash.all(hash)) {
      const candidate = reader.read(numberOf(row[0]))
      if (sameBytes(candidate.raw, value)) return candidate
    }
    return null
  }

  function store(
    value: Uint8Array,
    hash: bigint,
    known: Chain | null,
    group: Chain | undefined,
    place: ValuePlace,
  ): StoredValue {
    const base = baseFor(known, group)
    let encoded = encodeValue(value, base?.raw ?? null)
    const poor = needsBase(encoded.encoding) && encoded.bytes.byteLength > poorShare * value.byteLength
    if (poor && base !== known?.newest) encoded = encodeValue(value, null)
    const delta = needsBase(encoded.encoding) && base !== null
    const depth = delta ? base.depth + 1 : 0
    const lookup = place.mayReturn ? 1 : 0
    const { lastInsertRowid } = insert.run(
      hash,
      encoded.encoding,
      depth,
      delta ? base.id : null,
      value.byteLength,
      lookup,
      encoded.bytes,
    )
    // Copied: the collector's bytes are a window on a whole network message, which must not stay alive for it.
    return { id: Number(lastInsertRowid), raw: new Uint8Array(value), hash, depth }
  }

  return {
    put,
    newestOfKey(keyId, valueId) {
      const atHand = ofKey.get(keyId)
      if (atHand !== undefined && atHand.newest.id === valueId) return atHand.newest
      const stored = reader.read(valueId)
      keepForKey(keyId, null, stored)
      return stored
    },
    forgetKey: (keyId) => ofKey.delete(keyId),
    forgetAll() {
      ofKey.clear()
      ofGroup.clear()
      reader = createValueReader(statements, readCacheBytes)
    },
  }
}

function baseFor(known: Chain | null, group: Chain | undefined): StoredValue | null {
  if (known === null) return hasRoom(group?.newest, chainLimit) ?? hasRoom(group?.head, headDepth)
  return hasRoom(known.newest, chainLimit) ?? hasRoom(known.head, headDepth) ?? hasRoom(group?.head, headDepth)
}

function hasRoom(candidate: StoredValue | undefined, limit: number): StoredValue | null {
  return candidate !== undefined && candidate.depth < limit ? candidate : null
}

/** A value that is not one deeper than the newest began a new chain: it is the head from now on. */
function extended(chain: Chain | undefined, stored: StoredValue): Chain {
  const goesOn = chain !== undefined && stored.depth > chain.newest.depth
  return { newest: stored, head: goesOn || (chain !== undefined && stored.depth > headDepth) ? chain.head : stored }
}

function bytesOfChain({ newest, head }: Chain): number {
  return newest.raw.byteLength + (head === newest ? 0 : head.raw.byteLength)
}

function sameContent(candidate: StoredValue | null, hash: bigint, value: Uint8Array): StoredValue | null {
  return candidate !== null && candidate.hash === hash && sameBytes(candidate.raw, value) ? candidate : null
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0
}
