/** Runs of lower-case hex digits, two a byte, and uids in their usual form: what is random in most values. Pure. */

export const uidLength = 36
const dash = 0x2d
const alphabet = Buffer.from('0123456789abcdef')
const digitOf = new Int8Array(256).fill(-1)
for (const [digit, char] of alphabet.entries()) digitOf[char] = digit

const isDigit = (byte: number | undefined): boolean => (digitOf[byte ?? 0] ?? -1) >= 0
/** A uid is five groups of digits. */
const isDashAt = (at: number): boolean => at === 8 || at === 13 || at === 18 || at === 23

/** How many digits stand at `at`, before `to`. */
export function digitsOf(bytes: Uint8Array, at: number, to: number): number {
  let run = 0
  while (at + run < to && isDigit(bytes[at + run])) run++
  return run
}

export function isUid(bytes: Uint8Array, at: number, to: number): boolean {
  if (at + uidLength > to) return false
  for (let i = 0; i < uidLength; i++) {
    if (isDashAt(i) ? bytes[at + i] !== dash : !isDigit(bytes[at + i])) return false
  }
  return true
}

/** Reads `count` characters of digits, or a uid, into `target`; returns where it ended. Throws RangeError. */
export function readPacked(
  packed: Uint8Array,
  from: number,
  target: Uint8Array,
  to: number,
  count: number,
  uid: boolean,
): number {
  let digit = 0
  for (let i = 0; i < count; i++) {
    if (uid && isDashAt(i)) {
      target[to + i] = dash
      continue
    }
    const byte = packed[from + (digit >> 1)]
    if (byte === undefined) throw new RangeError('digits are cut short')
    target[to + i] = alphabet[digit % 2 === 0 ? byte >> 4 : byte & 15] ?? 0
    digit++
  }
  return from + ((digit + 1) >> 1)
}

/** Bytes in the making, grown as needed and used again. */
export class PackedWriter {
  length = 0
  #bytes = new Uint8Array(4096)

  restart(expectedBytes: number): void {
    this.length = 0
    this.#reserve(expectedBytes)
  }

  number(value: number): void {
    this.#reserve(8)
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest & 0x7f) | 0x80
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.length++] = rest
  }

  bytes(source: Uint8Array, from: number, to: number): void {
    this.#reserve(to - from)
    if (to - from > 32) this.#bytes.set(source.subarray(from, to), this.length)
    else for (let i = 0; i < to - from; i++) this.#bytes[this.length + i] = source[from + i] ?? 0
    this.length += to - from
  }

  /** Characters of digits; dashes between them are left out. */
  digits(source: Uint8Array, from: number, count: number): void {
    this.#reserve(count)
    let high = -1
    for (let i = 0; i < count; i++) {
      const digit = digitOf[source[from + i] ?? 0] ?? -1
      if (digit < 0) continue
      if (high < 0) high = digit
      else {
        this.#bytes[this.length++] = (high << 4) | digit
        high = -1
      }
    }
    if (high >= 0) this.#bytes[this.length++] = high << 4
  }

  /** A copy of what was written. */
  taken(): Uint8Array {
    return this.#bytes.slice(0, this.length)
  }

  #reserve(bytes: number): void {
    if (this.length + bytes <= this.#bytes.byteLength) return
    const grown = new Uint8Array(Math.max(this.#bytes.byteLength * 2, this.length + bytes))
    grown.set(this.#bytes.subarray(0, this.length))
    this.#bytes = grown
  }
}
