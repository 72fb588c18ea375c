import { readVarint } from './varint'

/**
 * How earlier versions of the store kept a value that agreed with its base in front and behind: length of the common
 * head, length of the common tail (varints), then the bytes between. Only read any more. Pure.
 */

/** Throws RangeError when the patch does not fit its base. */
export function applyPatch(patch: Uint8Array, base: Uint8Array, length: number): Uint8Array {
  const head = readVarint(patch, 0)
  const tail = readVarint(patch, head.end)
  const middle = patch.subarray(tail.end)
  const fits = head.value + tail.value <= base.byteLength && head.value + middle.byteLength + tail.value === length
  if (!fits) throw new RangeError('the patch does not fit its base')
  const value = new Uint8Array(length)
  value.set(base.subarray(0, head.value))
  value.set(middle, head.value)
  value.set(base.subarray(base.byteLength - tail.value), head.value + middle.byteLength)
  return value
}
