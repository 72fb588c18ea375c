import { encodeValue, hashOf, type Sources } from '../value/encoding'
import { createRawCache } from '../value/rawCache'
import { numberOf, type Statements } from './statements'
import { createValueReader, depthOver, type StoredValue } from './valueReader'

/**
 * Stores values by content: one that was stored before is pointed to, any other is spliced from two earlier ones where
 * they help. The base is the key's previous version, or for a first version the newest first version of a sibling; the
 * aid is the newest value that took the same turn, of its siblings or else of its kind.
 */
export interface ValueWriter {
  /** At the start of each transaction: another process may have stored values of another cluster since. */
  begin(): void
  /** The id under which the value is stored from now on, and its hash. */
  put(value: Uint8Array, place: ValuePlace): Pick<StoredValue, 'id' | 'hash'>
  /** Reconstructs; the key's newest value stays at hand for its next change. */
  newestOfKey(keyId: number, valueId: number): StoredValue
  /** After a delete no base is at hand. */
  forgetKey(keyId: number): void
  /** After a transaction that was rolled back: ids that it gave out do not exist. */
  forgetAll(): void
  /** While set, told of each stored value that a change points to or a difference hangs on from now on. */
  onUse: ((id: number) => void) | null
}

export interface ValuePlace {
  readonly keyId: number
  /** Values of one group resemble each other: a resource, or a folder of plain keys. */
  readonly group: string
  /** Keys of one family are siblings: Pods of a ReplicaSet, Events of a Pod. Their first versions resemble each other. */
  readonly family: string
  /** What the change did, in a word or two: values of a group that took the same turn have the same parts anew. */
  readonly turn: string
  /** False when the value never comes back, as a heartbeat's: it needs no place in the index of contents. */
  readonly mayReturn: boolean
  /** The key's previous value in the store; null when there is none. Asked only when it is not at hand. */
  readonly previousId: () => number | null
}

const keyCacheBytes = 32 * 1024 * 1024
const familyCacheBytes = 8 * 1024 * 1024
const turnCacheBytes = 16 * 1024 * 1024
const readCacheBytes = 8 * 1024 * 1024
/** What serves other keys is small and alike; a huge one would push the others out and resembles nothing. */
const sharedLimitBytes = 128 * 1024
/**
 * How deep a source may lie. A key's own history is read as a whole most of the time, so it may be long; what serves
 * many keys less, because every value of a history may have another one. Measured: a cold read takes some 80 values,
 * one in twenty more than 240, at some microseconds each. Without bounds it would be thousands.
 */
const ownDepth = 96
const turnInFamilyDepth = 48
const familyDepth = 32
const turnDepth = 16
/** Where each is large, as many would fill the memory. */
const largeBytes = 64 * 1024
const largeDepth = 16
/** Of values with one hash the newest are compared; more of them is somebody's intention, and is stored again. */
const candidateLimit = 4

