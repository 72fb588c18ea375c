import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib'
import { applyPatch } from './patch'
import { applySplice, spliceOf } from './splice'

/**
 * How one value becomes stored bytes and back. Pure. Spliced from earlier values where they help, deflated where they
 * do not, raw where neither does.
 */

/** Codes of the file format. DELTA and PATCH are read only: what earlier versions made of a value and one base. */
export const SPLICE = 0
export const DEFLATE = 1
export const DELTA = 2
export const PATCH = 3
export const RAW = 4

/** Earlier values that a value was made from; each null when it was not needed. */
export interface Sources<T> {
  readonly base: T | null
  readonly aid: T | null
}

export interface EncodedValue {
  readonly encoding: number
  readonly bytes: Uint8Array
  readonly usesBase: boolean
  readonly usesAid: boolean
}

const nothing = new Uint8Array(0)
/** deflate looks back at most this far, so only the end of a longer base helped. */
const windowBytes = 32 * 1024
/** Below this what names the sources costs more than they save. */
const tinyBytes = 32
/** From here on compressing at the usual level would hold up the batch. */
const largeBytes = 256 * 1024
/** How much of a value is looked at to tell random bytes from text or protobuf. */
const sampledBytes = 512
/** Random bytes show about 221 distinct values in 512; text and protobuf stay below 170. */
const randomDistinct = 200
/** A splice up to this share of the value is taken as it is; a longer one must prove itself against deflate. */
const goodShare = 0.25
const tolerableShare = 0.5
/** How much more deflate alone may cost: what it makes needs no other value, and begins a chain anew. */
const independence = 1.5

/**
 * Length and CRC-32 in one int64: finds equal values, whose bytes are then compared, and tells damage on the disk. An
 * eighth of the time of SHA-256, which was a tenth of a catch-up.
 */
export function hashOf(value: Uint8Array): bigint {
  return (BigInt(value.byteLength) << 32n) | BigInt(crc32(value))
}

/** A splice of the sources, or deflated, or raw, whichever is small. An aid without a base is not looked at. */
export function encodeValue(value: Uint8Array, { base, aid }: Sources<Uint8Array>): EncodedValue {
  const raw = { encoding: RAW, bytes: value, usesBase: false, usesAid: false }
  if (value.byteLength < tinyBytes) return raw
  if (looksRandom(value) && (base === null || !resembles(value, base))) return raw
  const splice = base && spliceOf(value, base, aid, Math.floor(value.byteLength * tolerableShare))
  const spliced = splice && { encoding: SPLICE, ...splice }
  if (spliced !== null && spliced.bytes.byteLength <= value.byteLength * goodShare) return spliced
  const bytes = deflateRawSync(value, effortFor(value.byteLength))
  if (spliced !== null && spliced.bytes.byteLength * independence < bytes.byteLength) return spliced
  return bytes.byteLength >= value.byteLength ? raw : { ...raw, encoding: DEFLATE, bytes }
}

/** Undoes {@link encodeValue}. Throws when the bytes are damaged; the caller checks the hash as well. */
export function decodeValue(
  encoding: number,
  bytes: Uint8Array,
  length: number,
  { base, aid }: Sources<Uint8Array>,
): Uint8Array {
  if (encoding === RAW) return bytes
  if (encoding === SPLICE) return applySplice(bytes, base ?? nothing, aid, length)
  // One byte more than expected, so that a wrong length is seen as such and never fills the memory.
  const options = { chunkSize: Math.max(64, length + 1), maxOutputLength: length + 1 }
  if (encoding === DEFLATE) return inflateRawSync(bytes, options)
  if (base === null || (encoding !== PATCH && encoding !== DELTA)) {
    throw new RangeError(`encoding ${encoding} without its base`)
  }
  if (encoding === PATCH) return applyPatch(bytes, base, length)
  return inflateRawSync(bytes, { ...options, dictionary: dictionaryOf(base) })
}

function dictionaryOf(base: Uint8Array): Uint8Array {
  return base.byteLength > windowBytes ? base.subarray(base.byteLength - windowBytes) : base
}

/** zlib's set-up costs more than the work on small values: give it a window that just covers the value. */
function effortFor(length: number) {
  const reach = length + 300
  const windowBits = Math.min(15, Math.max(9, 32 - Math.clz32(reach - 1)))
  const memLevel = reach <= 4096 ? 4 : reach <= 16_384 ? 6 : 8
  return {
    windowBits,
    memLevel,
    level: length >= largeBytes ? 1 : 6,
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
