import type { ChangeFilter, ChangePosition, ChangeRow, ClusterRef } from '../store'
import { type FilterSql, filterSql, hasText } from './changeFilters'
import { changeColumns, changeOfRow, type RowWords } from './changeReader'
import type { EpochBounds, EpochReader } from './epochReader'
import { keyStep, NO_END } from './keyRange'
import { bigOf, numberOf, type Row, type Statements } from './statements'
import { searched } from './textSearch'
import { createTurns } from './turns'

/**
 * The change log under a filter. The revision range comes first (times by bisection); within it either the histories
 * of a few keys are merged, or the log is scanned in short steps so that the event loop is never held up.
 */
export interface ChangesReader {
  changes(
    cluster: ClusterRef,
    filter: ChangeFilter,
    page: { order: 'asc' | 'desc'; limit: number; after: ChangePosition | null },
  ): Promise<ChangeRow[]>
}

/** Up to so many keys their histories are merged; with more, scanning the log finds a page sooner. */
const mergedKeys = 200
/** Rows of one history read at a time while merging. */
const historyStep = 32
/** Revisions in the first step of a scan; doubled while a step stays cheap. */
const firstWindow = 2_048n
const stepBudgetMs = 8

interface Span {
  readonly epoch: EpochBounds
  readonly from: bigint
  readonly to: bigint
  readonly after: ChangePosition | null
}

export function createChangesReader(parts: {
  statements: Statements
  epochs: EpochReader
  words: RowWords
}): ChangesReader {
  const { statements, epochs, words } = parts

  function spansOf(
    cluster: ClusterRef,
    filter: ChangeFilter,
    order: 'asc' | 'desc',
    after: ChangePosition | null,
  ): Span[] {
    const spans: Span[] = []
    for (const epoch of epochs.all(cluster.id)) {
      if (filter.epoch !== undefined && filter.epoch !== epoch.epoch) continue
      if (after !== null && (order === 'desc' ? epoch.epoch > after.epoch : epoch.epoch < after.epoch)) continue
      let from = filter.fromRevision ?? 0n
      let to = filter.toRevision === undefined || filter.toRevision > epoch.cursor ? epoch.cursor : filter.toRevision
      if (filter.fromMs !== undefined || filter.toMs !== undefined) {
        const within = epochs.revisionsWithin(epoch, filter.fromMs ?? 0, filter.toMs ?? Number.MAX_SAFE_INTEGER)
        if (within === null) continue
        if (within.from > from) from = within.from
        if (within.to < to) to = within.to
      }
      const here = after !== null && after.epoch === epoch.epoch ? after : null
      if (here !== null && order === 'desc' && here.revision < to) to = here.revision
      if (here !== null && order === 'asc' && here.revision > from) from = here.revision
      if (from <= to) spans.push({ epoch, from, to, after: here })
    }
    return order === 'desc' ? spans.reverse() : spans
  }

  /** Ids of the keys that the filter allows, or null when they are too many (or all). */
  async function fewKeys(cluster: ClusterRef, filter: ChangeFilter, sql: FilterSql): Promise<number[] | null> {
    // One key, or the keys of a resource: an index leads straight to them.
    const led = filter.key !== undefined || (filter.resources?.[0] !== undefined && filter.name === undefined)
    if (led) return selectKeys(sql, '', [])
    const narrowed = [filter.keyRange, filter.name, filter.resources?.[0], filter.namespaces?.[0]]
    if (narrowed.every((one) => one === undefined)) return null
    const ids: number[] = []
    let from = filter.keyRange?.from ?? NO_END
    const to = filter.keyRange?.to ?? NO_END
    // In steps over the keys: a name that matches nearly nothing must not hold up the event loop.
    for (let last = false; !last; ) {
      const step = keyStep(statements, cluster.id, from, to)
      const bound = step.end.byteLength === 0 ? [from] : [from, step.end]
      const found = selectKeys(
        sql,
        step.end.byteLength === 0 ? 'AND k.key >= ?' : 'AND k.key >= ? AND k.key < ?',
        bound,
      )
      ids.push(...(found ?? []))
      if (found === null || ids.length > mergedKeys) return null
      from = step.end
      last = step.last
      if (!last) await new Promise(setImmediate)
    }
    return ids
  }

  function selectKeys(sql: FilterSql, bounds: string, values: readonly Uint8Array[]): number[] | null {
    const rows = statements
      .raw(`SELECT k.id FROM key AS k WHERE true ${bounds} ${sql.key.sql} LIMIT ${mergedKeys + 1}`)
      .all(...values, ...sql.key.values)
    return rows.length > mergedKeys ? null : rows.map((row) => numberOf(row[0]))
  }

  function rowsOf(
    cluster: ClusterRef,
    span: Span,
    sql: FilterSql,
    keyIds: readonly number[] | null,
    order: 'asc' | 'desc',
    limit: number,
  ): Iterable<Row> | AsyncIterable<Row> {
    const { text } = sql
    // What is found is looked at for the text, so there is no knowing how many rows make a page.
    if (keyIds !== null) return mergedHistories(statements, span, sql, keyIds, order, text === null ? limit : Infinity)
    if (text === null) return scanned(statements, span, sql, order, limit)
    const after = afterSql(span, order)
    const conditions = {
      sql: `${after.sql} ${sql.change.sql} ${sql.key.sql}`,
      values: [...after.values, ...sql.change.values, ...sql.key.values],
    }
    const { id: epochId } = span.epoch
    const { from, to } = span
    return searched(statements, { epochId, clusterId: cluster.id, from, to }, { ...sql, text }, conditions, order)
  }

  return {
    async changes(cluster, filter, { order, limit, after }) {
      const sql = filterSql(cluster.id, filter, words.labels)
      const found: ChangeRow[] = []
      if (sql.impossible || limit <= 0) return found
      const keyIds = await fewKeys(cluster, filter, sql)
      const turns = createTurns()
      for (const span of spansOf(cluster, filter, order, after)) {
        for await (const row of rowsOf(cluster, span, sql, keyIds, order, limit - found.length)) {
          const change = changeOfRow(row, span.epoch.epoch, words)
          if (sql.text === null || hasText(change, sql.text)) found.push(change)
          else await turns.next()
          if (found.length >= limit) return found
        }
      }
      return found
    },
  }
}

