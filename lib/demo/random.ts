/** Seeded randomness (mulberry32): the same seed tells the same story. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** In [from, to]. */
  whole(from: number, to: number): number
  pick<T>(items: readonly [T, ...T[]] | readonly T[]): T
  chance(probability: number): boolean
  /** `length` characters of the alphabet that Kubernetes draws name suffixes from. */
  suffix(length: number): string
  uuid(): string
}

/** Kubernetes leaves out vowels and look-alikes, so that no suffix spells a word. */
const suffixAlphabet = 'bcdfghjklmnpqrstvwxz2456789'

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  const hex = (length: number) => Array.from({ length }, () => whole(0, 15).toString(16)).join('')
  return {
    next,
    whole,
    pick(items) {
      const item = items[whole(0, items.length - 1)]
      if (item === undefined) throw new RangeError('nothing to pick from')
      return item
    },
    chance: (probability) => next() < probability,
    suffix: (length) => Array.from({ length }, () => suffixAlphabet[whole(0, suffixAlphabet.length - 1)]).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${'89ab'[whole(0, 3)]}${hex(3)}-${hex(12)}`,
  }
}

/** A short stable hash of a text in the same alphabet, as pod-template-hash is. */
export function stableSuffix(text: string, length: number): string {
  let hash = 2_166_136_261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619) >>> 0
  return createRandom(hash).suffix(length)
}
