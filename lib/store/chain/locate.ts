import { bytesAChecksum } from './linkHasher'

/** Which change of a link is not what it was: found by the checksums that the link keeps of its changes. Pure. */

export interface LinkedRow {
  readonly checksum: number
  readonly revision: bigint
  readonly ordinal: number
  readonly key: Uint8Array
}

export interface Located {
  readonly revision: bigint
  readonly toRevision: bigint
  readonly key: Uint8Array | null
  readonly reason: string
}

/** The first difference; null when every change has its checksum. `from` and `through` bound what may be missing. */
export function locate(
  checksums: Uint8Array,
  rows: readonly LinkedRow[],
  bounds: { from: bigint; through: bigint },
): Located | null {
  const view = new DataView(checksums.buffer, checksums.byteOffset, checksums.byteLength)
  const count = Math.floor(checksums.byteLength / bytesAChecksum)
  const stored = (at: number) => (at < count ? view.getUint32(at * bytesAChecksum) : null)
  let at = 0
  while (at < count && rows[at]?.checksum === stored(at)) at++
  const row = rows[at]
  if (at === count && row === undefined) return null
  if (row === undefined || rows.length < count) return missing(rows[at - 1], row, bounds)
  const added = rows.length > count && (at === count || rows[at + 1]?.checksum === stored(at))
  const reason = added ? 'this change was not written by etcdscope' : 'this change was altered after it was stored'
  return { revision: row.revision, toRevision: row.revision, key: row.key, reason }
}

function missing(
  before: LinkedRow | undefined,
  after: LinkedRow | undefined,
  bounds: { from: bigint; through: bigint },
): Located {
  const from = before?.revision ?? bounds.from
  const expected = before !== undefined && before.revision === after?.revision ? before.ordinal + 1 : 0
  if (after !== undefined && after.ordinal !== expected) {
    const reason = `its change ${expected} is missing: the next one is ${after.ordinal}`
    return { revision: after.revision, toRevision: after.revision, key: null, reason }
  }
  const last = after === undefined ? bounds.through : after.revision - 1n
  const toRevision = last < from ? from : last
  return { revision: from, toRevision, key: null, reason: 'a change that was stored here is missing' }
}
