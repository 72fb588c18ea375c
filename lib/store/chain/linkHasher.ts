import { createHash, type Hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/**
 * The canonical bytes of a link and its hash: the one place that knows them, for the writer and for verify. Format 1,
 * integers big-endian, `text` and `bytes` as a u32 length (2^32 - 1: null) and what it counts, text in UTF-8:
 *
 *     hash = SHA-512/256( previous hash (32 bytes; zeros before the first) ‖ u8 format ‖ change … ‖ end )
 *     change = u8 1 ‖ i64 revision ‖ u32 ordinal ‖ u8 op ‖ u8 significance ‖ u8 origin ‖ u8 at_source ‖ f64 at_ms
 *            ‖ i64 create_revision ‖ i64 version ‖ i64 lease id ‖ u32 value_bytes ‖ bytes key ‖ bytes fingerprint
 *            ‖ text resource ‖ text namespace ‖ text name ‖ text manager ‖ text summary ‖ bytes value
 *     end    = u8 0 ‖ u8 kind ‖ u32 epoch ‖ i64 through revision ‖ i64 through ordinal (-1: all) ‖ u32 changes ‖ text body
 *
 * A change's checksum is the CRC-32 of its bytes before the value's own, begun with the CRC-32 of the value, which the
 * store computes anyway. It finds the row that was altered; only the hash proves anything.
 */

/** FIPS 180-4; without the processor's own instructions for SHA-256 it takes two fifths of its time. */
const algorithm = 'sha512-256'
export const formatOfLinks = 1
export const firstPrevious: Uint8Array = new Uint8Array(32)
export const bytesAChecksum = 4

/** A change as the chain sees it: codes and words, never ids. */
export interface ChainedChange {
  readonly revision: bigint
  readonly ordinal: number
  readonly op: number
  readonly significance: number
  readonly origin: number
  readonly atSource: number
  readonly atMs: number
  readonly createRevision: bigint
  readonly version: bigint
  readonly leaseId: bigint
  readonly valueBytes: number
  readonly key: Uint8Array
  readonly fingerprint: Uint8Array | null
  readonly resource: string | null
  readonly namespace: string | null
  readonly name: string | null
  readonly manager: string | null
  readonly summary: string | null
  readonly value: Uint8Array | null
  /** `hashOf(value)`: its low half is the CRC-32. */
  readonly valueHash: bigint | null
}

export interface LinkEnd {
  readonly kind: number
  readonly epoch: number
  readonly throughRevision: bigint
  readonly throughOrdinal: number | null
  readonly changes: number
  readonly body: string | null
}

export interface LinkHasher {
  begin(previous: Uint8Array): void
  /** Returns the change's checksum. Throws RangeError for a number that no writer ever writes. */
  add(change: ChainedChange): number
  end(end: LinkEnd): Buffer
}

/** Few large updates: each call into the hash costs as much as hashing hundreds of bytes. */
const scratchBytes = 256 * 1024
const nothing = 0xffffffff
/** The numbers of a change and the lengths of its eight texts and bytes. */
const fixedBytes = 53 + 8 * 4
const bytesAUtf16Unit = 3
const shortText = 48

export function createLinkHasher(): LinkHasher {
  let scratch = Buffer.allocUnsafe(scratchBytes)
  let view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength)
  let used = 0
  let hash: Hash = createHash(algorithm)

  function flush(): void {
    if (used > 0) hash.update(scratch.subarray(0, used))
    used = 0
  }

  function makeRoom(bytes: number): void {
    if (used + bytes <= scratch.byteLength) return
    flush()
    if (bytes <= scratch.byteLength) return
    scratch = Buffer.allocUnsafe(bytes)
    view = new DataView(scratch.buffer, scratch.byteOffset, scratch.byteLength)
  }

  function putByte(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new RangeError(`${value} is not a code`)
    view.setUint8(used, value)
    used += 1
  }
  function putSmall(value: number): void {
    if (value >>> 0 !== value) throw new RangeError(`${value} is not a count`)
    view.setUint32(used, value)
    used += 4
  }
  function putBig(value: bigint): void {
    view.setBigInt64(used, value)
    used += 8
  }
  function putBytes(value: Uint8Array | null): void {
    putSmall(value === null ? nothing : value.byteLength)
    if (value === null) return
    scratch.set(value, used)
    used += value.byteLength
  }
  /** Most words are: a loop beats the call into native code. */
  function putShortAscii(text: string): boolean {
    if (text.length > shortText) return false
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0x7f) return false
      scratch[used + i] = unit
    }
    used += text.length
    return true
  }
  function putText(text: string | null): void {
    const at = used
    used += 4
    if (text !== null && !putShortAscii(text)) used += scratch.write(text, used, 'utf8')
    view.setUint32(at, text === null ? nothing : used - at - 4)
  }

  function putFields(change: ChainedChange): void {
    putByte(1)
    putBig(change.revision)
    putSmall(change.ordinal)
    putByte(change.op)
    putByte(change.significance)
    putByte(change.origin)
    putByte(change.atSource)
    view.setFloat64(used, change.atMs)
    used += 8
    putBig(change.createRevision)
    putBig(change.version)
    putBig(change.leaseId)
    putSmall(change.valueBytes)
    putBytes(change.key)
    putBytes(change.fingerprint)
    putText(change.resource)
    putText(change.namespace)
    putText(change.name)
    putText(change.manager)
    putText(change.summary)
    putSmall(change.value === null ? nothing : change.value.byteLength)
  }

  return {
    begin(previous) {
      hash = createHash(algorithm)
      used = 0
      hash.update(previous)
      putByte(formatOfLinks)
    },
    add(change) {
      makeRoom(roomOf(change))
      const start = used
      putFields(change)
      const seed = change.valueHash === null ? 0 : Number(BigInt.asUintN(32, change.valueHash))
      const checksum = crc32(scratch.subarray(start, used), seed)
      if (change.value !== null) {
        if (used + change.value.byteLength <= scratch.byteLength) {
          scratch.set(change.value, used)
          used += change.value.byteLength
        } else {
          flush()
          hash.update(change.value)
        }
      }
      return checksum
    },
    end(end) {
      makeRoom(64 + (end.body?.length ?? 0) * bytesAUtf16Unit)
      putByte(0)
      putByte(end.kind)
      putSmall(end.epoch)
      putBig(end.throughRevision)
      putBig(BigInt(end.throughOrdinal ?? -1))
      putSmall(end.changes)
      putText(end.body)
      flush()
      return hash.digest()
    },
  }
}

function roomOf(change: ChainedChange): number {
  const units =
    lengthOf(change.resource) +
    lengthOf(change.namespace) +
    lengthOf(change.name) +
    lengthOf(change.manager) +
    lengthOf(change.summary)
  return fixedBytes + change.key.byteLength + (change.fingerprint?.byteLength ?? 0) + units * bytesAUtf16Unit
}

function lengthOf(text: string | null): number {
  return text === null ? 0 : text.length
}
