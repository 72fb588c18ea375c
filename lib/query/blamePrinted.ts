import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from 'yaml'
import { textLines } from './blameText'
import type { BlameNode, LineBlame } from './blameTree'

/** Which part of the value a printed line shows. */
export interface PrintedLine<Origin> {
  readonly text: string
  /** Null when the line cannot be told to belong to one part. */
  readonly node: BlameNode<Origin> | null
  /** The line of a text with several, where it is one. */
  readonly line: LineBlame<Origin> | null
}

/** Parsing costs about ten times what printing does: longer texts keep their lines and lose their paths. */
const parsedLimitChars = 1024 * 1024

/**
 * The lines of a value printed as YAML or JSON with the parts that they show. The printed text itself is parsed, and
 * each part is put at the lines that the parser says it stands on, so that no rule of the printer is guessed.
 */
export function printedLines<Origin>(
  text: string,
  language: 'yaml' | 'json',
  root: BlameNode<Origin>,
): PrintedLine<Origin>[] {
  const texts = textLines(text)
  const found: Omit<PrintedLine<Origin>, 'text'>[] = texts.map(() => ({ node: null, line: null }))
  if (text.length <= parsedLimitChars) {
    const counter = new LineCounter()
    const document = parseDocument(text, {
      version: language === 'yaml' ? '1.1' : '1.2',
      lineCounter: counter,
      uniqueKeys: false,
      logLevel: 'silent',
    })
    if (document.contents !== null && document.errors.length === 0) place(document.contents, root, 0, counter, found)
  }
  return texts.map((line, i) => ({ text: line, node: null, line: null, ...found[i] }))
}

/** A value whose lines are what is blamed: text, a hex dump, a redacted one. */
export function plainLines<Origin>(text: string, root: BlameNode<Origin>): PrintedLine<Origin>[] {
  return textLines(text).map((line, i) => ({ text: line, node: root, line: root.lines?.[i] ?? null }))
}

type Found<Origin> = { node: BlameNode<Origin> | null; line: LineBlame<Origin> | null }[]

/** Parents first: what stands inside takes its lines over. `from` is the line of the field's name. */
function place<Origin>(
  parsed: ParsedNode,
  node: BlameNode<Origin>,
  from: number,
  counter: LineCounter,
  found: Found<Origin>,
): void {
  const [start, end] = parsed.range
  const last = counter.linePos(Math.max(start, end - 1)).line - 1
  for (let i = from; i <= last && i < found.length; i++) found[i] = { node, line: null }
  if (isMap(parsed)) {
    for (const { key, value } of parsed.items) {
      const child = isScalar(key) ? node.children.get(String(key.value)) : undefined
      if (child === undefined || value === null || !isScalar(key) || !key.range) continue
      place(value, child, counter.linePos(key.range[0]).line - 1, counter, found)
    }
  } else if (isSeq(parsed)) {
    parsed.items.forEach((item, i) => {
      const child = node.children.get(i)
      if (child !== undefined) place(item, child, counter.linePos(item.range[0]).line - 1, counter, found)
    })
  } else if (node.lines !== null) placeText(node, node.lines, from, last, found)
}

/** Block text: the field's line, then each line of the text on its own. Quoted text has no such lines. */
function placeText<Origin>(
  node: BlameNode<Origin>,
  lines: readonly LineBlame<Origin>[],
  from: number,
  last: number,
  found: Found<Origin>,
): void {
  if (last - from !== lines.length) return
  lines.forEach((line, i) => {
    found[from + 1 + i] = { node, line }
  })
}
