import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { applyPatch, patchOf } from './patch'

/**
 * How one value becomes stored bytes and back. Pure. A difference is the one stretch that changed, or deflate with an
 * earlier value as dictionary: measured on a recorded Kubernetes history seven times smaller than deflate alone.
 */

/** Codes of the file format. */
export const RAW = 0
export const DEFLATE = 1
export const DELTA = 2
export const PATCH = 3

/** Whether reading it back needs its base. */
export function needsBase(encoding: number): boolean {
  return encoding === DELTA || encoding === PATCH
}

export interface EncodedValue {
  readonly encoding: number
  readonly bytes: Uint8Array
}

/** deflate looks back at most this far, so only the end of a longer base helps. */
const windowBytes = 32 * 1024
/** Below this a header costs more than deflate saves. */
const tinyBytes = 64
/** From here on compressing at the usual level would hold up the batch. */
const largeBytes = 256 * 1024
/** How much of a value is looked at to tell random bytes from text or protobuf. */
const sampledBytes = 512
/** Random bytes show about 221 distinct values in 512; text and protobuf stay below 170. */
const randomDistinct = 200

/**
 * Length and CRC-32 in one int64: finds equal values, whose bytes are then compared, and tells damage on the disk. An
 * eighth of the time of SHA-256, which was a tenth of a catch-up.
 */
export function hashOf(value: Uint8Array): bigint {
  return (BigInt(value.byteLength) << 32n) | BigInt(crc32(value))
}

/** Raw, deflated, or with a base the stretch that differs, or deflated against it. */
export function encodeValue(value: Uint8Array, base: Uint8Array | null): EncodedValue {
  const raw = { encoding: RAW, bytes: value }
  if (value.byteLength < tinyBytes) return raw
  const patch = base === null ? null : patchOf(value, base)
  if (patch !== null) return { encoding: PATCH, bytes: patch }
  const dictionary = base === null || base.byteLength === 0 ? null : dictionaryOf(base)
  if (looksRandom(value) && (dictionary === null || !resembles(value, dictionary))) return raw
  const bytes = deflateRawSync(value, {
    ...effortFor(value.byteLength, dictionary?.byteLength ?? 0),
    ...(dictionary === null ? {} : { dictionary }),
  })
  if (bytes.byteLength >= value.byteLength) return raw
  return { encoding: dictionary === null ? DEFLATE : DELTA, bytes }
}

/** Undoes {@link encodeValue}. Throws when the bytes are damaged; the caller checks the hash as well. */
export function decodeValue(encoding: number, bytes: Uint8Array, length: number, base: Uint8Array | null): Uint8Array {
  if (encoding === RAW) return bytes
  // One byte more than expected, so that a wrong length is seen as such and never fills the memory.
  const options = { chunkSize: Math.max(64, length + 1), maxOutputLength: length + 1 }
  if (encoding === DEFLATE) return inflateRawSync(bytes, options)
  if (!needsBase(encoding) || base === null) throw new RangeError(`encoding ${encoding} without its base`)
  if (encoding === PATCH) return applyPatch(bytes, base, length)
  return inflateRawSync(bytes, { ...options, dictionary: dictionaryOf(base) })
}

function dictionaryOf(base: Uint8Array): Uint8Array {
  return base.byteLength > windowBytes ? base.subarray(base.byteLength - windowBytes) : base
}

/** zlib's set-up costs more than the work on small values: give it a window that just covers base and value. */
function effortFor(length: number, dictionaryLength: number) {
  const reach = length + dictionaryLength + 300
  const windowBits = Math.min(15, Math.max(9, 32 - Math.clz32(reach - 1)))
  const memLevel = reach <= 4096 ? 4 : reach <= 16_384 ? 6 : 8
  return {
    windowBits,
    memLevel,
    // Level 4 costs two thirds of level 6 and stores 8 % more.
    level: length >= largeBytes ? 1 : 4,
    chunkSize: Math.min(64 * 1024, Math.max(256, length + 64)),
  }
}

function looksRandom(value: Uint8Array): boolean {
  if (value.byteLength < sampledBytes) return false
  const seen = new Uint8Array(256)
  let distinct = 0
  const start = (value.byteLength - sampledBytes) >> 1
  for (let at = start; at < start + sampledBytes; at++) {
    const byte = value[at] ?? 0
    if (seen[byte] === 0) {
      seen[byte] = 1
      distinct++
    }
  }
  return distinct > randomDistinct
}

/** Whether some stretch of the value stands at the same place, from the front or the back, in the base. */
function resembles(value: Uint8Array, base: Uint8Array): boolean {
  const shorter = Math.min(value.byteLength, base.byteLength)
  const step = Math.max(1, shorter >> 6)
  let same = 0
  for (let at = 0; at < shorter; at += step) {
    if (value[at] === base[at]) same++
    if (value[value.byteLength - 1 - at] === base[base.byteLength - 1 - at]) same++
  }
  return same > 16
}