export function createValueWriter(statements: Statements): ValueWriter {
  const ofKey = createRawCache<number, StoredValue>(keyCacheBytes)
  const ofFamily = createRawCache<string, StoredValue>(familyCacheBytes)
  const ofTurn = createRawCache<string, StoredValue>(turnCacheBytes)
  let reader = createValueReader(statements, readCacheBytes)
  const byHash = statements.raw(
    `SELECT id FROM value WHERE hash = ? AND lookup = 1 ORDER BY id DESC LIMIT ${candidateLimit}`,
  )
  const insert = statements.run(
    'INSERT INTO value (id, hash, encoding, base_back, aid_back, lookup, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )

  const newest = statements.raw('SELECT coalesce(max(id), 0) FROM value')
  let nextId: number | null = null

  function put(value: Uint8Array, place: ValuePlace): StoredValue {
    const hash = hashOf(value)
    const previous = previousOf(place)
    const alike = aidOf(place)
    const stored =
      sameContent(previous, hash, value) ??
      sameContent(alike, hash, value) ??
      (place.mayReturn ? storedBefore(hash, value) : null) ??
      store(value, hash, sourcesOf(value, place, previous, alike), place.mayReturn)
    writer.onUse?.(stored.id)
    keepForKey(place.keyId, stored)
    if (stored !== previous && stored.raw.byteLength <= sharedLimitBytes)
      keepForOthers(stored, place, previous === null)
    return stored
  }

  function previousOf(place: ValuePlace): StoredValue | null {
    const atHand = ofKey.get(place.keyId)
    if (atHand !== undefined) return atHand
    const id = place.previousId()
    return id === null ? null : reader.read(id)
  }

  function sourcesOf(
    value: Uint8Array,
    place: ValuePlace,
    previous: StoredValue | null,
    aid: StoredValue | null,
  ): Sources<StoredValue> {
    const sibling = previous === null ? (ofFamily.get(place.family) ?? null) : null
    const limit = value.byteLength > largeBytes ? largeDepth : ownDepth
    const base = previous ?? sibling
    return base === null || base.depth >= limit ? { base: aid, aid: null } : { base, aid: aid === base ? null : aid }
  }

  function keepForKey(keyId: number, stored: StoredValue): void {
    ofKey.set(keyId, stored, stored.raw.byteLength)
  }

  function keepForOthers(stored: StoredValue, place: ValuePlace, first: boolean): void {
    const bytes = stored.raw.byteLength
    if (first && stored.depth < familyDepth) ofFamily.set(place.family, stored, bytes)
    if (stored.depth <= turnInFamilyDepth) ofTurn.set(turnInFamily(place), stored, bytes)
    if (stored.depth > turnDepth) return
    ofTurn.set(turnOf(place), stored, bytes)
    ofTurn.set(place.group, stored, bytes)
  }

  /** The newest of the narrowest circle there is. */
  function aidOf(place: ValuePlace): StoredValue | null {
    return ofTurn.get(turnInFamily(place)) ?? ofTurn.get(turnOf(place)) ?? ofTurn.get(place.group) ?? null
  }

  function storedBefore(hash: bigint, value: Uint8Array): StoredValue | null {
    for (const row of byHash.all(hash)) {
      const candidate = reader.read(numberOf(row[0]))
      if (sameBytes(candidate.raw, value)) return candidate
    }
    return null
  }

  function store(value: Uint8Array, hash: bigint, sources: Sources<StoredValue>, mayReturn: boolean): StoredValue {
    const encoded = encodeValue(value, { base: sources.base?.raw ?? null, aid: sources.aid?.raw ?? null })
    const base = encoded.usesBase ? sources.base : null
    const aid = encoded.usesAid ? sources.aid : null
    nextId ??= numberOf(newest.get()?.[0] ?? 0) + 1
    const id = nextId++
    const [baseBack, aidBack] = [base && id - base.id, aid && id - aid.id]
    insert.run(id, hash, encoded.encoding, baseBack, aidBack, mayReturn ? 1 : 0, encoded.bytes)
    // Copied: the collector's bytes are a window on a whole network message, which must not stay alive for it.
    return { id, raw: new Uint8Array(value), hash, depth: depthOver(base, aid) }
  }

  const writer: ValueWriter = {
    onUse: null,
    begin() {
      nextId = null
    },
    put,
    newestOfKey(keyId, valueId) {
      const atHand = ofKey.get(keyId)
      if (atHand !== undefined && atHand.id === valueId) return atHand
      const stored = reader.read(valueId)
      keepForKey(keyId, stored)
      return stored
    },
    forgetKey: (keyId) => ofKey.delete(keyId),
    forgetAll() {
      ofKey.clear()
      ofFamily.clear()
      ofTurn.clear()
      reader = createValueReader(statements, readCacheBytes)
    },
  }
  return writer
}

const turnOf = (place: ValuePlace): string => `${place.group} ${place.turn}`
const turnInFamily = (place: ValuePlace): string => `${place.family} ${place.turn}`

function sameContent(candidate: StoredValue | null, hash: bigint, value: Uint8Array): StoredValue | null {
  return candidate !== null && candidate.hash === hash && sameBytes(candidate.raw, value) ? candidate : null
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && Buffer.compare(a, b) === 0
}
