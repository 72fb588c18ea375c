/** Raw values by some key, bounded by their bytes: bases for differences, and reads that repeat. */
export interface RawCache<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V, bytes: number): void
  delete(key: K): void
  clear(): void
}

/** What an entry costs beside its bytes: key, map slot, objects. */
const entryOverheadBytes = 200

interface Entry<V> {
  readonly value: V
  readonly cost: number
}

/**
 * Two generations: what is used moves to the young one, and when that holds half of the limit the old one is dropped
 * whole. Nothing is deleted from a Map one by one on the way, which costs more than everything else in an LRU.
 */
export function createRawCache<K, V>(limitBytes: number): RawCache<K, V> {
  let young = new Map<K, Entry<V>>()
  let old = new Map<K, Entry<V>>()
  let youngBytes = 0

  function keep(key: K, entry: Entry<V>): void {
    youngBytes += entry.cost - (young.get(key)?.cost ?? 0)
    young.set(key, entry)
    if (youngBytes <= limitBytes / 2) return
    old = young
    young = new Map()
    youngBytes = 0
  }

  function forget(key: K): void {
    youngBytes -= young.get(key)?.cost ?? 0
    young.delete(key)
    old.delete(key)
  }

  return {
    get(key) {
      const entry = young.get(key)
      if (entry !== undefined) return entry.value
      const aged = old.get(key)
      if (aged === undefined) return undefined
      keep(key, aged)
      return aged.value
    },
    set(key, value, bytes) {
      const cost = bytes + entryOverheadBytes
      // One entry must not push out all others.
      if (cost > limitBytes / 2) forget(key)
      else keep(key, { value, cost })
    },
    delete: forget,
    clear() {
      young = new Map()
      old = new Map()
      youngBytes = 0
    },
  }
}
