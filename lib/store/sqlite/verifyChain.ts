import { sentenceOf } from '../../core/errors'
import { bytesAChecksum, type ChainedChange, createLinkHasher, firstPrevious } from '../chain/linkHasher'
import { type LinkedRow, locate } from '../chain/locate'
import { type LinkKind, linkCodes, ORIGIN_WATCH } from '../codes'
import type { ClusterRef } from '../store'
import { type EpochTrail, epochFault, type Finding, findingAt, takeAction, trailOf } from './chainFaults'
import { beforeAll, type ChainPosition, createChainRows, keyOfRow, positionOf, rowsAPage, wholeOf } from './chainRows'
import type { RecordHead } from './recordHead'
import { readThinned } from './retention/statement'
import { statementFor, takeThinning } from './retention/verifyThinning'
import { bigOf, bytesOf, numberOf, numberOrNull, type Row, type Statements, textOf } from './statements'

/** Between as many links the event loop gets a turn, and after each page of changes. */
const linksAPage = 64

export interface ChainWalk {
  readonly cluster: ClusterRef
  readonly head: RecordHead
  readonly signal: AbortSignal | undefined
  /** Told of each change that was read, and of each link's hash. */
  readonly onChange: (change: ChainedChange) => void
  readonly onLink: (hash: Buffer) => void
}

/**
 * Recomputes every link up to the head from the stored rows and returns the first thing that does not fit. In memory
 * are one page of changes and the checksums of one link.
 */
export async function verifyChain(statements: Statements, walk: ChainWalk): Promise<Finding | null> {
  const { cluster, head, signal } = walk
  const links = statements.big(
    `SELECT seq, kind, epoch_id, through_revision, through_ordinal, hash, body, checksums FROM chain_link
     WHERE cluster_id = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ${linksAPage}`,
  )
  const trails = new Map(head.epochs.map((facts) => [facts.id, trailOf(facts)]))
  const walker = createLinkWalker(statements, walk)
  let trail: EpochTrail | undefined = [...trails.values()][0]
  for (let seq = 0; seq < head.links; ) {
    const page = links.all(cluster.id, seq, head.links)
    if (page.length === 0) return broken(trail, `link ${seq + 1} of the chain is missing`)
    for (const row of page) {
      seq++
      const [found, of] = [numberOf(row[0]), trails.get(numberOf(row[2]))]
      // A thinned link stands for all from its first number on.
      if (found !== seq && readThinned(row[6])?.from !== seq)
        return broken(trail, `link ${seq} of the chain is missing`)
      seq = found
      if (of === undefined) return broken(trail, `link ${seq} of the chain tells of an epoch that is not there`)
      trail = of
      const finding = await checked(walker, row, trail)
      if (finding !== null || signal?.aborted) return finding
    }
    await new Promise(setImmediate)
  }
  for (const each of trails.values()) {
    const finding = epochFault(each)
    if (finding !== null) return finding
  }
  return null
}

/** A cell of another type than its column's makes the read throw: that is a finding too. */
async function checked(walker: LinkWalker, link: Row, trail: EpochTrail): Promise<Finding | null> {
  try {
    return await walker.check(link, trail)
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error
    return broken(trail, `link ${numberOf(link[0])} of the chain or a change in it cannot be read: ${error.message}`)
  }
}

function broken(trail: EpochTrail | undefined, reason: string): Finding {
  if (trail !== undefined) return findingAt(trail, trail.through, reason, trail.facts.cursor)
  return { epoch: 0, revision: 0n, toRevision: 0n, key: null, reason }
}

interface LinkWalker {
  check(link: Row, trail: EpochTrail): Promise<Finding | null>
}

