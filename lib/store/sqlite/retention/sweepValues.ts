import { encodeValue } from '../../value/encoding'
import { bigOf, numberOf, numberOrNull, type Row, type Statements } from '../statements'
import { createValueReader, type ValueReader } from '../valueReader'
import type { ValueWriter } from '../valueWriter'
import { createMarks, type Marks } from './marks'

/**
 * Deletes values that no change points to any more; what was made from one of them is stored anew first, from values
 * that stay. What is used is marked in a bitmap. Writing goes on meanwhile: what it uses is marked as it is used, and
 * values stored since the start are left alone. Invariants: the newest value stays, so that no number is given out
 * twice; a source is always older than what is made from it.
 */

const changesAPage = 4_000
const valuesAPage = 4_000
/** Deleted in one transaction, or stored anew. */
const deletedAPage = 400
const movedAPage = 40
const readCacheBytes = 16 * 1024 * 1024
/** Values that stand in for others which go; beyond that, what is made anew stands alone more often. */
const standInLimit = 200_000

export interface SweepParts {
  readonly statements: Statements
  readonly values: ValueWriter
  readonly write: <T>(work: () => T) => T
}

export interface SweepOptions {
  readonly pause: () => Promise<void>
  readonly signal: AbortSignal
}

interface Sweep extends SweepParts, SweepOptions {
  readonly newest: number
  /** Pointed to by a change, or used since the start. */
  readonly used: Marks
}

export async function sweepValues(parts: SweepParts, options: SweepOptions): Promise<{ bytes: number }> {
  const { statements, values } = parts
  const newest = numberOrNull(statements.raw('SELECT max(id) FROM value').get()?.[0] ?? null)
  if (newest === null) return { bytes: 0 }
  const used = createMarks(newest)
  const sweep = { ...parts, ...options, newest, used }
  // What lies at hand may be what is deleted now: from here on it is read again, and marked with all it is made from.
  values.forgetAll()
  values.onUse = (id) => markWhole(statements, used, id)
  try {
    await markUsed(sweep)
    await moveOffUnused(sweep)
    return await deleteUnused(sweep)
  } finally {
    values.onUse = null
  }
}

function markWhole(statements: Statements, used: Marks, id: number): void {
  const sources = statements.raw('SELECT base_id, aid_id FROM value WHERE id = ?')
  const seen = new Set<number>()
  const wanted = [id]
  for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    used.set(next)
    for (const source of sources.get(next) ?? []) if (source !== null) wanted.push(numberOf(source))
  }
}

async function markUsed({ statements, used, pause, signal }: Sweep): Promise<void> {
  const page = statements.big(
    `SELECT revision, ordinal, value_id FROM change WHERE epoch_id = ? AND (revision, ordinal) > (?, ?)
     ORDER BY revision, ordinal LIMIT ${changesAPage}`,
  )
  for (const [epochId] of statements.raw('SELECT id FROM epoch ORDER BY id').all()) {
    let [revision, ordinal] = [-1n, 0n]
    while (!signal.aborted) {
      const rows = page.all(epochId, revision, ordinal)
      for (const row of rows) if (row[2] !== null) used.set(numberOf(row[2]))
      const last = rows.at(-1)
      if (last === undefined || rows.length < changesAPage) break
      revision = bigOf(last[0])
      ordinal = bigOf(last[1])
      await pause()
    }
  }
}

/** Values up to the newest at the start, the oldest first. */
async function eachValue(sweep: Sweep, columns: string, look: (rows: readonly Row[]) => Promise<void>): Promise<void> {
  const page = sweep.statements.raw(
    `SELECT id, ${columns} FROM value WHERE id > ? AND id <= ? ORDER BY id LIMIT ${valuesAPage}`,
  )
  for (let from = 0; !sweep.signal.aborted; ) {
    const rows = page.all(from, sweep.newest)
    const last = rows.at(-1)
    if (last === undefined) return
    await look(rows)
    from = numberOf(last[0])
    await sweep.pause()
  }
}

async function moveOffUnused(sweep: Sweep): Promise<void> {
  const { statements, used, write, pause, signal } = sweep
  const reader = createValueReader(statements, readCacheBytes)
  const standIns = new Map<number, number>()
  const goes = (source: Row[number] | undefined) => source !== null && !used.has(numberOf(source))
  await eachValue(sweep, 'base_id, aid_id', async (rows) => {
    const moving = rows.filter((row) => used.has(numberOf(row[0])) && (goes(row[1]) || goes(row[2])))
    for (let at = 0; at < moving.length && !signal.aborted; at += movedAPage) {
      write(() => {
        for (const row of moving.slice(at, at + movedAPage)) storeAnew(sweep, reader, standIns, numberOf(row[0]))
      })
      await pause()
    }
  })
}

/**
 * Back along its bases the first that stays, or what was stored anew over one that goes: of siblings that were made
 * from the same value the oldest takes its place.
 */
function storeAnew(sweep: Sweep, reader: ValueReader, standIns: Map<number, number>, id: number): void {
  const { statements, used } = sweep
  const baseOf = statements.raw('SELECT base_id FROM value WHERE id = ?')
  const gone: number[] = []
  let base = numberOrNull(baseOf.get(id)?.[0] ?? null)
  while (base !== null && !used.has(base)) {
    const standIn = standIns.get(base)
    if (standIn === undefined) gone.push(base)
    base = standIn ?? numberOrNull(baseOf.get(base)?.[0] ?? null)
  }
  if (standIns.size > standInLimit) standIns.clear()
  for (const one of gone) standIns.set(one, id)
  const { raw } = reader.read(id)
  const source = base === null ? null : reader.read(base)
  const encoded = encodeValue(raw, { base: source?.raw ?? null, aid: null })
  statements
    .run('UPDATE value SET encoding = ?, base_back = id - ?, aid_back = NULL, bytes = ? WHERE id = ?')
    .run(encoded.encoding, encoded.usesBase ? base : null, encoded.bytes, id)
}

async function deleteUnused(sweep: Sweep): Promise<{ bytes: number }> {
  const { statements, used, write, newest, pause, signal } = sweep
  const remove = statements.run('DELETE FROM value WHERE id = ?')
  let bytes = 0
  await eachValue(sweep, 'length(bytes)', async (rows) => {
    const unused = rows.filter((row) => !used.has(numberOf(row[0])) && numberOf(row[0]) < newest)
    for (let at = 0; at < unused.length && !signal.aborted; at += deletedAPage) {
      // Looked at again: the event loop had its turns since the page was read.
      write(() => {
        for (const row of unused.slice(at, at + deletedAPage)) {
          if (used.has(numberOf(row[0]))) continue
          remove.run(row[0])
          bytes += numberOf(row[1])
        }
      })
      await pause()
    }
  })
  return { bytes }
}
