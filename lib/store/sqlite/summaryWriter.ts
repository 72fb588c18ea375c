import { packIds } from '../summary/keySet'
import { packSummaries } from '../summary/page'
import { bigOf, numberOf, type Row, type Statements, textOf } from './statements'

/**
 * Summaries of changes, each text once: fresh ones as rows, and as soon as some hundred changes have come together as
 * one deflated page of theirs. A page never changes; the texts of its changes are looked for in it alone. Everything
 * here runs inside the transaction of the changes.
 */
export interface SummaryWriter {
  /** First in each transaction, with the epoch's cursor: another process may have written the epoch since. */
  begin(epochId: number, cursor: bigint): void
  /** What the change at this revision is to say; the page that covers it, if one does already, is told. */
  idOf(epochId: number, revision: bigint, text: string | null): number | null
  /** Tells of changes that were stored behind all others, up to `through`; makes pages when they are enough. */
  advance(epochId: number, through: bigint, changes: number): void
  /** After a transaction that was rolled back. */
  forgetAll(): void
}

/** Changes a page. More make it smaller and slower to look into: this one opens in a tenth of a millisecond. */
export const changesAPage = 800
/** From here on there is enough for two. */
const longestPage = 1_200
/** What one transaction makes at most, when a migration or a long re-sync left many changes without pages. */
const pagesAtOnce = 4

interface EpochSummaries {
  readonly ids: Map<string, number>
  nextId: number
  cursor: bigint
  sealed: bigint
  unsealed: number
}

export function createSummaryWriter(statements: Statements): SummaryWriter {
  const epochs = new Map<number, EpochSummaries>()
  const insertFresh = statements.run('INSERT INTO summary_fresh (epoch_id, id, text) VALUES (?, ?, ?)')
  const insertPage = statements.run(
    'INSERT INTO summary_page (epoch_id, through_revision, late, keys, texts) VALUES (?, ?, 0, ?, ?)',
  )

  const unsealed = statements.big(
    `SELECT revision, key_id, summary_id FROM change WHERE epoch_id = ? AND revision > ? AND revision <= ?
     ORDER BY revision, ordinal LIMIT ${longestPage}`,
  )
  const oneRevision = statements.big(
    'SELECT revision, key_id, summary_id FROM change WHERE epoch_id = ? AND revision = ? ORDER BY ordinal',
  )

  function load(epochId: number, cursor: bigint): EpochSummaries {
    const last = statements.raw('SELECT max(id) FROM summary_fresh WHERE epoch_id = ?').get(epochId)
    const sealed = sealedThrough(statements, epochId)
    const count = statements
      .raw('SELECT count(*) FROM (SELECT 1 FROM change WHERE epoch_id = ? AND revision > ? LIMIT ?)')
      .get(epochId, sealed, changesAPage)
    const lastId = Math.max(0, numberOf(last?.[0] ?? 0))
    const ids = new Map<string, number>()
    return { ids, nextId: lastId + 1, cursor, sealed, unsealed: numberOf(count?.[0] ?? 0) }
  }

  function of(epochId: number): EpochSummaries {
    const epoch = epochs.get(epochId)
    if (epoch === undefined) throw new TypeError('summaries of an epoch that was not begun')
    return epoch
  }

  function idOf(epochId: number, revision: bigint, text: string | null): number | null {
    const epoch = of(epochId)
    if (revision <= epoch.sealed) return lateIdOf(epochId, revision, text)
    if (text === null) return null
    const known = epoch.ids.get(text)
    if (known !== undefined) return known
    const id = epoch.nextId++
    insertFresh.run(epochId, id, text)
    epoch.ids.set(text, id)
    return id
  }

  function lateIdOf(epochId: number, revision: bigint, text: string | null): number | null {
    statements
      .run(
        `UPDATE summary_page SET late = 1 WHERE epoch_id = ? AND through_revision =
           (SELECT min(through_revision) FROM summary_page WHERE epoch_id = ? AND through_revision >= ?)`,
      )
      .run(epochId, epochId, revision)
    if (text === null) return null
    const first = statements.raw('SELECT min(id) FROM summary_fresh WHERE epoch_id = ?').get(epochId)
    const id = Math.min(0, numberOf(first?.[0] ?? 0)) - 1
    insertFresh.run(epochId, id, text)
    return id
  }

  /** One page of the oldest changes that have none; false when there are none left. */
  function sealPage(epochId: number, epoch: EpochSummaries, through: bigint): boolean {
    const rows = unsealed.all(epochId, epoch.sealed, through)
    if (rows.length === 0) return false
    const isRest = rows.length < longestPage
    const page = isRest ? rows : wholeRevisions(epochId, rows)
    const revision = isRest ? through : bigOf(page.at(-1)?.[0])
    const keyIds = page.map((row) => numberOf(row[1]))
    insertPage.run(epochId, revision, packIds(keyIds), packSummaries(textsOf(epochId, page)))
    epoch.sealed = revision
    return !isRest
  }

  /** A page ends with a whole revision; one that is larger than a page is one. */
  function wholeRevisions(epochId: number, rows: readonly Row[]): readonly Row[] {
    const cut = bigOf(rows[changesAPage]?.[0])
    const last = rows.findLastIndex((row) => bigOf(row[0]) < cut)
    return last >= 0 ? rows.slice(0, last + 1) : oneRevision.all(epochId, cut)
  }

  function textsOf(epochId: number, rows: readonly Row[]): [id: number, text: string][] {
    const fresh = statements.raw('SELECT text FROM summary_fresh WHERE epoch_id = ? AND id = ?')
    const ids = new Set<number>()
    for (const row of rows) if (row[2] !== null) ids.add(numberOf(row[2]))
    const texts: [number, string][] = []
    for (const id of [...ids].sort((a, b) => a - b)) {
      const row = fresh.get(epochId, id)
      if (row !== undefined) texts.push([id, textOf(row[0])])
    }
    return texts
  }

  return {
    begin(epochId, cursor) {
      if (epochs.get(epochId)?.cursor !== cursor) epochs.set(epochId, load(epochId, cursor))
    },
    idOf,
    advance(epochId, through, changes) {
      const epoch = of(epochId)
      epoch.cursor = through
      epoch.unsealed += changes
      if (epoch.unsealed < changesAPage) return
      let more = true
      for (let pages = 0; more && pages < pagesAtOnce; pages++) more = sealPage(epochId, epoch, through)
      if (more) return
      statements.run('DELETE FROM summary_fresh WHERE epoch_id = ? AND id > 0').run(epochId)
      epoch.ids.clear()
      epoch.nextId = 1
      epoch.unsealed = 0
    },
    forgetAll: () => epochs.clear(),
  }
}

/** Pages reach up to this revision; -1 when there are none. */
export function sealedThrough(statements: Statements, epochId: number): bigint {
  const row = statements.big('SELECT max(through_revision) FROM summary_page WHERE epoch_id = ?').get(epochId)
  return row === undefined || row[0] === null ? -1n : bigOf(row[0])
}
