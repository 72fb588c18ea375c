import type { CodeLine, Token } from './codeLines'

/**
 * JSON laid out with two spaces from its own tokens, not from a parsed value: numbers beyond 2^53, repeated names and
 * the order of names stay as they were written. The text must be valid JSON; one that was cut gives what is there.
 */
export function printJson(text: string): readonly CodeLine[] {
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? []
  const lines: CodeLine[] = []
  let open: Token[] = []
  let depth = 0
  const newLine = (nextDepth: number) => {
    lines.push({ indent: depth * 2, tokens: open })
    open = []
    depth = Math.max(0, nextDepth)
  }
  tokens.forEach((token, i) => {
    const next = tokens[i + 1]
    if (token === '{' || token === '[') {
      open.push(['mark', token])
      if (next !== '}' && next !== ']') newLine(depth + 1)
    } else if (token === '}' || token === ']') {
      const before = tokens[i - 1]
      if (before !== '{' && before !== '[') newLine(depth - 1)
      open.push(['mark', token])
    } else if (token === ',') {
      open.push(['mark', ','])
      newLine(depth)
    } else if (token === ':') open.push(['mark', ': '])
    else open.push([kindOf(token, next), token])
  })
  lines.push({ indent: depth * 2, tokens: open })
  return lines
}

function kindOf(token: string, next: string | undefined): Token[0] {
  if (token.startsWith('"')) return next === ':' ? 'key' : 'string'
  return /^[-\d]/.test(token) ? 'number' : 'word'
}