function createLinkWalker(statements: Statements, { cluster, signal, onChange, onLink }: ChainWalk): LinkWalker {
  const hasher = createLinkHasher()
  const rows = createChainRows(statements)
  let previous: Uint8Array = firstPrevious
  /** Where the epoch's links over changes have come to; an epoch's own link sets it back. */
  let position: ChainPosition = beforeAll

  async function check(link: Row, trail: EpochTrail): Promise<Finding | null> {
    const seq = numberOf(link[0])
    const kind = linkCodes[numberOf(link[1])]
    const [hash, checksums] = [bytesOf(link[5]), bytesOf(link[7])]
    const [throughRevision, throughOrdinal] = [bigOf(link[3]), numberOrNull(link[4])]
    const body = link[6] === null ? null : textOf(link[6])
    const altered = (what: string) =>
      findingAt(
        trail,
        trail.through,
        `link ${seq} of the chain ${what}`,
        kindCovers(kind) ? throughRevision : undefined,
      )
    if (kind === undefined) return altered('is of no known kind')
    if (checksums.byteLength % bytesAChecksum !== 0) return altered('was altered: its checksums are cut')

    const from = trail.through
    hasher.begin(previous)
    let changes = 0
    let left: string | null = null
    let lastOfThinnedMs: number | null = null
    if (kind === 'epoch' || kind === 'named' || kind === 'gap') {
      if (kind === 'epoch') position = beforeAll
      const fault = takeAction(trail, kind, body ?? '', cluster)
      if (fault !== null) return findingAt(trail, trail.through, fault)
    } else if (kind === 'horizon' || kind === 'retention') {
      const fault = takeThinning(trail.thinning, kind, seq, body ?? '')
      if (fault !== null) return findingAt(trail, trail.through, fault)
    } else {
      if (kind === 'thinned') {
        const spoken = statementFor(statements, cluster.id, { seq, body, hash, previous })
        if (typeof spoken === 'string') return findingAt(trail, from, spoken, throughRevision)
        const { said } = spoken
        left = said.left
        trail.thinning.thinned.push({ from: spoken.from, seq, by: spoken.by, through: throughRevision })
        trail.firstRevision ??= said.firstRevision === null ? null : BigInt(said.firstRevision)
        lastOfThinnedMs = said.lastMs
      }
      const read = await readRows(link, kind, trail, checksums.byteLength / bytesAChecksum)
      if (read.finding !== null || signal?.aborted) return read.finding
      changes = read.rows.length
      const bounds = kind === 'late' ? { from: 0n, through: trail.through } : { from, through: throughRevision }
      const located = locate(checksums, read.rows, bounds)
      if (located !== null) return { epoch: trail.facts.epoch, ...located }
      if (read.disorder !== null) return read.disorder
      if (kind !== 'late') {
        trail.through = throughRevision
        position = { revision: throughRevision, ordinal: throughOrdinal ?? Number.MAX_SAFE_INTEGER }
      }
      if (kind === 'adopted') trail.adopted = true
      if (kind === 'thinned') trail.lastMs = lastOfThinnedMs ?? trail.lastMs
    }
    const code = numberOf(link[1])
    const computed = hasher.end({
      kind: code,
      epoch: trail.facts.epoch,
      throughRevision,
      throughOrdinal,
      changes,
      body: kind === 'thinned' ? null : body,
    })
    if (left === null ? !computed.equals(hash) : computed.toString('hex') !== left)
      return altered('was altered: it does not follow from the links before and its changes')
    previous = hash
    onLink(hash)
    return null
  }

  /** Hashes a link's changes on the way. Stops one behind what the link counts: then something was added. */
  async function readRows(link: Row, kind: LinkKind, trail: EpochTrail, expected: number) {
    const here = { epochId: trail.facts.id, seq: numberOf(link[0]) }
    const ordinal = numberOrNull(link[4])
    const through = ordinal === null ? wholeOf(bigOf(link[3])) : { revision: bigOf(link[3]), ordinal }
    const read: LinkedRow[] = []
    let disorder: Finding | null = null
    let last = kind === 'late' ? beforeAll : position
    for (;;) {
      const page = kind === 'late' ? rows.late(here, last) : rows.inOrder(here, last, through)
      for (const row of page) {
        const before = last
        last = positionOf(row)
        const { revision } = last
        const key = keyOfRow(row)
        try {
          const change = rows.read(row, cluster.id)
          const checksum = hasher.add(change)
          read.push({ checksum, revision, ordinal: last.ordinal, key: change.key })
          onChange(change)
          const fault = kind === 'late' ? null : disorderOf(before, change, trail, kind === 'thinned')
          if (fault !== null)
            disorder ??= { epoch: trail.facts.epoch, revision, toRevision: revision, key, reason: fault }
        } catch (error) {
          const finding = { epoch: trail.facts.epoch, revision, toRevision: revision, key, reason: damageOf(error) }
          return { rows: read, disorder, finding }
        }
        if (read.length > expected) return { rows: read, disorder, finding: null }
      }
      if (page.length < rowsAPage || signal?.aborted) return { rows: read, disorder, finding: null }
      await new Promise(setImmediate)
    }
  }

  return { check }
}

function damageOf(error: unknown): string {
  if (!(error instanceof TypeError || error instanceof RangeError)) return sentenceOf(error)
  return `this change was altered after it was stored: ${error.message}`
}

function kindCovers(kind: LinkKind | undefined): boolean {
  return kind === 'append' || kind === 'resync' || kind === 'adopted' || kind === 'thinned'
}

/** Ordinals of what was seen by watching count up from 0 and times never fall; also where no chain was yet. */
function disorderOf(
  before: ChainPosition,
  change: ChainedChange,
  trail: EpochTrail,
  isThinned: boolean,
): string | null {
  const expected = change.revision === before.revision ? before.ordinal + 1 : 0
  trail.firstRevision ??= change.revision
  const floor = trail.lastMs
  trail.lastMs = change.atMs
  if (!isThinned && change.origin === ORIGIN_WATCH && change.ordinal !== expected) {
    return `its change ${expected} is missing: the next one is ${change.ordinal}`
  }
  return floor !== null && change.atMs < floor ? 'its time lies before that of the revision below' : null
}
