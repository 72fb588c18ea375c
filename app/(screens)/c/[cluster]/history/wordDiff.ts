import { diffArrays } from 'diff'

/** Which words of a replaced line or value differ. Pure and bounded: it runs while somebody scrolls. */

export interface WordPart {
  readonly text: string
  readonly changed: boolean
}

export interface WordDiff {
  readonly before: readonly WordPart[]
  readonly after: readonly WordPart[]
}

/** Longer texts are compared by their common head and tail only, which is linear. */
const MOST_CHARS = 4000
const MOST_EDITS = 200
/** With less in common than this share, two texts are simply two texts. */
const LEAST_COMMON = 0.15
const LONG_WORD = 40

/** A value may be one line of a megabyte: what is drawn of it is this much around the first difference. */
const MOST_DRAWN = 2000
const BEFORE_DIFFERENCE = 120

/** The words of a replaced line, cut to a stretch around the difference where it is long. */
export function lineWords(before: string, after: string): WordDiff {
  if (Math.max(before.length, after.length) <= MOST_DRAWN) return wordDiff(before, after)
  const start = Math.max(0, commonHead(before, after) - BEFORE_DIFFERENCE)
  const lead = start === 0 ? [] : plain(`… ${start.toLocaleString('en-US')} equal characters … `)
  const tail = (text: string) => {
    const left = text.length - start - MOST_DRAWN
    return left > 0 ? plain(` … ${left.toLocaleString('en-US')} more characters`) : []
  }
  const cut = (text: string) => text.slice(start, start + MOST_DRAWN)
  const words = wordDiff(cut(before), cut(after))
  return {
    before: [...lead, ...words.before, ...tail(before)],
    after: [...lead, ...words.after, ...tail(after)],
  }
}

function commonHead(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let head = 0
  while (head < shorter && a[head] === b[head]) head += 1
  return head
}

/** Versions and paths' segments are words: `1.9.3`, `spec`, `400m`. */
const tokens = (text: string): string[] => text.match(/[\s"'=,:;/[\]{}()<>]|[^\s"'=,:;/[\]{}()<>]+/g) ?? []

export function wordDiff(before: string, after: string): WordDiff {
  if (before === after) return { before: plain(before), after: plain(after) }
  if (before.length + after.length > MOST_CHARS) return endsDiff(before, after)
  const steps = diffArrays(tokens(before), tokens(after), { maxEditLength: MOST_EDITS })
  if (steps === undefined) return endsDiff(before, after)
  const common = steps.reduce((sum, step) => (step.added || step.removed ? sum : sum + inked(step.value)), 0)
  if (common < LEAST_COMMON * Math.max(inked([before]), inked([after]))) {
    // One long word, as base64 is: its letters are compared instead.
    const longest = Math.max(before.length, after.length)
    const ends = commonHead(before, after) + commonTail(before, after)
    return longest > LONG_WORD && ends > longest / 2
      ? endsDiff(before, after)
      : { before: whole(before), after: whole(after) }
  }
  const side = (leaveOut: 'added' | 'removed') =>
    joined(
      steps.filter((step) => !step[leaveOut]).map((s) => ({ text: s.value.join(''), changed: s.added || s.removed })),
    )
  return { before: side('added'), after: side('removed') }
}

/** Letters that a reader sees: shared spaces and punctuation make no two lines alike. */
const inked = (parts: readonly string[]) => parts.join('').replace(/[\s"'=,:;/[\]{}()<>]/g, '').length

const plain = (text: string): readonly WordPart[] => (text === '' ? [] : [{ text, changed: false }])
const whole = (text: string): readonly WordPart[] => (text === '' ? [] : [{ text, changed: true }])

function commonTail(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  let tail = 0
  while (tail < shorter && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  return tail
}

function endsDiff(before: string, after: string): WordDiff {
  const head = commonHead(before, after)
  // Head and tail must not overlap in the shorter text: `aa` in `aaa`.
  const tail = Math.min(commonTail(before, after), Math.min(before.length, after.length) - head)
  const cut = (text: string) => [
    ...plain(text.slice(0, head)),
    ...whole(text.slice(head, text.length - tail)),
    ...plain(text.slice(text.length - tail)),
  ]
  return { before: cut(before), after: cut(after) }
}

/** Neighbours of the same sort become one; a space between two changed words belongs to them. */
function joined(parts: readonly WordPart[]): readonly WordPart[] {
  const out: { text: string; changed: boolean }[] = []
  parts.forEach((part, index) => {
    const changed =
      part.changed || (part.text === ' ' && parts[index - 1]?.changed === true && parts[index + 1]?.changed === true)
    const last = out[out.length - 1]
    if (last !== undefined && last.changed === changed) last.text += part.text
    else out.push({ text: part.text, changed })
  })
  return out
}
