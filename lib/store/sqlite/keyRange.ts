import { bytesOf, type Statements } from './statements'

/** Ranges over raw key bytes. An empty end means "to the last key", as everywhere in the store. */

export const NO_END = new Uint8Array(0)

/** The first key behind every key with this prefix; empty when there is none. */
export function prefixEnd(prefix: Uint8Array): Uint8Array {
  for (let at = prefix.byteLength - 1; at >= 0; at--) {
    const byte = prefix[at] ?? 0xff
    if (byte === 0xff) continue
    // A Buffer's own slice would share, and so change, the caller's bytes.
    const end = Uint8Array.from(prefix.subarray(0, at + 1))
    end[at] = byte + 1
    return end
  }
  return NO_END
}

/** The key right behind this one. */
export function justAfter(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.byteLength + 1)
  next.set(key)
  return next
}

/** Keys looked at in one statement; between statements the event loop gets a turn. */
const keysPerStep = 4_000

/** End of a step over the keys from `from`: the key some thousands further on, or the end of the range. */
export function keyStep(
  statements: Statements,
  clusterId: number,
  from: Uint8Array,
  to: Uint8Array,
): { end: Uint8Array; last: boolean } {
  const row = statements
    .raw(
      `SELECT key FROM key WHERE cluster_id = ? AND key >= ? ${to.byteLength === 0 ? '' : 'AND key < ?'}
       ORDER BY key LIMIT 1 OFFSET ${keysPerStep}`,
    )
    .get(clusterId, from, ...(to.byteLength === 0 ? [] : [to]))
  return row === undefined ? { end: to, last: true } : { end: bytesOf(row[0]), last: false }
}
