import { type ChainedChange, createLinkHasher, firstPrevious } from '../chain/linkHasher'
import { codeOf, type LinkKind, linkCodes } from '../codes'
import {
  beforeAll,
  type ChainPosition,
  type ChainRows,
  createChainRows,
  positionOf,
  rowsAPage,
  wholeOf,
} from './chainRows'
import type { EpochState } from './epochs'
import { bytesOf, numberOf, type Row, type Statements } from './statements'

/**
 * Extends a cluster's chain. Everything here runs inside the transaction of what it covers, and the head is read
 * anew in each, so that a rolled-back link leaves no trace and any process can go on.
 */
export interface ChainWriter {
  /** Starts a link over changes of this epoch; what an earlier, failed transaction left open is forgotten. */
  open(clusterId: number, epoch: LinkEpoch, kind: RowsKind): void
  /** The next change in order. */
  add(change: ChainedChange): void
  /** Ends the link: it covers everything up to the revision. */
  close(through: bigint): void
  /** One link over an action of our own; returns its number. */
  act(clusterId: number, epoch: LinkEpoch, kind: ActionKind, body: Readonly<Record<string, unknown>>): number
  /** Links over rows that are stored already: what lies behind `after` up to the revision. */
  coverStored(clusterId: number, epoch: LinkEpoch, kind: RowsKind, after: ChainPosition, through: bigint): void
  /** Marks a row below the cursor as part of the link that {@link coverLate} writes. */
  markLate(clusterId: number, epoch: LinkEpoch, place: ChainPosition): void
  coverLate(clusterId: number, epoch: LinkEpoch): void
  /** A key is about to be described anew: the links so far go on meaning its earlier description. */
  keepDescription(clusterId: number, keyId: number): void
  isEmpty(clusterId: number): boolean
  /** After a transaction that was rolled back. */
  forget(): void
}

export type RowsKind = Extract<LinkKind, 'append' | 'resync' | 'adopted'>
export type ActionKind = Extract<LinkKind, 'epoch' | 'named' | 'gap' | 'horizon' | 'retention'>
export type LinkEpoch = Pick<EpochState, 'id' | 'epoch'>

/** A link ends with the next whole revision, so that even without its checksums a finding is narrow. */
const changesALink = 2_000

interface OpenLink {
  readonly clusterId: number
  readonly epoch: LinkEpoch
  readonly kind: LinkKind
  readonly checksums: number[]
  last: ChainPosition | null
}

export function createChainWriter(statements: Statements): ChainWriter {
  const hasher = createLinkHasher()
  const head = statements.raw('SELECT seq, hash FROM chain_link WHERE cluster_id = ? ORDER BY seq DESC LIMIT 1')
  const insert = statements.run(
    `INSERT INTO chain_link (cluster_id, seq, kind, epoch_id, through_revision, through_ordinal, hash, body, checksums)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const insertLate = statements.run('INSERT INTO late_change (epoch_id, revision, ordinal, seq) VALUES (?, ?, ?, ?)')
  const keep = statements.run(
    `INSERT OR IGNORE INTO key_before (key_id, seq, resource_id, namespace_id, name_tail, name)
     SELECT id, ?, resource_id, namespace_id, name_tail, name FROM key WHERE id = ?`,
  )
  let link: OpenLink | null = null

  const nextSeq = (clusterId: number): number => numberOf(head.get(clusterId)?.[0] ?? 0) + 1

  function begin(clusterId: number, epoch: LinkEpoch, kind: LinkKind): OpenLink {
    const newest = head.get(clusterId)
    hasher.begin(newest === undefined ? firstPrevious : bytesOf(newest[1]))
    return { clusterId, epoch, kind, checksums: [], last: null }
  }

  function seal({ clusterId, epoch, kind, checksums }: OpenLink, to: LinkTo, body: string | null): void {
    const { revision: throughRevision, ordinal: throughOrdinal } = to
    const code = codeOf(linkCodes, kind)
    const changes = checksums.length
    const hash = hasher.end({ kind: code, epoch: epoch.epoch, throughRevision, throughOrdinal, changes, body })
    const stored = checksumBytes(checksums)
    insert.run(clusterId, nextSeq(clusterId), code, epoch.id, throughRevision, throughOrdinal, hash, body, stored)
  }

  function add(change: ChainedChange): void {
    if (link === null) throw new TypeError('a change was added to no link')
    const { last, clusterId, epoch, kind } = link
    if (last !== null && link.checksums.length >= changesALink && change.revision > last.revision) {
      seal(link, { revision: last.revision, ordinal: null }, null)
      link = begin(clusterId, epoch, kind)
    }
    link.checksums.push(hasher.add(change))
    link.last = { revision: change.revision, ordinal: change.ordinal }
  }

  function addPages(
    rows: ChainRows,
    clusterId: number,
    pageAfter: (after: ChainPosition) => Row[],
    from: ChainPosition,
  ) {
    for (let after = from; ; ) {
      const page = pageAfter(after)
      for (const row of page) add(rows.read(row, clusterId))
      const last = page.at(-1)
      if (last === undefined || page.length < rowsAPage) return
      after = positionOf(last)
    }
  }

  function close(through: bigint): void {
    if (link === null) throw new TypeError('no link is open')
    seal(link, { revision: through, ordinal: null }, null)
    link = null
  }

  return {
    open(clusterId, epoch, kind) {
      link = begin(clusterId, epoch, kind)
    },
    add,
    close,
    act(clusterId, epoch, kind, body) {
      const seq = nextSeq(clusterId)
      seal(begin(clusterId, epoch, kind), { revision: 0n, ordinal: null }, JSON.stringify(body))
      return seq
    },
    coverStored(clusterId, epoch, kind, after, through) {
      const rows = createChainRows(statements)
      link = begin(clusterId, epoch, kind)
      // Descriptions as they are now: nothing is described anew while this runs.
      const now = { epochId: epoch.id, seq: nextSeq(clusterId) }
      addPages(rows, clusterId, (from) => rows.inOrder(now, from, wholeOf(through)), after)
      close(through)
    },
    markLate(clusterId, epoch, { revision, ordinal }) {
      insertLate.run(epoch.id, revision, ordinal, nextSeq(clusterId))
    },
    coverLate(clusterId, epoch) {
      const rows = createChainRows(statements)
      const own = begin(clusterId, epoch, 'late')
      const here = { epochId: epoch.id, seq: nextSeq(clusterId) }
      for (let after = beforeAll; ; ) {
        const page = rows.late(here, after)
        for (const row of page) own.checksums.push(hasher.add(rows.read(row, clusterId)))
        const last = page.at(-1)
        if (last === undefined || page.length < rowsAPage) break
        after = positionOf(last)
      }
      seal(own, { revision: 0n, ordinal: null }, null)
    },
    keepDescription(clusterId, keyId) {
      if (link?.last !== undefined && link.last !== null) {
        const { last, epoch, kind } = link
        seal(link, last, null)
        link = begin(clusterId, epoch, kind)
      }
      keep.run(nextSeq(clusterId), keyId)
    },
    isEmpty: (clusterId) => head.get(clusterId) === undefined,
    forget() {
      link = null
    },
  }
}

interface LinkTo {
  readonly revision: bigint
  readonly ordinal: number | null
}

export function checksumBytes(checksums: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(checksums.length * 4)
  for (const [at, checksum] of checksums.entries()) bytes.writeUInt32BE(checksum, at * 4)
  return bytes
}
