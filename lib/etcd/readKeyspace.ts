import { ScopeError } from '../core/errors'
import { pageBytes as defaultPageBytes } from './limits'
import type { CallOptions, MemberConnection } from './memberConnection'
import { wholeKeyspace } from './wholeKeyspace'
import type { KeyEvent } from './wire/keyValue'
import type { RangeResponse } from './wire/range'

/**
 * The whole keyspace as it was at one revision, in pages in key order. The first page is linearizable, so the member
 * has that revision; the others may be served by it alone, since a pinned revision never changes. Rejects with
 * RevisionCompactedError when the revision is compacted meanwhile.
 */

export interface KeyspacePage {
  readonly kvs: readonly KeyEvent[]
  /** The first key behind this page; null on the last one. */
  readonly nextKey: Uint8Array | null
  /** The pinned revision, the same on every page. */
  readonly revision: bigint
  /** Keys at and after this page's first. */
  readonly count: bigint
}

export interface ReadKeyspaceOptions extends CallOptions {
  /** 0n pins the head revision of the first page. */
  readonly revision: bigint
  /** What a page aims at; a single large value may go beyond. */
  readonly pageBytes?: number
}

/** Unknown sizes at first, and a value may have 1.5 MiB: few keys, then more as their size shows. */
const firstPageKeys = 32
const maxPageKeys = 10_000

export async function* readKeyspace(
  connection: MemberConnection,
  { revision, pageBytes = defaultPageBytes, ...call }: ReadKeyspaceOptions,
): AsyncGenerator<KeyspacePage, void, undefined> {
  let pinned = revision
  let key: Uint8Array = wholeKeyspace.key
  let limit = firstPageKeys
  for (let first = true; ; first = false) {
    const { answer, limit: used } = await page(connection, { key, revision: pinned, limit, serializable: !first }, call)
    if (pinned === 0n) pinned = answer.header.revision
    const last = answer.kvs.at(-1)
    const nextKey = answer.more && last ? successor(last.key) : null
    yield { kvs: answer.kvs, nextKey, revision: pinned, count: answer.count }
    if (nextKey === null) return
    key = nextKey
    limit = nextLimit(used, answer, pageBytes)
  }
}

interface PageRequest {
  readonly key: Uint8Array
  readonly revision: bigint
  readonly limit: number
  readonly serializable: boolean
}

/** Halves the number of keys until the page fits into one answer. */
async function page(
  connection: MemberConnection,
  request: PageRequest,
  call: CallOptions,
): Promise<{ answer: RangeResponse; limit: number }> {
  const { key, revision, serializable } = request
  for (let limit = request.limit; ; limit = Math.ceil(limit / 2)) {
    try {
      const range = { key, rangeEnd: wholeKeyspace.rangeEnd, revision, serializable, limit: BigInt(limit) }
      return { answer: await connection.range(range, { deadlineMs: 30_000, ...call }), limit }
    } catch (error) {
      const tooLarge = error instanceof ScopeError && error.detail?.tooLarge === true
      if (!tooLarge || limit === 1) throw error
    }
  }
}

function nextLimit(used: number, answer: RangeResponse, pageBytes: number): number {
  const meanBytes = Math.max(1, answer.sizeBytes / Math.max(1, answer.kvs.length))
  const fitting = Math.floor(pageBytes / meanBytes)
  return Math.max(1, Math.min(fitting, used * 8, maxPageKeys))
}

/** The smallest key above. */
function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1)
  next.set(key)
  return next
}
