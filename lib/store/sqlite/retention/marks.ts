/** A set of small numbers up to a bound, a bit each. Numbers above the bound are not kept. */
export interface Marks {
  set(id: number): void
  has(id: number): boolean
}

export function createMarks(bound: number): Marks {
  const bits = new Uint8Array((bound >> 3) + 1)
  return {
    set(id) {
      if (id <= bound) bits[id >> 3] = (bits[id >> 3] ?? 0) | (1 << (id & 7))
    },
    has: (id) => ((bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0,
  }
}
