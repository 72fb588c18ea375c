import { minBigInt } from '../../core/int64'
import { unpackIds } from '../summary/keySet'
import { needleOf, type SummaryPage } from '../summary/page'
import type { FilterSql } from './changeFilters'
import { changeColumns } from './changeReader'
import { bigOf, bytesOf, numberOf, type Row, type Statements } from './statements'
import { unpacked } from './summaryReader'
import { createTurns } from './turns'

/**
 * Free text in the log. Newest first it looks into the changes that have no page of summaries yet, then page by page:
 * a page whose texts and keys do not have the needle is passed over without a row of its changes. Which keys have it
 * is found out once, when the first pages have not answered. What it yields may have the text: the caller looks.
 */

export interface SearchedSpan {
  readonly epochId: number
  readonly clusterId: number
  readonly from: bigint
  readonly to: bigint
}

/** Pages looked into row by row before all keys are: what is common is found in them. */
const pagesBeforeKeys = 4
const pagesAStep = 64
/** Key ids looked at in one statement. */
const keyIdsPerStep = 10_000
const revisionsPerStep = 1_024n

interface PageRow {
  readonly after: bigint
  readonly through: bigint
  readonly late: boolean
  readonly keys: Buffer
  readonly texts: Buffer
}

/** Conditions on a row beside its revisions: those of the filter and of the position. */
export interface RowConditions {
  readonly sql: string
  readonly values: readonly unknown[]
}

export async function* searched(
  statements: Statements,
  span: SearchedSpan,
  filter: FilterSql & { text: string },
  conditions: RowConditions,
  order: 'asc' | 'desc',
): AsyncGenerator<Row> {
  const down = order === 'desc'
  const turns = createTurns()
  const needle = needleOf(filter.text)
  const sealed = bigOf(
    statements
      .big('SELECT coalesce(max(through_revision), -1) FROM summary_page WHERE epoch_id = ?')
      .get(span.epochId)?.[0],
  )
  let keys: KeyMatches | null = null
  let looked = 0

  const rowsOf = (from: bigint, to: bigint, more: RowConditions): Row[] =>
    statements
      .big(
        `SELECT ${changeColumns} FROM change AS c ${filter.meantOnly ? 'INDEXED BY change_meant' : ''}
         CROSS JOIN key AS k ON k.id = c.key_id
         WHERE c.epoch_id = ? AND c.revision >= ? AND c.revision <= ?
           ${filter.meantOnly ? 'AND c.significance IN (0, 2)' : ''} ${conditions.sql} ${more.sql}
         ORDER BY c.revision ${order}, c.ordinal ${order}`,
      )
      .all(span.epochId, from, to, ...conditions.values, ...more.values)

  async function* withoutPages(): AsyncGenerator<Row> {
    const low = span.from > sealed ? span.from : sealed + 1n
    const fresh = { sql: freshSql, values: [filter.text, filter.text] }
    for (const [from, to] of stepsOf(low, span.to, revisionsPerStep, down)) {
      yield* rowsOf(from, to, fresh)
      await turns.next()
    }
  }

  async function* throughPages(): AsyncGenerator<Row> {
    for await (const page of pages(statements, span, down)) {
      const from = page.after >= span.from ? page.after + 1n : span.from
      const to = minBigInt(page.through, span.to)
      if (looked++ >= pagesBeforeKeys) keys ??= await keysWith(statements, span.clusterId, filter, turns)
      const hits = page.late
        ? everything
        : keys === null
          ? eitherIn(page, needle, filter.text)
          : hitsIn(page, needle, keys)
      if (hits !== null) yield* rowsOf(from, to, hits)
      await turns.next()
    }
  }

  if (down) yield* withoutPages()
  yield* throughPages()
  if (!down) yield* withoutPages()
}

const everything: RowConditions = { sql: '', values: [] }

/** SQLite folds case for ASCII only, which is what keys and nearly all summaries are. */
const keySql = 'instr(lower(CAST(k.key AS TEXT)), ?) > 0'
const freshSql = `AND (${keySql} OR EXISTS (SELECT 1 FROM summary_fresh AS f
  WHERE f.epoch_id = c.epoch_id AND f.id = c.summary_id AND instr(lower(f.text), ?) > 0))`

