import type { DiffAnswer } from '../../../../../../lib/contract'
import type { LineRow } from './prepareLines'

/**
 * Which lines of a diff stand behind one that says what and how many they are: runs of equal lines, and the fields
 * that differ with every write. Pure.
 */
export type DiffItem =
  | { readonly kind: 'row'; readonly id: string; readonly row: LineRow }
  | { readonly kind: 'fold'; readonly id: string; readonly fold: Fold }

export interface Fold {
  /** Rows of the diff, from and up to but without. */
  readonly from: number
  readonly to: number
  /** The fields inside, by name: "annotations, labels". */
  readonly names: readonly string[]
  readonly moreNames: number
  /** Folded because it is unimportant, and not because it is equal. */
  readonly unimportant: boolean
  readonly changedLines: number
}

export interface FoldOptions {
  readonly language: DiffAnswer['language']
  readonly foldUnimportant: boolean
  /** Ids of folds that were opened. */
  readonly opened: ReadonlySet<string>
}

/** Equal lines kept around a change. */
const CONTEXT = 3
/** Shorter runs are not worth a click. */
const LEAST_FOLDED = 4
const MOST_NAMES = 5

export function prepareDiffItems(rows: readonly LineRow[], options: FoldOptions): readonly DiffItem[] {
  const sections = options.foldUnimportant && options.language === 'yaml' ? unimportantSections(rows) : null
  const kept = keptRows(rows, sections)
  const items: DiffItem[] = []
  let at = 0
  while (at < rows.length) {
    const end = foldEnd(rows, kept, sections, at)
    const section = sections?.[at] ?? null
    const id = `fold-${at}`
    const worthIt = section !== null || end - at >= LEAST_FOLDED
    if (end > at && worthIt && !options.opened.has(id)) {
      items.push({ kind: 'fold', id, fold: foldOf(rows, at, end, section) })
      at = end
      continue
    }
    for (const upTo = Math.max(end, at + 1); at < upTo; at++) {
      const row = rows[at]
      if (row !== undefined) items.push({ kind: 'row', id: `row-${at}`, row })
    }
  }
  return items
}

/** Where the fold that begins here ends; the place itself when none does. */
function foldEnd(
  rows: readonly LineRow[],
  kept: readonly boolean[],
  sections: readonly (string | null)[] | null,
  at: number,
): number {
  const section = sections?.[at] ?? null
  let end = at
  while (end < rows.length && kept[end] === false && (sections?.[end] ?? null) === section) end += 1
  return end
}

const isChanged = ({ left, right }: LineRow) => left?.changed === true || right?.changed === true

/** Rows that stay: changed ones, and a few around them. Unimportant sections never stay and are no context. */
function keptRows(rows: readonly LineRow[], sections: readonly (string | null)[] | null): readonly boolean[] {
  const kept = rows.map(() => false)
  rows.forEach((row, index) => {
    if (!isChanged(row) || (sections?.[index] ?? null) !== null) return
    for (let i = Math.max(0, index - CONTEXT); i <= Math.min(rows.length - 1, index + CONTEXT); i++) {
      if ((sections?.[i] ?? null) === null) kept[i] = true
    }
  })
  return kept
}

function foldOf(rows: readonly LineRow[], from: number, to: number, section: string | null): Fold {
  const inside = rows.slice(from, to)
  const names = section === null ? namesOf(inside) : [section]
  return {
    from,
    to,
    names: names.slice(0, MOST_NAMES),
    moreNames: Math.max(0, names.length - MOST_NAMES),
    unimportant: section !== null,
    changedLines: inside.filter(isChanged).length,
  }
}

/** The fields at the run's lowest indentation. */
function namesOf(rows: readonly LineRow[]): readonly string[] {
  let lowest = Number.POSITIVE_INFINITY
  let names: string[] = []
  for (const { left, right } of rows) {
    const match = /^(\s*)(?:- )?"?([A-Za-z_$][\w.$/-]*)"?\s*:/.exec(right?.text ?? left?.text ?? '')
    const indent = match?.[1]?.length
    const name = match?.[2]
    if (indent === undefined || name === undefined || indent > lowest) continue
    if (indent < lowest) {
      lowest = indent
      names = []
    }
    if (!names.includes(name)) names.push(name)
  }
  return names
}

const unimportantFields = ['managedFields', 'resourceVersion', 'selfLink'] as const

/** By row: the unimportant field it belongs to, or null. Kubernetes' own layout: metadata is indented by two. */
export function unimportantSections(rows: readonly LineRow[]): readonly (string | null)[] {
  const of = (side: 'left' | 'right') => sectionsOfSide(rows.map((row) => row[side]?.text ?? null))
  const left = of('left')
  const right = of('right')
  return rows.map((_, index) => {
    const [a, b] = [left[index] ?? null, right[index] ?? null]
    const row = rows[index]
    // A row that is unimportant on one side only is shown: the other side matters.
    if (row?.left !== null && row?.right !== null) return a === b ? a : null
    return a ?? b
  })
}

function sectionsOfSide(lines: readonly (string | null)[]): readonly (string | null)[] {
  let inMetadata = false
  let section: { readonly name: string; readonly indent: number } | null = null
  return lines.map((line) => {
    if (line === null) return section?.name ?? null
    const indent = line.length - line.trimStart().length
    if (
      section !== null &&
      (indent > section.indent || line === '' || line.startsWith(`${' '.repeat(section.indent)}- `))
    )
      return section.name
    section = null
    if (indent === 0) inMetadata = line.startsWith('metadata:')
    if (indent === 0 && line.startsWith('status:')) section = { name: 'status', indent }
    const field = inMetadata && indent === 2 ? unimportantFields.find((one) => line.startsWith(`  ${one}:`)) : undefined
    if (field !== undefined) section = { name: field, indent }
    return section?.name ?? null
  })
}

/** "14 lines, equal", "214 lines, folded as unimportant: 6 changed". */
export function foldWords({ from, to, unimportant, changedLines }: Fold): string {
  const lines = `${(to - from).toLocaleString('en-US')} ${to - from === 1 ? 'line' : 'lines'}`
  if (!unimportant) return `${lines}, equal`
  return `${lines}, folded as unimportant: ${changedLines === 0 ? 'unchanged' : `${changedLines.toLocaleString('en-US')} changed`}`
}

export type InlineLine =
  | { readonly kind: 'line'; readonly id: string; readonly side: 'equal' | 'removed' | 'added'; readonly row: LineRow }
  | { readonly kind: 'fold'; readonly id: string; readonly fold: Fold }

/** The same for one column: what was removed stands above what was added in its place. */
export function inlineItems(items: readonly DiffItem[]): readonly InlineLine[] {
  const lines: InlineLine[] = []
  let added: InlineLine[] = []
  const flush = () => {
    lines.push(...added)
    added = []
  }
  for (const item of items) {
    if (item.kind === 'fold' || !isChanged(item.row)) {
      flush()
      lines.push(item.kind === 'fold' ? item : { kind: 'line', id: item.id, side: 'equal', row: item.row })
      continue
    }
    if (item.row.left !== null) lines.push({ kind: 'line', id: `${item.id}-`, side: 'removed', row: item.row })
    if (item.row.right !== null) added.push({ kind: 'line', id: `${item.id}+`, side: 'added', row: item.row })
  }
  flush()
  return lines
}
