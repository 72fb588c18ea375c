import { sentenceOf } from '../../../core/errors'
import { createLinkHasher } from '../../chain/linkHasher'
import { codeOf, linkCodes } from '../../codes'
import { type ChainPosition, type ChainRows, positionOf, rowsAPage } from '../chainRows'
import type { LinkEpoch } from '../chainWriter'
import { numberOf, type Statements } from '../statements'
import { changesOf, type LinkRun, positionAt, type RunLink } from './linkRuns'
import { readStatement, readThinned } from './statement'

/** What of a run is left, as the thinned link in its place covers it. */
export interface LeftOfRun {
  readonly hash: Buffer
  readonly checksums: readonly number[]
  /** First revision and last time of all changes that the run's links covered, the removed ones too. */
  readonly firstRevision: bigint | null
  readonly lastMs: number | null
}

export class Unproven extends Error {}

/**
 * Recomputes the run's links from the stored changes and hashes what will be left of them. Throws {@link Unproven}
 * when a link does not follow from its changes: then somebody altered them, and nothing of it may go.
 */
export async function proveRun(
  parts: { statements: Statements; rows: ChainRows },
  place: { clusterId: number; epoch: LinkEpoch },
  run: LinkRun,
  goes: (position: ChainPosition) => boolean,
): Promise<LeftOfRun> {
  const { statements, rows } = parts
  const { clusterId, epoch } = place
  const [proof, left] = [createLinkHasher(), createLinkHasher()]
  const checksums: number[] = []
  let firstRevision: bigint | null = null
  let lastMs: number | null = null
  let previous = run.before
  let after = run.after
  left.begin(run.before)

  for (const link of run.links) {
    const to = positionAt(link.throughRevision, link.throughOrdinal)
    proof.begin(previous)
    let changes = 0
    for (;;) {
      const page = rows.inOrder({ epochId: run.epochId, seq: link.seq }, after, to)
      for (const row of page) {
        const position = positionOf(row)
        after = position
        const change = readOr(() => rows.read(row, clusterId), link, position.revision)
        proof.add(change)
        changes++
        firstRevision ??= change.revision
        lastMs = change.atMs
        if (!goes(position)) checksums.push(left.add(change))
      }
      if (page.length < rowsAPage) break
      await new Promise(setImmediate)
    }
    const ends = {
      kind: codeOf(linkCodes, link.kind),
      epoch: epoch.epoch,
      throughRevision: link.throughRevision,
      throughOrdinal: link.throughOrdinal,
      changes,
    }
    if (link.kind === 'thinned') {
      const said = statementOf(statements, clusterId, link)
      const digest = proof.end({ ...ends, body: null }).toString('hex')
      if (said === null || said.left !== digest || said.hash !== link.hash.toString('hex')) throw unproven(link)
      firstRevision = said.firstRevision === null ? firstRevision : BigInt(said.firstRevision)
      lastMs = said.lastMs ?? lastMs
    } else if (changes !== changesOf(link) || !proof.end({ ...ends, body: link.body }).equals(link.hash)) {
      throw unproven(link)
    }
    previous = link.hash
    after = to
  }
  const { revision: throughRevision, ordinal: throughOrdinal } = run.through
  const kind = codeOf(linkCodes, 'thinned')
  const hash = left.end({
    kind,
    epoch: epoch.epoch,
    throughRevision,
    throughOrdinal,
    changes: checksums.length,
    body: null,
  })
  return { hash, checksums, firstRevision, lastMs }
}

/** What speaks for a thinned link; null when that does not prove itself. */
function statementOf(statements: Statements, clusterId: number, link: RunLink) {
  const thinned = readThinned(link.body)
  if (thinned === null) return null
  const select = statements.big('SELECT body, hash, kind, epoch_id FROM chain_link WHERE cluster_id = ? AND seq = ?')
  const row = select.get(clusterId, thinned.by)
  if (row === undefined || numberOf(row[2]) !== codeOf(linkCodes, 'retention')) return null
  const said = readStatement(row[0])
  return said !== null && said.links[0] === thinned.from && said.links[1] === link.seq ? said : null
}

function readOr<T>(read: () => T, link: RunLink, revision: bigint): T {
  try {
    return read()
  } catch (error) {
    throw new Unproven(`link ${link.seq} of the chain, revision ${revision}: ${sentenceOf(error)}`)
  }
}

function unproven(link: RunLink): Unproven {
  return new Unproven(
    `link ${link.seq} of the chain, up to revision ${link.throughRevision}, does not follow from its changes`,
  )
}
