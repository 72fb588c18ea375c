/** Long reads give the event loop a turn whenever they have held it for so long. */
const heldMs = 8

export interface Turns {
  /** Resolves at once while little time has passed. */
  next(): Promise<void>
}

export function createTurns(): Turns {
  let sinceMs = performance.now()
  return {
    async next() {
      if (performance.now() - sinceMs < heldMs) return
      await new Promise(setImmediate)
      sinceMs = performance.now()
    },
  }
}
