/** Sets by key, where an empty set takes no room. */
export class KeyedSets<K, V> {
  readonly #sets = new Map<K, Set<V>>()

  of(key: K): ReadonlySet<V> {
    return this.#sets.get(key) ?? (none as ReadonlySet<V>)
  }

  add(key: K, value: V): void {
    const known = this.#sets.get(key)
    if (known === undefined) this.#sets.set(key, new Set([value]))
    else known.add(value)
  }

  delete(key: K, value: V): void {
    const known = this.#sets.get(key)
    known?.delete(value)
    if (known?.size === 0) this.#sets.delete(key)
  }
}

const none: ReadonlySet<never> = new Set<never>()
