import type { Change } from '../../../../../lib/contract'
import { rowIdOf } from './changeId'

/**
 * The change log as far as it has been read, newest first. The newest page is read again with every change, older
 * ones once: a recorded change never changes, so what is known stays and only the head is joined on. Pure.
 */
export interface ChangeLog {
  readonly items: readonly Change[]
  /** Continues after the last item; null when there is nothing older. */
  readonly nextCursor: string | null
}

interface Page {
  readonly items: readonly Change[]
  readonly nextCursor: string | null
}

/** Beyond this the list starts over from its head: a tab that lives for days must not grow for ever. */
export const MOST_ITEMS = 20_000

/** The newest page read again. Where it does not reach what is known, there is a hole: the known part is dropped. */
export function joinHead(known: ChangeLog | undefined, head: Page): ChangeLog {
  const last = head.items[head.items.length - 1]
  if (known === undefined || last === undefined || head.nextCursor === null) return head
  const overlap = known.items.findIndex((item) => rowIdOf(item) === rowIdOf(last))
  if (overlap === -1 || known.items.length > MOST_ITEMS) return head
  const byId = new Map(known.items.slice(0, overlap + 1).map((item) => [rowIdOf(item), item]))
  const items = [...head.items.map((item) => byId.get(rowIdOf(item)) ?? item), ...known.items.slice(overlap + 1)]
  return { items, nextCursor: known.nextCursor }
}

/** An older page; `after` is the cursor it was read with: if the log moved on meanwhile, it does not fit and is left. */
export function joinOlder(known: ChangeLog, after: string, page: Page): ChangeLog {
  if (known.nextCursor !== after) return known
  return { items: [...known.items, ...page.items], nextCursor: page.nextCursor }
}