/** Where it is not known yet which keys have the text. */
function eitherIn(page: PageRow, needle: string, text: string): RowConditions {
  return {
    sql: `AND (c.summary_id IN (SELECT value FROM json_each(?)) OR ${keySql})`,
    values: [JSON.stringify(textsOf(page).find(needle)), text],
  }
}

/** Null when nothing in the page has the text. */
function hitsIn(page: PageRow, needle: string, keys: KeyMatches): RowConditions | null {
  const keyIds = keys.none ? [] : unpackIds(page.keys).filter(keys.has)
  const summaryIds = textsOf(page).find(needle)
  if (keyIds.length === 0 && summaryIds.length === 0) return null
  return {
    sql: `AND (c.summary_id IN (SELECT value FROM json_each(?)) OR c.key_id IN (SELECT value FROM json_each(?)))`,
    values: [JSON.stringify(summaryIds), JSON.stringify(keyIds)],
  }
}

function textsOf(page: PageRow): SummaryPage {
  return unpacked(page.texts, page.through)
}

async function* pages(statements: Statements, span: SearchedSpan, down: boolean): AsyncGenerator<PageRow> {
  const select = statements.big(
    `SELECT through_revision, late, keys, texts,
       (SELECT coalesce(max(b.through_revision), -1) FROM summary_page AS b
        WHERE b.epoch_id = p.epoch_id AND b.through_revision < p.through_revision)
     FROM summary_page AS p WHERE epoch_id = ? AND through_revision >= ? AND through_revision <= ?
     ORDER BY through_revision ${down ? 'DESC' : 'ASC'} LIMIT ${pagesAStep}`,
  )
  const last = statements.big(
    'SELECT min(through_revision) FROM summary_page WHERE epoch_id = ? AND through_revision >= ?',
  )
  let low = span.from
  let high = last.get(span.epochId, span.to)?.[0] ?? maxRevision
  for (;;) {
    const rows = select.all(span.epochId, low, high)
    for (const row of rows) {
      const [through, after] = [bigOf(row[0]), bigOf(row[4])]
      yield { after, through, late: numberOf(row[1]) === 1, keys: bytesOf(row[2]), texts: bytesOf(row[3]) }
      if (down) high = through - 1n
      else low = through + 1n
    }
    if (rows.length < pagesAStep) return
  }
}

const maxRevision = 2n ** 63n - 1n

interface KeyMatches {
  readonly none: boolean
  has(id: number): boolean
}

/** Keys of the cluster that the filter allows and whose bytes have the text. One bit a key. */
async function keysWith(
  statements: Statements,
  clusterId: number,
  filter: FilterSql & { text: string },
  turns: ReturnType<typeof createTurns>,
): Promise<KeyMatches> {
  const last = numberOf(statements.raw('SELECT coalesce(max(id), 0) FROM key').get()?.[0])
  const bits = new Uint8Array((last >> 3) + 1)
  const select = statements.raw(
    `SELECT k.id FROM key AS k NOT INDEXED WHERE k.id > ? AND k.id <= ? AND k.cluster_id = ? ${filter.key.sql} AND ${keySql}`,
  )
  let found = 0
  for (let from = 0; from < last; from += keyIdsPerStep) {
    const rows = select.all(from, from + keyIdsPerStep, clusterId, ...filter.key.values, filter.text)
    for (const row of rows) {
      const id = numberOf(row[0])
      bits[id >> 3] = (bits[id >> 3] ?? 0) | (1 << (id & 7))
    }
    found += rows.length
    await turns.next()
  }
  // A key that came later changed behind the span only.
  return { none: found === 0, has: (id) => ((bits[id >> 3] ?? 0) & (1 << (id & 7))) !== 0 }
}

function* stepsOf(from: bigint, to: bigint, step: bigint, down: boolean): Generator<[from: bigint, to: bigint]> {
  if (down) {
    for (let high = to; high >= from; high -= step) yield [high - step + 1n > from ? high - step + 1n : from, high]
  } else {
    for (let low = from; low <= to; low += step) yield [low, low + step - 1n < to ? low + step - 1n : to]
  }
}
