/**
 * Protobuf's wire format over one buffer. A cursor never moves past its end: every malformed length, tag or varint
 * throws {@link WireError}, which is caught where a value enters this folder.
 */
import { internText } from './internText'

export class WireError extends Error {
  override readonly name = 'WireError'
}

/** Far above the nesting of any real object (about 20), far below the call stack. */
export const maxDepth = 128

export class Cursor {
  readonly bytes: Buffer
  at: number
  depth = 0
  /** Some fields were not in the tables: a newer Kubernetes wrote them. */
  partial = false
  /** managedFields' field sets are left as text: comparing them does not need them parsed. */
  readonly fieldSetsAsText: boolean

  constructor(bytes: Buffer, at: number, fieldSetsAsText: boolean) {
    this.bytes = bytes
    this.at = at
    this.fieldSetsAsText = fieldSetsAsText
  }

  /** An unsigned varint that fits a double exactly: tags and lengths. */
  varint32(): number {
    const { bytes } = this
    const first = bytes[this.at]
    if (first !== undefined && first < 0x80) {
      this.at++
      return first
    }
    let value = 0
    let scale = 1
    for (let i = 0; i < 5; i++) {
      const byte = bytes[this.at++]
      if (byte === undefined) throw new WireError('ends inside a number')
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
    throw new WireError('a length or tag is out of range')
  }

  /** A signed 64-bit varint: a number when that is exact, otherwise its decimal string. */
  int64(): number | string {
    const { bytes } = this
    let low = 0
    let scale = 1
    const start = this.at
    // 49 bits are exact in a double; more only in negative and very large numbers.
    for (let i = 0; i < 7; i++) {
      const byte = bytes[this.at++]
      if (byte === undefined) throw new WireError('ends inside a number')
      low += (byte & 0x7f) * scale
      if (byte < 0x80) return low
      scale *= 128
    }
    this.at = start
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[this.at++]
      if (byte === undefined) throw new WireError('ends inside a number')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) {
        const signed = BigInt.asIntN(64, value)
        const number = Number(signed)
        return Number.isSafeInteger(number) ? number : signed.toString()
      }
    }
    throw new WireError('a number is longer than 64 bits')
  }

  /** Reads a length and returns the position where that many bytes end, at most `limit`. */
  lengthEnd(limit: number): number {
    const end = this.varint32() + this.at
    if (end > limit) throw new WireError('a field is longer than what holds it')
    return end
  }

  text(end: number): string {
    const { at } = this
    this.at = end
    return internText(this.bytes, at, end)
  }

  base64(end: number): string {
    const { at } = this
    this.at = end
    return this.bytes.toString('base64', at, end)
  }

  double(end: number): number {
    const { at } = this
    if (at + 8 > end) throw new WireError('ends inside a number')
    this.at = at + 8
    return this.bytes.readDoubleLE(at)
  }

  skip(wireType: number, end: number): void {
    if (wireType === 0) this.int64()
    else if (wireType === 1) this.at += 8
    else if (wireType === 2) this.at = this.lengthEnd(end)
    else if (wireType === 5) this.at += 4
    else throw new WireError(`wire type ${wireType} is not in use`)
    if (this.at > end) throw new WireError('a field is longer than what holds it')
  }
}
