import { diffArrays } from 'diff'
import type { DiffAnswer } from '../../../../../../lib/contract'

/**
 * Two values as rows of lines, side by side, equal ones too. The lines that differ come from the server's unified
 * diff, which is bounded in time whatever the values are; everything between its hunks is equal. Pure.
 */
export interface Line {
  /** From 1. */
  readonly number: number
  readonly text: string
  readonly changed: boolean
}

/** Both sides and unchanged: an equal line. One side null: added or removed. */
export interface LineRow {
  readonly left: Line | null
  readonly right: Line | null
}

type Texts = Pick<DiffAnswer, 'before' | 'after' | 'unified'>

/** Larger blocks are paired by their place: matching by name is quadratic. */
const MOST_MATCHED = 300
/** Past its own bounds the server answers one block around everything that differs: it is looked at again here. */
const REFINE_FROM = 100
const MOST_EDITS = 2000
const REFINE_TIMEOUT_MS = 150

export function parseUnified({ before, after, unified }: Texts): readonly LineRow[] {
  const old = linesOf(before)
  const now = linesOf(after)
  const rows: LineRow[] = []
  let left = 0
  let right = 0
  const equalUpTo = (end: number) => {
    while (left < end) {
      rows.push({
        left: { number: left + 1, text: old[left] ?? '', changed: false },
        right: { number: right + 1, text: now[right] ?? '', changed: false },
      })
      left += 1
      right += 1
    }
  }
  let removed: Line[] = []
  let added: Line[] = []
  const flush = () => {
    for (const row of refineBlock(removed, added)) rows.push(row)
    removed = []
    added = []
  }
  for (const line of hunkLines(unified)) {
    if (line.startsWith('@@')) {
      flush()
      const match = /^@@ -(\d+)(?:,(\d+))? /.exec(line)
      const start = Number(match?.[1] ?? 0)
      // An empty old side starts at the line before it.
      equalUpTo(match?.[2] === '0' ? start : Math.max(0, start - 1))
    } else if (line.startsWith('-')) {
      removed.push({ number: left + 1, text: line.slice(1), changed: true })
      left += 1
    } else if (line.startsWith('+')) {
      added.push({ number: right + 1, text: line.slice(1), changed: true })
      right += 1
    } else if (!line.startsWith('\\')) {
      flush()
      equalUpTo(left + 1)
    }
  }
  flush()
  equalUpTo(old.length)
  return rows
}

/** Without the two lines that name the files; a value's own lines may look like anything. */
function hunkLines(unified: string): readonly string[] {
  const lines = linesOf(unified)
  const first = lines.findIndex((line) => line.startsWith('@@'))
  return first === -1 ? [] : lines.slice(first)
}

export function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Finds the lines that are equal inside a large block, where few differ; else the block stays as it is. */
function refineBlock(removed: readonly Line[], added: readonly Line[]): readonly LineRow[] {
  if (Math.min(removed.length, added.length) < REFINE_FROM) return pairLines(removed, added)
  const steps = diffArrays(
    removed.map(({ text }) => text),
    added.map(({ text }) => text),
    { maxEditLength: MOST_EDITS, timeout: REFINE_TIMEOUT_MS },
  )
  if (steps === undefined) return pairLines(removed, added)
  const rows: LineRow[] = []
  let [left, right] = [0, 0]
  let [old, now]: [Line[], Line[]] = [[], []]
  const flush = () => {
    for (const row of pairLines(old, now)) rows.push(row)
    old = []
    now = []
  }
  for (const { value, added: isAdded, removed: isRemoved } of steps) {
    const count = value.length
    if (isRemoved) old = old.concat(removed.slice(left, left + count))
    else if (isAdded) now = now.concat(added.slice(right, right + count))
    else {
      flush()
      for (let i = 0; i < count; i++) rows.push({ left: equal(removed[left + i]), right: equal(added[right + i]) })
    }
    if (!isAdded) left += count
    if (!isRemoved) right += count
  }
  flush()
  return rows
}

const equal = (line: Line | undefined): Line | null => (line === undefined ? null : { ...line, changed: false })

/** Stands removed lines beside the added ones that replace them: those that name the same field, then by place. */
function pairLines(removed: readonly Line[], added: readonly Line[]): readonly LineRow[] {
  if (removed.length === 0) return added.map((right) => ({ left: null, right }))
  if (added.length === 0) return removed.map((left) => ({ left, right: null }))
  const rows: LineRow[] = []
  let left = 0
  let right = 0
  const byPlace = (toLeft: number, toRight: number) => {
    while (left < toLeft || right < toRight) {
      rows.push({
        left: left < toLeft ? (removed[left++] ?? null) : null,
        right: right < toRight ? (added[right++] ?? null) : null,
      })
    }
  }
  if (removed.length * added.length <= MOST_MATCHED * MOST_MATCHED) {
    for (const [i, j] of commonFields(removed.map(fieldOf), added.map(fieldOf))) {
      byPlace(i, j)
      byPlace(i + 1, j + 1)
    }
  }
  byPlace(removed.length, added.length)
  return rows
}

/** `  replicas: 4` names `  replicas`; lines without a field name themselves. */
function fieldOf({ text }: Line): string {
  return /^(\s*(?:- )?[^\s:][^:]*):/.exec(text)?.[1] ?? text
}

/** Longest common subsequence, as pairs of places. */
function commonFields(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const width = b.length + 1
  const best = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number) => best[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const pairs: [number, number][] = []
  let i = 0
  let j = 0
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) pairs.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return pairs
}

export interface DiffCounts {
  readonly added: number
  readonly removed: number
  /** Runs of changed lines. */
  readonly places: number
  /** Changed lines of unimportant fields. */
  readonly unimportant: number
}

/** `sections` names the unimportant field of a row: those are counted apart, however they are drawn. */
export function countLines(rows: readonly LineRow[], sections: readonly (string | null)[] = []): DiffCounts {
  let added = 0
  let removed = 0
  let places = 0
  let unimportant = 0
  let inside = false
  for (const [index, { left, right }] of rows.entries()) {
    const aside = (sections[index] ?? null) !== null
    if (aside && (left?.changed === true || right?.changed === true)) unimportant += 1
    if (aside) {
      inside = false
      continue
    }
    const changed = left?.changed === true || right?.changed === true
    if (left?.changed === true) removed += 1
    if (right?.changed === true) added += 1
    if (changed && !inside) places += 1
    inside = changed
  }
  return { added, removed, places, unimportant }
}
