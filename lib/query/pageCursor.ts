import { z } from 'zod'
import { ScopeError } from '../core/errors'

/**
 * Page cursors are opaque: base64url of a JSON tuple that starts with the kind of list. They are checked as strictly
 * as any input, so a cursor of another list or a forged one is a 400 and never a surprise further in.
 */

export const digits = z.string().regex(/^\d{1,19}$/)
export const positionShape = z.tuple([z.number().int().min(0), digits, z.number().int().min(0)])

export function writeCursor(kind: string, position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([kind, ...position])).toString('base64url')
}

/** Null without a cursor. Rejects with BAD_REQUEST naming `cursor`. */
export function readCursor<T>(text: string | undefined, kind: string, shape: z.ZodType<T>): T | null {
  if (text === undefined) return null
  const parsed = z.tuple([z.literal(kind)], z.unknown()).safeParse(jsonOf(text))
  const position = parsed.success ? shape.safeParse(parsed.data.slice(1)) : parsed
  if (!position.success) {
    throw new ScopeError('BAD_REQUEST', 'cursor is not one that this list has handed out.', { subject: 'cursor' })
  }
  return position.data as T
}

function jsonOf(text: string): unknown {
  if (!/^[A-Za-z0-9_-]+$/.test(text)) return null
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null // not JSON: refused by the check that follows, with the rest
  }
}

/** Cuts a list that was read with one item too many; the cursor points behind the last one kept. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
  cursorOf: (row: Row) => string,
): { items: Item[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { items: kept.map(itemOf), nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
