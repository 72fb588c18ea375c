import { bigOf, numberOf, numberOrNull, type Statements } from './statements'

/** What every read needs of an epoch: its row id, and the cursor above which nothing is part of the record. */
export interface EpochBounds {
  readonly id: number
  readonly epoch: number
  readonly cursor: bigint
  readonly lastMs: number | null
}

export interface EpochReader {
  /** Ascending. */
  all(clusterId: number): EpochBounds[]
  find(clusterId: number, epoch: number): EpochBounds | null
  /**
   * The newest revision with a time at or before `atMs`; null when the epoch starts later. Where changes have been
   * removed, the one just before the next kept change: what was removed in between may have been before the time.
   */
  revisionAt(epoch: EpochBounds, atMs: number): bigint | null
  timeOf(epoch: EpochBounds, revision: bigint): number | null
  /** First and last stored revision with from <= time <= to; null when there is none. */
  revisionsWithin(epoch: EpochBounds, fromMs: number, toMs: number): { from: bigint; to: bigint } | null
}

export function createEpochReader(statements: Statements): EpochReader {
  const select = statements.big(
    'SELECT id, epoch, cursor_revision, last_ms FROM epoch WHERE cluster_id = ? ORDER BY epoch',
  )
  const first = statements.big('SELECT revision, at_ms FROM change WHERE epoch_id = ? ORDER BY revision LIMIT 1')
  const atOrBelow = statements.big(
    'SELECT revision, at_ms FROM change WHERE epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1',
  )
  const above = statements.big(
    'SELECT revision FROM change WHERE epoch_id = ? AND revision > ? AND revision <= ? ORDER BY revision LIMIT 1',
  )

  const horizon = statements.big('SELECT max(revision) FROM horizon WHERE epoch_id = ?')
  const next = statements.big(
    'SELECT revision FROM change WHERE epoch_id = ? AND revision > ? ORDER BY revision LIMIT 1',
  )

  /** Of a revision found among the kept ones: it stands for those removed behind it. */
  function withRemoved(epoch: EpochBounds, revision: bigint): bigint {
    const thinnedTo = horizon.get(epoch.id)?.[0] ?? null
    if (thinnedTo === null || revision > bigOf(thinnedTo)) return revision
    const row = next.get(epoch.id, revision)
    return row === undefined ? revision : bigOf(row[0]) - 1n
  }

  const all = (clusterId: number): EpochBounds[] =>
    select.all(clusterId).map((row) => ({
      id: numberOf(row[0]),
      epoch: numberOf(row[1]),
      cursor: bigOf(row[2]),
      lastMs: numberOrNull(row[3]),
    }))

  const newestAtOrBelow = (epoch: EpochBounds, revision: bigint): { revision: bigint; atMs: number } | null => {
    const row = atOrBelow.get(epoch.id, revision < epoch.cursor ? revision : epoch.cursor)
    return row === undefined ? null : { revision: bigOf(row[0]), atMs: numberOf(row[1]) }
  }

  /** Bisection over revisions: times never decrease with them. About 20 index seeks for a million revisions. */
  function revisionAt(epoch: EpochBounds, atMs: number): bigint | null {
    const newest = newestAtOrBelow(epoch, epoch.cursor)
    if (newest === null) return null
    if (newest.atMs <= atMs) return newest.revision
    const oldest = first.get(epoch.id)
    if (oldest === undefined || numberOf(oldest[1]) > atMs) return null
    let low = bigOf(oldest[0])
    let high = newest.revision
    while (high - low > 1n) {
      const middle = (low + high) / 2n
      const probe = newestAtOrBelow(epoch, middle)
      if (probe === null) return null
      if (probe.atMs <= atMs) low = middle
      else high = middle
    }
    const found = newestAtOrBelow(epoch, low)
    return found === null ? null : withRemoved(epoch, found.revision)
  }

  return {
    all,
    find: (clusterId, epoch) => all(clusterId).find((bounds) => bounds.epoch === epoch) ?? null,
    revisionAt,
    timeOf: (epoch, revision) => newestAtOrBelow(epoch, revision)?.atMs ?? null,
    revisionsWithin(epoch, fromMs, toMs) {
      const to = revisionAt(epoch, toMs)
      if (to === null) return null
      const before = revisionAt(epoch, fromMs - 1)
      const from = above.get(epoch.id, before ?? -1n, to)
      return from === undefined ? null : { from: bigOf(from[0]), to }
    },
  }
}
