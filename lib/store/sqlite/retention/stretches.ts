import { createHash } from 'node:crypto'
import { bigOf, bytesOf, numberOf, type Statements } from '../statements'

/**
 * What was removed of a key between two kept changes, and the sum over all of it that the chain states: each stretch
 * hashed, added up modulo 2^512, so that a step changes the sum by what it changes and verify can count it anew. Added
 * up hashes are easier to forge than a hash of all; there is no secret in the chain that would make this the way in.
 */
export interface Stretch {
  readonly before: bigint
  readonly first: bigint
  readonly last: bigint
  readonly changes: number
}

export interface StretchTable {
  /** Tells of one more removed change of the key, in ascending order; `next` is the kept one behind it. */
  extend(keyId: number, epochId: number, removed: bigint, next: bigint): void
  /** The key is gone from the epoch as a whole: the horizon speaks for it. */
  forgetKey(keyId: number, epochId: number): void
}

/** 512 bits. */
const modulus = 1n << 512n
export const noStretches = 0n

export function createStretchTable(statements: Statements, sum: { value: bigint }): StretchTable {
  const select = statements.big(
    `SELECT before_revision, first_revision, last_revision, changes FROM removed
     WHERE key_id = ? AND epoch_id = ? AND before_revision = ?`,
  )
  const all = statements.big(
    'SELECT before_revision, first_revision, last_revision, changes FROM removed WHERE key_id = ? AND epoch_id = ?',
  )
  const remove = statements.run('DELETE FROM removed WHERE key_id = ? AND epoch_id = ? AND before_revision = ?')
  const insert = statements.run(
    `INSERT INTO removed (key_id, epoch_id, before_revision, first_revision, last_revision, changes)
     VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const keyOf = statements.raw('SELECT key FROM key WHERE id = ?')

  function take(keyId: number, epochId: number, before: bigint): Stretch | null {
    const row = select.get(keyId, epochId, before)
    if (row === undefined) return null
    const found = { before, first: bigOf(row[1]), last: bigOf(row[2]), changes: numberOf(row[3]) }
    remove.run(keyId, epochId, before)
    sum.value = withoutStretch(sum.value, bytesOf(keyOf.get(keyId)?.[0]), found)
    return found
  }

  return {
    extend(keyId, epochId, removed, next) {
      // What was removed before this change stood before it; now both stand before the next.
      const own = take(keyId, epochId, removed)
      const known = take(keyId, epochId, next)
      const first = own?.first ?? removed
      const stretch = {
        before: next,
        first: known !== null && known.first < first ? known.first : first,
        last: known !== null && known.last > removed ? known.last : removed,
        changes: 1 + (own?.changes ?? 0) + (known?.changes ?? 0),
      }
      insert.run(keyId, epochId, next, stretch.first, stretch.last, stretch.changes)
      sum.value = withStretch(sum.value, bytesOf(keyOf.get(keyId)?.[0]), stretch)
    },
    forgetKey(keyId, epochId) {
      for (const row of all.all(keyId, epochId)) take(keyId, epochId, bigOf(row[0]))
    },
  }
}

function withStretch(sum: bigint, key: Uint8Array, stretch: Stretch): bigint {
  return (sum + hashOfStretch(key, stretch)) % modulus
}

function withoutStretch(sum: bigint, key: Uint8Array, stretch: Stretch): bigint {
  return (sum + modulus - hashOfStretch(key, stretch)) % modulus
}

function hashOfStretch(key: Uint8Array, { before, first, last, changes }: Stretch): bigint {
  const numbers = Buffer.alloc(32)
  for (const [at, number] of [before, first, last, BigInt(changes)].entries()) numbers.writeBigInt64BE(number, at * 8)
  return BigInt(`0x${createHash('sha512').update(numbers).update(key).digest('hex')}`)
}

export function sumText(sum: bigint): string {
  return sum.toString(16)
}

/** What `sumText` wrote; null when it is something else. */
export function sumOf(text: unknown): bigint | null {
  return typeof text === 'string' && /^[0-9a-f]{1,128}$/.test(text) ? BigInt(`0x${text}`) : null
}

/** The sum of each epoch of a cluster, counted anew from the table. */
export function stretchSums(statements: Statements, clusterId: number): Map<number, bigint> {
  const sums = new Map<number, bigint>()
  const rows = statements
    .big(
      `SELECT r.epoch_id, k.key, r.before_revision, r.first_revision, r.last_revision, r.changes
       FROM removed AS r JOIN key AS k ON k.id = r.key_id WHERE k.cluster_id = ?`,
    )
    .iterate(clusterId)
  for (const row of rows) {
    const epochId = numberOf(row[0])
    const stretch = { before: bigOf(row[2]), first: bigOf(row[3]), last: bigOf(row[4]), changes: numberOf(row[5]) }
    sums.set(epochId, withStretch(sums.get(epochId) ?? noStretches, bytesOf(row[1]), stretch))
  }
  return sums
}
