/** HTTP answers by endpoint and status, for the exposition. Bounded: names come from the endpoint table alone. */
export class RequestCounts {
  readonly #counts = new Map<string, { endpoint: string; status: number; count: number }>()

  add(endpoint: string, status: number): void {
    const id = `${endpoint} ${status}`
    const entry = this.#counts.get(id)
    if (entry) entry.count += 1
    else this.#counts.set(id, { endpoint, status, count: 1 })
  }

  list(): { endpoint: string; status: number; count: number }[] {
    return [...this.#counts.values()]
  }
}
