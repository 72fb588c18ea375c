import type { Statement } from 'better-sqlite3'
import type { Sqlite } from './database'

/** A column as better-sqlite3 hands it over. */
export type Cell = bigint | number | string | Buffer | null
export type Row = readonly Cell[]

/**
 * Prepared once, used for as long as the connection lives. Rows come as arrays; integers as bigint where `big` is
 * asked for (revisions, ids), because a double would lose the upper bits.
 */
export interface Statements {
  /** Rows as arrays of number | string | Buffer | null. */
  raw(sql: string): Statement<unknown[], Row>
  /** The same with every integer as bigint. */
  big(sql: string): Statement<unknown[], Row>
  run(sql: string): Statement<unknown[]>
}

/** Reads build their SQL from filters: the shapes are few, the bound is for safety. */
const keptStatements = 500

export function createStatements(db: Sqlite): Statements {
  const kept = new Map<string, Statement<unknown[], Row>>()
  const remember = (key: string, make: () => Statement<unknown[], Row>) => {
    const known = kept.get(key)
    if (known !== undefined) return known
    if (kept.size >= keptStatements) kept.clear()
    const made = make()
    kept.set(key, made)
    return made
  }
  return {
    raw: (sql) => remember(`raw ${sql}`, () => db.prepare<unknown[], Row>(sql).raw(true)),
    big: (sql) => remember(`big ${sql}`, () => db.prepare<unknown[], Row>(sql).raw(true).safeIntegers(true)),
    run: (sql) => remember(`run ${sql}`, () => db.prepare<unknown[], Row>(sql)),
  }
}

/** Casts of cells, each with its check: a mismatch is a bug in a statement, so it is loud. */
export function numberOf(cell: Cell | undefined): number {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'bigint') return Number(cell)
  throw new TypeError(`expected a number, got ${typeof cell}`)
}

export function numberOrNull(cell: Cell | undefined): number | null {
  return cell === null ? null : numberOf(cell)
}

export function bigOf(cell: Cell | undefined): bigint {
  if (typeof cell === 'bigint') return cell
  throw new TypeError(`expected a bigint, got ${typeof cell}`)
}

export function textOf(cell: Cell | undefined): string {
  if (typeof cell === 'string') return cell
  throw new TypeError(`expected text, got ${typeof cell}`)
}

export function textOrNull(cell: Cell | undefined): string | null {
  return cell === null ? null : textOf(cell)
}

export function bytesOf(cell: Cell | undefined): Buffer {
  if (Buffer.isBuffer(cell)) return cell
  throw new TypeError(`expected bytes, got ${typeof cell}`)
}

export function bytesOrNull(cell: Cell | undefined): Buffer | null {
  return cell === null ? null : bytesOf(cell)
}
