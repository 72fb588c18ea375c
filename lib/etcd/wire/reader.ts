/**
 * Reads protobuf's wire format from a byte array. Bytes are slices of the input, never copies: whoever keeps one keeps
 * the message. Written for the watch stream, where it runs once per field of every event: numbers stay numbers up to
 * 49 bits, and bigint arithmetic is only done above.
 */

export class WireError extends Error {
  constructor(problem: string) {
    super(`The message is not valid protobuf: ${problem}.`)
    this.name = 'WireError'
  }
}

export const wireVarint = 0
export const wireFixed64 = 1
export const wireBytes = 2
export const wireFixed32 = 5

const textDecoder = new TextDecoder()
/** Leases are mostly 0 and versions mostly small: these need no conversion at all. */
const smallBigInts = Array.from({ length: 1024 }, (_, i) => BigInt(i))
const emptyBytes = new Uint8Array(0)

export class Reader {
  readonly #bytes: Uint8Array
  pos = 0
  /** End of the message being read: the whole input or the sub-message entered last. */
  end: number

  constructor(bytes: Uint8Array) {
    // Slices of a Buffer are Buffers, which take four times as long to make as plain ones.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
    this.end = bytes.length
  }

  /** Next field's tag (number << 3 | wire type), or 0 at the end of the message. */
  tag(): number {
    if (this.pos >= this.end) {
      if (this.pos > this.end) throw new WireError('a field reaches beyond its message')
      return 0
    }
    const tag = this.uint()
    if (tag >>> 3 === 0) throw new WireError('field number 0')
    return tag
  }

  #byte(): number {
    const byte = this.#bytes[this.pos++]
    if (byte === undefined) throw new WireError('it ends within a field')
    return byte
  }

  /** A varint that fits in 49 bits: lengths, tags, enums. */
  uint(): number {
    let byte = this.#byte()
    if (byte < 0x80) return byte
    let value = byte & 0x7f
    for (let scale = 0x80; scale <= 2 ** 42; scale *= 0x80) {
      byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new WireError('a length or tag is too large')
  }

  /** uint64 as bigint. */
  uint64(): bigint {
    let byte = this.#byte()
    if (byte < 0x80) return smallBigInts[byte] ?? BigInt(byte)
    let low = byte & 0x7f
    let scale = 0x80
    for (; scale <= 2 ** 42; scale *= 0x80) {
      byte = this.#byte()
      low += (byte & 0x7f) * scale
      if (byte < 0x80) return low < 1024 ? (smallBigInts[low] ?? BigInt(low)) : BigInt(low)
    }
    let value = BigInt(low)
    for (let shift = 49n; shift < 70n; shift += 7n) {
      byte = this.#byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new WireError('a varint is longer than ten bytes')
  }

  /** int64 as bigint; negative numbers are ten bytes on the wire. */
  int64(): bigint {
    const value = this.uint64()
    return value < 0x8000000000000000n ? value : BigInt.asIntN(64, value)
  }

  /** int64 that is a size: a number, exact up to 2^53. */
  size(): number {
    return Number(this.int64())
  }

  bool(): boolean {
    return this.uint64() !== 0n
  }

  bytes(): Uint8Array {
    const length = this.uint()
    if (length === 0) return emptyBytes
    const start = this.pos
    this.pos = start + length
    if (this.pos > this.end) throw new WireError('bytes reach beyond their message')
    return this.#bytes.subarray(start, this.pos)
  }

  string(): string {
    return textDecoder.decode(this.bytes())
  }

  /** Enters a sub-message; give the answer to `leave` after its fields are read. */
  enter(): number {
    const outer = this.end
    const length = this.uint()
    this.end = this.pos + length
    if (this.end > outer) throw new WireError('a message reaches beyond the one around it')
    return outer
  }

  leave(outer: number): void {
    this.end = outer
  }

  /** Skips the value of a field that is not known here. */
  skip(tag: number): void {
    switch (tag & 7) {
      case wireVarint:
        this.uint64()
        break
      case wireFixed64:
        this.pos += 8
        break
      case wireBytes: {
        const length = this.uint()
        this.pos += length
        break
      }
      case wireFixed32:
        this.pos += 4
        break
      default:
        throw new WireError(`wire type ${tag & 7}`)
    }
    if (this.pos > this.end) throw new WireError('a field reaches beyond its message')
  }
}
