/** Delays for retries: exponential with full jitter, so that many collectors do not return in step. */
export interface Backoff {
  /** Milliseconds to wait before the next try; grows with each call. */
  next(): number
  reset(): void
}

export function createBackoff(options: { firstMs?: number; limitMs?: number; random?: () => number } = {}): Backoff {
  const { firstMs = 100, limitMs = 10_000, random = Math.random } = options
  let ceilingMs = firstMs
  return {
    next() {
      const delayMs = ceilingMs / 2 + random() * (ceilingMs / 2)
      ceilingMs = Math.min(limitMs, ceilingMs * 2)
      return delayMs
    },
    reset() {
      ceilingMs = firstMs
    },
  }
}
