/**
 * Finds parts of a JSON text without changing a byte of the rest: numbers beyond 2^53, the order of fields and the
 * spelling of floats stay as the apiserver wrote them. Only for texts that `JSON.parse` has accepted.
 */

export interface Member {
  /** Where the name's quote stands. */
  readonly nameAt: number
  readonly from: number
  /** Behind the value. */
  readonly to: number
}

/** A member of the object that begins at `at`; null when it has none of that name. The last one counts, as in JSON.parse. */
export function memberOf(text: string, at: number, name: string): Member | null {
  const quoted = JSON.stringify(name)
  let found: Member | null = null
  let i = skipSpace(text, at + 1)
  while (text[i] === '"') {
    const nameEnd = stringEnd(text, i)
    const from = skipSpace(text, skipSpace(text, nameEnd) + 1)
    const to = valueEnd(text, from)
    if (nameEnd - i === quoted.length && text.startsWith(quoted, i)) found = { nameAt: i, from, to }
    i = skipSpace(text, to)
    if (text[i] !== ',') break
    i = skipSpace(text, i + 1)
  }
  return found
}

/** The elements of the array that begins at `at`. */
export function* elementsOf(text: string, at: number): Generator<{ readonly from: number; readonly to: number }> {
  let from = skipSpace(text, at + 1)
  while (from < text.length && text[from] !== ']') {
    const to = valueEnd(text, from)
    yield { from, to }
    const next = skipSpace(text, to)
    if (text[next] !== ',') return
    from = skipSpace(text, next + 1)
  }
}

/** The object without the member at `path`, its comma included. */
export function withoutMember(text: string, path: readonly string[]): string {
  let at = skipSpace(text, 0)
  let member: Member | null = null
  for (const name of path) {
    if (text[at] !== '{') return text
    member = memberOf(text, at, name)
    if (member === null) return text
    at = member.from
  }
  if (member === null) return text
  const after = skipSpace(text, member.to)
  if (text[after] === ',') return text.slice(0, member.nameAt) + text.slice(skipSpace(text, after + 1))
  const before = text.lastIndexOf(',', member.nameAt)
  const alone = text.slice(before + 1, member.nameAt).trim() !== ''
  return text.slice(0, alone ? member.nameAt : before) + text.slice(member.to)
}

function valueEnd(text: string, from: number): number {
  const first = text[from]
  if (first === '"') return stringEnd(text, from)
  if (first === '{' || first === '[') return containerEnd(text, from)
  let i = from
  while (i < text.length && !',]} \n\r\t'.includes(text[i] as string)) i++
  return i
}

function containerEnd(text: string, from: number): number {
  let depth = 0
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0x22) i = stringEnd(text, i) - 1
    else if (code === 0x7b || code === 0x5b) depth++
    else if (code === 0x7d || code === 0x5d) {
      depth--
      if (depth === 0) return i + 1
    }
  }
  return text.length
}

/** Behind the closing quote: one that an even number of backslashes stands before. */
function stringEnd(text: string, quote: number): number {
  for (let end = text.indexOf('"', quote + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0
    while (text[end - 1 - escapes] === '\\') escapes++
    if (escapes % 2 === 0) return end + 1
  }
  return text.length
}

function skipSpace(text: string, from: number): number {
  let i = from
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++
  return i
}
