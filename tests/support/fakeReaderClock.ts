import type { Clock } from '../../lib/core/clock'

/** Time that passes only when the test says so; between two sleepers everything else runs to its end. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000
  readonly #sleeping = new Set<{ untilMs: number; wake: () => void }>()

  get sleepers(): number {
    return this.#sleeping.size
  }

  readonly nowMs = (): number => this.#nowMs

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve()
      const entry = { untilMs: this.#nowMs + ms, wake: () => done() }
      const done = () => {
        this.#sleeping.delete(entry)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      this.#sleeping.add(entry)
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await settled()
    for (;;) {
      const next = [...this.#sleeping].sort((a, b) => a.untilMs - b.untilMs)[0]
      if (!next || next.untilMs > endMs) break
      this.#nowMs = Math.max(this.#nowMs, next.untilMs)
      next.wake()
      await settled()
    }
    this.#nowMs = endMs
    await settled()
  }
}

/** Two turns of the event loop: every promise that could go on has. */
async function settled(): Promise<void> {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setImmediate(resolve))
}
