import { wireBytes, wireVarint } from './reader'

/** Writes protobuf's wire format. Requests are small, so bytes are gathered one by one. Defaults are left out. */
export class Writer {
  readonly #out: number[] = []

  uint64(field: number, value: bigint): this {
    if (value === 0n) return this
    this.#varint(BigInt((field << 3) | wireVarint))
    this.#varint(BigInt.asUintN(64, value))
    return this
  }

  /** int64 and uint64 look alike: two's complement in a varint. */
  int64(field: number, value: bigint): this {
    return this.uint64(field, value)
  }

  bool(field: number, value: boolean): this {
    return this.uint64(field, value ? 1n : 0n)
  }

  bytes(field: number, value: Uint8Array): this {
    return value.length === 0 ? this : this.#delimited(field, value)
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'))
  }

  /** A sub-message is written even when it is empty: its presence means something. */
  message(field: number, value: Uint8Array): this {
    return this.#delimited(field, value)
  }

  finish(): Buffer {
    return Buffer.from(this.#out)
  }

  #delimited(field: number, value: Uint8Array): this {
    this.#varint(BigInt((field << 3) | wireBytes))
    this.#varint(BigInt(value.length))
    for (const byte of value) this.#out.push(byte)
    return this
  }

  #varint(value: bigint): void {
    let rest = value
    while (rest > 0x7fn) {
      this.#out.push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.#out.push(Number(rest))
  }
}
