import { bytesAChecksum } from '../../chain/linkHasher'
import { codeOf, linkCodes } from '../../codes'
import { beforeAll, type ChainPosition, wholeOf } from '../chainRows'
import { bigOf, bytesOf, numberOf, numberOrNull, type Row, type Statements } from '../statements'

/**
 * Runs of neighbouring links over changes of one epoch: what one step of retention looks through. A run never crosses
 * an action of ours, which stays readable, nor the place where a key was described anew.
 */
export interface LinkRun {
  readonly epochId: number
  readonly links: readonly RunLink[]
  /** The changes lie behind this, */
  readonly after: ChainPosition
  /** and up to here. */
  readonly through: { readonly revision: bigint; readonly ordinal: number | null }
  /** Hash of the link before the run. */
  readonly before: Buffer
}

export interface RunLink {
  readonly seq: number
  readonly kind: (typeof linkCodes)[number]
  readonly throughRevision: bigint
  readonly throughOrdinal: number | null
  readonly hash: Buffer
  readonly body: string | null
  readonly checksums: Buffer
}

/** A run ends with the link that reaches one of these: they bound a step's time. */
const changesARun = 800
const linksARun = 400
/** A thinned link with no more left than this is taken into the run behind it. */
const fewKept = 250

const covering = new Set(['append', 'resync', 'adopted', 'thinned'])
const coveringCodes = [...covering].map((word) => codeOf<string>(linkCodes, word)).join(', ')
const columns = 'seq, kind, epoch_id, through_revision, through_ordinal, hash, body, checksums'

export interface LinkRuns {
  /** The next run of the epoch behind link `seq`, up to the link in which the revision lies; null when there is none. */
  next(clusterId: number, epochId: number, seq: number, limit: bigint): LinkRun | null
  /** The last link of the epoch that reaches no further than the revision; 0 when there is none. */
  lastSeq(clusterId: number, epochId: number, limit: bigint): number
}

