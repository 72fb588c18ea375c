/** Raw values by some key, newest use last, bounded by their bytes: bases for differences, and reads that repeat. */
export interface RawCache<K, V> {
  get(key: K): V | undefined
  set(key: K, value: V, bytes: number): void
  delete(key: K): void
  clear(): void
}

/** What an entry costs beside its bytes: key, map slot, objects. */
const entryOverheadBytes = 200

export function createRawCache<K, V>(limitBytes: number): RawCache<K, V> {
  const entries = new Map<K, { value: V; bytes: number }>()
  let total = 0
  const drop = (key: K) => {
    const entry = entries.get(key)
    if (entry === undefined) return
    entries.delete(key)
    total -= entry.bytes
  }
  return {
    get(key) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      entries.delete(key)
      entries.set(key, entry)
      return entry.value
    },
    set(key, value, bytes) {
      drop(key)
      const cost = bytes + entryOverheadBytes
      if (cost > limitBytes) return
      entries.set(key, { value, bytes: cost })
      total += cost
      for (const oldest of entries.keys()) {
        if (total <= limitBytes) break
        drop(oldest)
      }
    },
    delete: drop,
    clear() {
      entries.clear()
      total = 0
    },
  }
}
