import { ScopeError } from '../../core/errors'
import { type SummaryPage, unpackSummaries } from '../summary/page'
import { bigOf, bytesOf, type Statements, textOrNull } from './statements'

/** Reads what changes are said to be: from the page that covers the revision, or from the fresh ones. */
export interface SummaryReader {
  textOf(epochId: number, revision: bigint, id: number | null): string | null
}

interface Covering {
  readonly epochId: number
  readonly after: bigint
  readonly through: bigint
  readonly page: SummaryPage
}

/** A log's page lies in a few of them, a key's history in many. */
const keptPages = 16

export function createSummaryReader(statements: Statements): SummaryReader {
  /** The one used last stands first. */
  let kept: Covering[] = []
  // One statement, so that a page that is being made is seen with what it takes in or not at all.
  const find = statements.big(
    `SELECT p.texts, p.through_revision,
       (SELECT max(through_revision) FROM summary_page WHERE epoch_id = p.epoch_id AND through_revision < p.through_revision),
       f.text
     FROM (SELECT ? AS epoch_id, ? AS revision, ? AS id) AS w
     LEFT JOIN summary_page AS p ON p.epoch_id = w.epoch_id AND p.through_revision =
       (SELECT min(through_revision) FROM summary_page WHERE epoch_id = w.epoch_id AND through_revision >= w.revision)
     LEFT JOIN summary_fresh AS f ON f.epoch_id = w.epoch_id AND f.id = w.id`,
  )

  function keptFor(epochId: number, revision: bigint): Covering | null {
    const at = kept.findIndex((one) => one.epochId === epochId && one.after < revision && revision <= one.through)
    const found = kept[at]
    if (found === undefined) return null
    if (at > 0) kept = [found, ...kept.slice(0, at), ...kept.slice(at + 1)]
    return found
  }

  return {
    textOf(epochId, revision, id) {
      if (id === null) return null
      const known = id > 0 ? keptFor(epochId, revision) : null
      if (known !== null) return known.page.textOf(id)
      const row = find.get(epochId, revision, id)
      if (row === undefined) return null
      if (id < 0 || row[0] === null) return textOrNull(row[3])
      const page = unpacked(bytesOf(row[0]), revision)
      const after = row[2] === null ? -1n : bigOf(row[2])
      kept = [{ epochId, after, through: bigOf(row[1]), page }, ...kept.slice(0, keptPages - 1)]
      return page.textOf(id)
    },
  }
}

export function unpacked(texts: Buffer, revision: bigint): SummaryPage {
  try {
    return unpackSummaries(texts)
  } catch (error) {
    throw new ScopeError('INTERNAL', `The summaries at revision ${revision} are damaged.`, { cause: error })
  }
}
