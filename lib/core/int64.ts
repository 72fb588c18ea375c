/**
 * int64 values (revisions, ids, raft numbers) are `bigint` inside and decimal strings outside, never `number`:
 * a member id does not fit in a double.
 */

/** Unsigned 64-bit id as lower-case hex without leading zeros, as etcdctl prints it. */
export function hexOfId(id: bigint): string {
  return BigInt.asUintN(64, id).toString(16)
}

export function maxBigInt(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

export function minBigInt(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