/** Beyond `after` within its revision; elsewhere the span's bounds have said it already. */
function afterSql(span: Span, order: 'asc' | 'desc'): { sql: string; values: unknown[] } {
  if (span.after === null) return { sql: '', values: [] }
  const beyond = order === 'desc' ? '<' : '>'
  return {
    sql: `AND (c.revision, c.ordinal) ${beyond} (?, ?)`,
    values: [span.after.revision, span.after.ordinal],
  }
}

async function* scanned(statements: Statements, span: Span, sql: FilterSql, order: 'asc' | 'desc', limit: number) {
  const after = afterSql(span, order)
  const direction = order === 'desc' ? 'DESC' : 'ASC'
  const select = statements.big(
    `SELECT ${changeColumns} FROM change AS c ${sql.meantOnly ? 'INDEXED BY change_meant' : ''}
     CROSS JOIN key AS k ON k.id = c.key_id
     WHERE c.epoch_id = ? AND c.revision >= ? AND c.revision <= ?
       ${sql.meantOnly ? 'AND c.significance IN (0, 2)' : ''} ${after.sql} ${sql.change.sql} ${sql.key.sql}
     ORDER BY c.revision ${direction}, c.ordinal ${direction} LIMIT ?`,
  )
  let left = limit
  let window = firstWindow
  let from = span.from
  let to = span.to
  while (from <= to && left > 0) {
    const low = order === 'desc' && to - window >= from ? to - window + 1n : from
    const high = order === 'asc' && from + window <= to ? from + window - 1n : to
    const startedMs = performance.now()
    const rows = select.all(span.epoch.id, low, high, ...after.values, ...sql.change.values, ...sql.key.values, left)
    const tookMs = performance.now() - startedMs
    yield* rows
    left -= rows.length
    if (order === 'desc') to = low - 1n
    else from = high + 1n
    if (tookMs < stepBudgetMs / 2) window *= 2n
    else if (tookMs > stepBudgetMs && window > 64n) window /= 2n
    if (left > 0 && from <= to) await new Promise(setImmediate)
  }
}

/** Merges the histories of a few keys by (revision, ordinal), each read in small steps as the merge needs them. */
function* mergedHistories(
  statements: Statements,
  span: Span,
  sql: FilterSql,
  keyIds: readonly number[],
  order: 'asc' | 'desc',
  limit: number,
): Generator<Row> {
  const after = afterSql(span, order)
  const direction = order === 'desc' ? 'DESC' : 'ASC'
  const select = statements.big(
    `SELECT ${changeColumns} FROM key AS k CROSS JOIN change AS c INDEXED BY change_key ON c.key_id = k.id
     WHERE k.id = ? AND c.epoch_id = ? AND c.revision >= ? AND c.revision <= ? ${after.sql} ${sql.change.sql}
     ORDER BY c.revision ${direction} LIMIT ${historyStep}`,
  )
  const histories = keyIds.map((keyId) => ({
    keyId,
    from: span.from,
    to: span.to,
    rows: [] as Row[],
    at: 0,
    ended: false,
  }))

  const head = (history: (typeof histories)[number]): Row | undefined => {
    const row = history.rows[history.at]
    if (row !== undefined || history.ended) return row
    history.rows = select.all(
      history.keyId,
      span.epoch.id,
      history.from,
      history.to,
      ...after.values,
      ...sql.change.values,
    )
    history.at = 0
    history.ended = history.rows.length < historyStep
    const last = history.rows.at(-1)
    // A key changes at most once a revision, so the next step starts one further.
    if (last !== undefined && order === 'desc') history.to = bigOf(last[0]) - 1n
    if (last !== undefined && order === 'asc') history.from = bigOf(last[0]) + 1n
    return history.rows[0]
  }

  for (let left = limit; left > 0; left--) {
    let best: { row: Row; history: (typeof histories)[number] } | null = null
    for (const history of histories) {
      const row = head(history)
      if (row !== undefined && (best === null || precedes(row, best.row, order))) best = { row, history }
    }
    if (best === null) return
    best.history.at++
    yield best.row
  }
}

function precedes(a: Row, b: Row, order: 'asc' | 'desc'): boolean {
  const [revisionA, revisionB] = [bigOf(a[0]), bigOf(b[0])]
  if (revisionA !== revisionB) return order === 'desc' ? revisionA > revisionB : revisionA < revisionB
  return order === 'desc' ? numberOf(a[1]) > numberOf(b[1]) : numberOf(a[1]) < numberOf(b[1])
}
