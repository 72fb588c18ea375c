import { packIds } from '../../summary/keySet'
import { packSummaries } from '../../summary/page'
import { bigOf, bytesOf, numberOf, numberOrNull, type Row, type Statements } from '../statements'
import { unpacked } from '../summaryReader'

/**
 * What was said of removed changes goes with them: pages keep the texts and keys of the changes that are left, and a
 * page of none goes. Runs inside the transaction that removed them.
 */
export function thinSummaries(statements: Statements, epochId: number, removed: readonly Removed[]): void {
  const covering = statements.big(
    `SELECT through_revision, texts,
       (SELECT coalesce(max(b.through_revision), -1) FROM summary_page AS b
        WHERE b.epoch_id = p.epoch_id AND b.through_revision < p.through_revision)
     FROM summary_page AS p WHERE epoch_id = ? AND through_revision >= ? ORDER BY through_revision LIMIT 1`,
  )
  const late = statements.run('DELETE FROM summary_fresh WHERE epoch_id = ? AND id = ?')
  const ascending = removed.toSorted((a, b) => (a.revision < b.revision ? -1 : 1))
  let done = -1n
  for (const { revision, summaryId } of ascending) {
    if (summaryId !== null && summaryId < 0) late.run(epochId, summaryId)
    if (revision <= done) continue
    const page = covering.get(epochId, revision)
    // Behind all pages: the first one of these changes takes in only what is left then.
    if (page === undefined) continue
    done = bigOf(page[0])
    thinPage(statements, epochId, page)
  }
}

export interface Removed {
  readonly revision: bigint
  readonly summaryId: number | null
}

function thinPage(statements: Statements, epochId: number, [through, texts, after]: Row): void {
  const left = statements
    .raw('SELECT key_id, summary_id FROM change WHERE epoch_id = ? AND revision > ? AND revision <= ?')
    .all(epochId, after, through)
  const here = 'epoch_id = ? AND through_revision = ?'
  if (left.length === 0) {
    statements.run(`DELETE FROM summary_page WHERE ${here}`).run(epochId, through)
    return
  }
  const page = unpacked(bytesOf(texts), bigOf(through))
  const ids = new Set(left.map((row) => numberOrNull(row[1])).filter((id) => id !== null))
  const kept = [...ids]
    .sort((a, b) => a - b)
    .flatMap((id): [number, string][] => {
      const text = page.textOf(id)
      return text === null ? [] : [[id, text]]
    })
  statements
    .run(`UPDATE summary_page SET keys = ?, texts = ? WHERE ${here}`)
    .run(packIds(left.map((row) => numberOf(row[0]))), packSummaries(kept), epochId, through)
}
