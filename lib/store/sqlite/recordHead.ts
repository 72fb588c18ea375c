import { epochColumns, gapBody, gapColumns } from './chainActions'
import { horizonBody, readHorizons } from './retention/horizons'
import { noStretches, stretchSums } from './retention/stretches'
import { bigOf, bytesOf, numberOf, numberOrNull, type Row, type Statements } from './statements'

/** What the tables say of a cluster's record at one instant; verify checks up to here, whatever is written meanwhile. */
export interface RecordHead {
  readonly epochs: readonly EpochFacts[]
  readonly links: number
  readonly hash: Buffer | null
}

export interface EpochFacts {
  readonly id: number
  readonly epoch: number
  readonly cursor: bigint
  /** As {@link epochColumns}. */
  readonly row: Row
  readonly firstRevision: bigint | null
  readonly lastMs: number | null
  /** Bodies by first revision. */
  readonly gaps: ReadonlyMap<string, string>
  /** A late change whose link is not there. */
  readonly strayLate: bigint | null
  /** What the tables say of retention, as its links say it. */
  readonly horizons: string
  readonly stretches: bigint
}

/** Inside the transaction of its caller. */
export function readRecordHead(statements: Statements, clusterId: number): RecordHead {
  const newest = statements
    .raw('SELECT seq, hash FROM chain_link WHERE cluster_id = ? ORDER BY seq DESC LIMIT 1')
    .get(clusterId)
  const links = numberOf(newest?.[0] ?? 0)
  const epochs = statements
    .big(
      `SELECT ${epochColumns}, id, cursor_revision, first_revision, last_ms
         FROM epoch WHERE cluster_id = ? ORDER BY epoch`,
    )
    .all(clusterId)
    .map((row) => ({ row, id: numberOf(row[4]) }))
  const sums = stretchSums(statements, clusterId)
  return {
    links,
    hash: newest === undefined ? null : bytesOf(newest[1]),
    epochs: epochs.map(({ row, id }) => ({
      id,
      epoch: numberOf(row[0]),
      cursor: bigOf(row[5]),
      row,
      firstRevision: row[6] === null ? null : bigOf(row[6]),
      lastMs: numberOrNull(row[7]),
      gaps: gapsOf(statements, id),
      strayLate: strayLate(statements, id, links),
      horizons: JSON.stringify(horizonBody(readHorizons(statements, id))),
      stretches: sums.get(id) ?? noStretches,
    })),
  }
}

function gapsOf(statements: Statements, epochId: number): Map<string, string> {
  const rows = statements.big(`SELECT ${gapColumns} FROM gap WHERE epoch_id = ? ORDER BY from_revision`).all(epochId)
  return new Map(rows.map((row) => [String(row[0]), JSON.stringify(gapBody(row))]))
}

function strayLate(statements: Statements, epochId: number, links: number): bigint | null {
  const row = statements
    .big('SELECT revision FROM late_change WHERE epoch_id = ? AND seq > ? ORDER BY revision LIMIT 1')
    .get(epochId, links)
  return row === undefined ? null : bigOf(row[0])
}
