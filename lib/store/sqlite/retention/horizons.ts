import type { RetentionClass } from '../../../contract'
import { CLASS_EVENTS, classCodes, classOfSignificance, codeOf, eventsResource } from '../../codes'
import { bigOf, numberOf, type Row, type Statements } from '../statements'

/** Up to where each class of an epoch is thinned, and which links were looked through for it. */
export interface Horizon {
  readonly class: RetentionClass
  readonly revision: bigint
  readonly atMs: number
  readonly visitedSeq: number
  readonly revisitSeq: number
}

export function readHorizons(statements: Statements, epochId: number): Horizon[] {
  return statements
    .big('SELECT class, revision, at_ms, visited_seq, revisit_seq FROM horizon WHERE epoch_id = ? ORDER BY class')
    .all(epochId)
    .map((row) => ({
      class: classCodes[numberOf(row[0])] ?? 'configuration',
      revision: bigOf(row[1]),
      atMs: numberOf(row[2]),
      visitedSeq: numberOf(row[3]),
      revisitSeq: numberOf(row[4]),
    }))
}

export function writeHorizon(statements: Statements, epochId: number, horizon: Horizon): void {
  statements
    .run(
      `INSERT INTO horizon (epoch_id, class, revision, at_ms, visited_seq, revisit_seq) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET revision = excluded.revision, at_ms = excluded.at_ms,
         visited_seq = excluded.visited_seq, revisit_seq = excluded.revisit_seq`,
    )
    .run(
      epochId,
      codeOf(classCodes, horizon.class),
      horizon.revision,
      horizon.atMs,
      horizon.visitedSeq,
      horizon.revisitSeq,
    )
}

/** What a link says of an epoch's horizons; verify makes the same from the table. */
export function horizonBody(horizons: readonly Horizon[]): Readonly<Record<string, unknown>> {
  return { horizons: horizons.map((each) => [each.class, String(each.revision), each.atMs]) }
}

/** The class of a stored change by its codes. */
export function classCodeOf(significance: number, isEvent: boolean): number {
  return isEvent ? CLASS_EVENTS : (classOfSignificance[significance] ?? 3)
}

/** Id of the label under which Events stand; -1, which no key has, when there are none. */
export function eventsLabel(statements: Statements): number {
  const row: Row | undefined = statements.raw('SELECT id FROM label WHERE text = ?').get(eventsResource)
  return row === undefined ? -1 : numberOf(row[0])
}
