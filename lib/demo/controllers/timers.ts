/**
 * Delays by name: `due` is false until the delay since its first asking is over, then true once. `pace` below 1 makes
 * the first moments quick, so that there is something to see at once.
 */
export class Timers {
  readonly #dueMs = new Map<string, number>()
  readonly #nowMs: () => number
  pace = 1

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  due(name: string, delayMs: number): boolean {
    const dueMs = this.#dueMs.get(name)
    if (dueMs === undefined) {
      this.#dueMs.set(name, this.#nowMs() + delayMs * this.pace)
      return false
    }
    if (this.#nowMs() < dueMs) return false
    this.#dueMs.delete(name)
    return true
  }

  /** Forgets what waited for an object that is gone; names start with its uid. */
  forget(prefix: string): void {
    for (const name of this.#dueMs.keys()) if (name.startsWith(prefix)) this.#dueMs.delete(name)
  }
}
