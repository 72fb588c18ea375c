/**
 * JSON text laid out with two spaces, token by token: numbers beyond 2^53, repeated keys and the order of keys stay
 * as they were written, which parsing and printing again would change. The input must be valid JSON.
 */
export function indentJson(text: string): string {
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? []
  const out: string[] = []
  let depth = 0
  const newLine = () => `\n${'  '.repeat(depth)}`
  tokens.forEach((token, i) => {
    const next = tokens[i + 1]
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']'
      if (!empty) depth++
      out.push(token, empty ? '' : newLine())
    } else if (token === '}' || token === ']') {
      const before = tokens[i - 1]
      if (before !== '{' && before !== '[') {
        depth--
        out.push(newLine())
      }
      out.push(token)
    } else if (token === ',') out.push(token, newLine())
    else if (token === ':') out.push(': ')
    else out.push(token)
  })
  return `${out.join('')}\n`
}
