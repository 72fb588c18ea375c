/** Printed values as lines of tokens: the printer knows what each part is, so nothing has to be guessed afterwards. */

export type TokenKind = 'plain' | 'key' | 'string' | 'number' | 'word' | 'mark'
export type Token = readonly [kind: TokenKind, text: string]

export interface CodeLine {
  /** Spaces before the first token. */
  readonly indent: number
  readonly tokens: readonly Token[]
  /** The line above was cut here: it goes on. */
  readonly goesOn?: boolean
}

export const lineText = (line: CodeLine): string =>
  ' '.repeat(line.indent) + line.tokens.map(([, text]) => text).join('')

/** The whole text, as it is copied. */
export function codeText(lines: readonly CodeLine[]): string {
  const parts: string[] = []
  lines.forEach((line, index) => {
    if (index > 0 && line.goesOn !== true) parts.push('\n')
    parts.push(lineText(line))
  })
  return parts.join('')
}

export function textLines(text: string): readonly CodeLine[] {
  return text.split('\n').map((line) => ({ indent: 0, tokens: line === '' ? [] : [['plain', line]] }))
}

/** A browser lays out no line of a megabyte: longer ones are cut into pieces that follow each other. */
export const LONGEST_LINE = 1000

export function breakLong(lines: readonly CodeLine[], longest = LONGEST_LINE): readonly CodeLine[] {
  return lines.flatMap((line) => (isLong(line, longest) ? pieces(line, longest) : [line]))
}

const isLong = (line: CodeLine, longest: number) =>
  line.tokens.reduce((length, [, text]) => length + text.length, 0) > longest

function pieces(line: CodeLine, longest: number): CodeLine[] {
  const found: CodeLine[] = []
  let tokens: Token[] = []
  let room = longest
  const close = () => {
    found.push(found.length === 0 ? { indent: line.indent, tokens } : { indent: 0, tokens, goesOn: true })
    tokens = []
    room = longest
  }
  for (const [kind, text] of line.tokens) {
    for (let at = 0; at < text.length; ) {
      if (room === 0) close()
      const piece = text.slice(at, at + cut(text, at, room))
      tokens.push([kind, piece])
      at += piece.length
      room = Math.max(0, room - piece.length)
    }
  }
  close()
  return found
}

/** Never between the two halves of one character. */
function cut(text: string, at: number, room: number): number {
  const last = text.charCodeAt(at + room - 1)
  return last >= 0xd800 && last <= 0xdbff && at + room < text.length ? room + 1 : room
}