export function createLinkRuns(statements: Statements): LinkRuns {
  const page = statements.big(
    `SELECT ${columns} FROM chain_link WHERE cluster_id = ? AND seq > ? ORDER BY seq LIMIT ${linksARun}`,
  )
  const one = statements.big(
    `SELECT ${columns} FROM chain_link WHERE cluster_id = ? AND seq <= ? ORDER BY seq DESC LIMIT 1`,
  )
  const coveringBefore = statements.big(
    `SELECT through_revision, through_ordinal, epoch_id, kind FROM chain_link
     WHERE cluster_id = ? AND seq < ? AND (kind IN (${coveringCodes}) OR kind = ${codeOf(linkCodes, 'epoch')})
     ORDER BY seq DESC LIMIT 1`,
  )
  const describedAnew = statements.raw('SELECT min(seq) FROM key_before WHERE seq > ? AND seq <= ?')
  const probe = statements.big(
    `SELECT seq, epoch_id, through_revision FROM chain_link
     WHERE cluster_id = ? AND seq >= ? AND kind IN (${coveringCodes}) ORDER BY seq LIMIT 1`,
  )
  const newest = statements.raw('SELECT max(seq) FROM chain_link WHERE cluster_id = ?')

  function next(clusterId: number, epochId: number, after: number, limit: bigint): LinkRun | null {
    for (let from = after; ; ) {
      const rows = page.all(clusterId, from)
      const links: RunLink[] = []
      let changes = 0
      for (const row of rows) {
        const link = linkOf(row)
        const fits = covering.has(link.kind) && numberOf(row[2]) === epochId
        const first = links[0]
        const breaks = first !== undefined && isDescribedAnew(first.seq, link.seq)
        if (!fits || breaks) {
          if (links.length > 0) break
          continue
        }
        // The link in which the limit lies is looked through too: a thinned one may reach far.
        const begins = links.at(-1)?.throughRevision ?? reachedBefore(clusterId, epochId, link.seq)
        if (begins >= limit) break
        links.push(link)
        changes += changesOf(link)
        if (changes >= changesARun) break
      }
      const first = links[0]
      const last = links.at(-1)
      if (first !== undefined && last !== undefined) {
        const joined = joinable(clusterId, epochId, first)
        const all = joined === null ? links : [joined, ...links]
        return runOf(clusterId, epochId, all, joined ?? first, last)
      }
      const end = rows.at(-1)
      if (end === undefined || rows.length < linksARun || reachedBefore(clusterId, epochId, from + 1) >= limit)
        return null
      from = numberOf(end[0])
    }
  }

  function reachedBefore(clusterId: number, epochId: number, seq: number): bigint {
    const row = coveringBefore.get(clusterId, seq)
    const follows = row !== undefined && numberOf(row[2]) === epochId && covering.has(wordOfKind(row[3]))
    return follows ? bigOf(row[0]) : -1n
  }

  function joinable(clusterId: number, epochId: number, first: RunLink): RunLink | null {
    const row = one.get(clusterId, first.seq - 1)
    if (row === undefined || numberOf(row[2]) !== epochId) return null
    const link = linkOf(row)
    if (link.kind !== 'thinned' || changesOf(link) > fewKept) return null
    return isDescribedAnew(link.seq, first.seq) ? null : link
  }

  function isDescribedAnew(from: number, to: number): boolean {
    return numberOrNull(describedAnew.get(from, to)?.[0] ?? null) !== null
  }

  function runOf(clusterId: number, epochId: number, links: RunLink[], first: RunLink, last: RunLink): LinkRun | null {
    const own = first.kind === 'thinned' ? firstSeqOf(first) : first.seq
    const previous = one.get(clusterId, own - 1)
    if (previous === undefined) return null
    const behind = coveringBefore.get(clusterId, first.seq)
    const follows = behind !== undefined && numberOf(behind[2]) === epochId && covering.has(wordOfKind(behind[3]))
    return {
      epochId,
      links,
      after: follows ? positionAt(bigOf(behind[0]), numberOrNull(behind[1])) : beforeAll,
      through: { revision: last.throughRevision, ordinal: last.throughOrdinal },
      before: bytesOf(previous[5]),
    }
  }

  return {
    next,
    lastSeq(clusterId, epochId, limit) {
      let low = 0
      let high = numberOrNull(newest.get(clusterId)?.[0] ?? null) ?? 0
      // Over covering links, epochs follow each other and revisions grow with the number.
      while (low < high) {
        const middle = Math.ceil((low + high) / 2)
        const row = probe.get(clusterId, middle)
        const beyond =
          row === undefined || numberOf(row[1]) > epochId || (numberOf(row[1]) === epochId && bigOf(row[2]) > limit)
        if (beyond) high = middle - 1
        else low = Math.max(middle, numberOf(row[0]))
      }
      return low
    },
  }
}

export function positionAt(revision: bigint, ordinal: number | null): ChainPosition {
  return ordinal === null ? wholeOf(revision) : { revision, ordinal }
}

export function changesOf(link: Pick<RunLink, 'checksums'>): number {
  return link.checksums.byteLength / bytesAChecksum
}

function firstSeqOf(link: RunLink): number {
  const from = /^\{"from":(\d+),/.exec(link.body ?? '')?.[1]
  return from === undefined ? link.seq : Number(from)
}

function linkOf(row: Row): RunLink {
  return {
    seq: numberOf(row[0]),
    kind: wordOfKind(row[1]),
    throughRevision: bigOf(row[3]),
    throughOrdinal: numberOrNull(row[4]),
    hash: bytesOf(row[5]),
    body: typeof row[6] === 'string' ? row[6] : null,
    checksums: bytesOf(row[7]),
  }
}

function wordOfKind(cell: Row[number] | undefined): RunLink['kind'] {
  return linkCodes[numberOf(cell)] ?? 'epoch'
}
