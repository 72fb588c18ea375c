import type { BlameAnswer } from '../../../../../../lib/contract'
import { unimportantSections } from './prepareFolds'

/**
 * The lines of a value as blame shows them: runs of lines of one version named once, each version's age as one of
 * four steps, the fields that differ with every write behind one line. Pure.
 */
export type BlameItem =
  | {
      readonly kind: 'line'
      readonly id: string
      /** From 1. */
      readonly number: number
      readonly line: BlameLine
      /** The first line of its run: it names the version. */
      readonly first: boolean
      readonly age: Age
    }
  | { readonly kind: 'fold'; readonly id: string; readonly name: string; readonly lines: number }

export type BlameLine = BlameAnswer['lines'][number]
/** 3: the newest in this value; 0: the oldest, and what is older than was looked at. */
export type Age = 0 | 1 | 2 | 3

export interface BlameOptions {
  readonly foldUnimportant: boolean
  readonly opened: ReadonlySet<string>
}

type Blamed = { readonly lines: readonly BlameLine[] } & Pick<BlameAnswer, 'language'>

export function prepareBlame({ lines, language }: Blamed, { foldUnimportant, opened }: BlameOptions): BlameItem[] {
  const sections = foldUnimportant && language === 'yaml' ? sectionsOf(lines) : null
  const ageOf = agesOf(lines)
  const items: BlameItem[] = []
  let before: BlameLine | null = null
  for (let at = 0; at < lines.length; ) {
    const name = sections?.[at] ?? null
    const id = `fold-${at}`
    let end = at
    while (name !== null && end < lines.length && sections?.[end] === name) end += 1
    if (name !== null && !opened.has(id)) {
      items.push({ kind: 'fold', id, name, lines: end - at })
      before = null
      at = end
      continue
    }
    for (const upTo = Math.max(end, at + 1); at < upTo; at++) {
      const line = lines[at]
      if (line === undefined) continue
      const first = before === null || before.revision !== line.revision || before.afterGap !== line.afterGap
      items.push({ kind: 'line', id: `line-${at}`, number: at + 1, line, first, age: ageOf(line) })
      before = line
    }
  }
  return items
}

function sectionsOf(lines: readonly BlameLine[]): readonly (string | null)[] {
  return unimportantSections(
    lines.map(({ text }, i) => ({ left: null, right: { number: i + 1, text, changed: false } })),
  )
}

/** By the version's place between the oldest and the newest of this value: hours here, years there. */
function agesOf(lines: readonly BlameLine[]): (line: BlameLine) => Age {
  const times = [...new Set(lines.flatMap(({ at }) => (at === null ? [] : [Date.parse(at)])))].sort((a, b) => a - b)
  const places = new Map(times.map((ms, place) => [ms, place]))
  return ({ at }) => {
    const place = at === null ? undefined : places.get(Date.parse(at))
    if (place === undefined || times.length < 2) return 0
    const share = place / (times.length - 1)
    return share === 1 ? 3 : share > 0.5 ? 2 : share > 0 ? 1 : 0
  }
}
