import { ORIGIN_RESYNC } from '../codes'
import type { ClusterRef, RecordReader } from '../store'
import type { Finding } from './chainFaults'
import { openForReading } from './database'
import { type EpochFacts, readRecordHead } from './recordHead'
import { bigOf, createStatements, type Statements } from './statements'
import { verifyChain } from './verifyChain'
import { verifyVersions } from './verifyVersions'

/**
 * Walks the record of a cluster and reports the first thing that is not as it must be. It has a connection of its own
 * and reads in one transaction: the record as it is when this begins, whatever is written or removed meanwhile.
 */
export function createVerify(path: string): RecordReader['verify'] {
  return async (cluster, signal, knownHead) => {
    const db = openForReading(path)
    try {
      db.exec('BEGIN')
      return await verifySnapshot(createStatements(db), cluster, signal, knownHead)
    } finally {
      db.close()
    }
  }
}

async function verifySnapshot(
  statements: Statements,
  cluster: ClusterRef,
  signal: AbortSignal | undefined,
  knownHead: string | undefined,
): ReturnType<RecordReader['verify']> {
  const head = readRecordHead(statements, cluster.id)
  let checkedChanges = 0
  let checkedValues = 0
  let isKnown = false
  const chainFault = await verifyChain(statements, {
    cluster,
    head,
    signal,
    onChange: (change) => {
      checkedChanges++
      if (change.value !== null) checkedValues++
    },
    onLink: (hash) => {
      isKnown ||= hash.toString('hex') === knownHead
    },
  })
  const firstBad = chainFault ?? (await otherFault(statements, cluster, head.epochs, signal))
  return {
    checkedChanges,
    checkedValues,
    firstBad,
    chain: {
      links: head.links,
      head: head.hash?.toString('hex') ?? '',
      holdsKnownHead: knownHead === undefined ? null : isKnown,
    },
  }
}

async function otherFault(
  statements: Statements,
  cluster: ClusterRef,
  epochs: readonly EpochFacts[],
  signal: AbortSignal | undefined,
): Promise<Finding | null> {
  for (const epoch of epochs) {
    const finding = aboveCursor(statements, epoch) ?? (await verifyVersions(statements, cluster, epoch, signal))
    if (finding !== null || signal?.aborted) return finding
  }
  return null
}

/** Nothing stands above the cursor, but for drafts of a re-sync that is still running. */
function aboveCursor(statements: Statements, epoch: EpochFacts): Finding | null {
  const row = statements
    .big(
      `SELECT c.revision, e.cursor_revision FROM change AS c JOIN epoch AS e ON e.id = c.epoch_id
       WHERE c.epoch_id = ? AND c.revision > e.cursor_revision AND NOT (e.resync_open AND c.origin = ${ORIGIN_RESYNC})
       ORDER BY c.revision LIMIT 1`,
    )
    .get(epoch.id)
  if (row === undefined) return null
  const revision = bigOf(row[0])
  const reason = `a change stands above the cursor ${bigOf(row[1])}`
  return { epoch: epoch.epoch, revision, toRevision: revision, key: null, reason }
}
