import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'

/** Line diffs are quadratic at worst and run on the server's event loop: past these bounds a plain one is made. */
const diffTimeoutMs = 150
const diffInputLimit = 512 * 1024
const contextLines = 3

/** A unified diff with three lines of context; empty when the texts are equal. */
export function unifiedDiff(before: string, after: string, names: { before: string; after: string }): string {
  if (before === after) return ''
  if (before.length + after.length <= diffInputLimit) {
    const options = { context: contextLines, timeout: diffTimeoutMs, headerOptions: FILE_HEADERS_ONLY }
    const patch = createTwoFilesPatch(names.before, names.after, before, after, undefined, undefined, options)
    if (patch !== undefined) return patch
  }
  return plainDiff(before, after, names)
}

/** One hunk around everything between the common head and the common tail: correct, not minimal, linear. */
export function plainDiff(before: string, after: string, names: { before: string; after: string }): string {
  const old = linesOf(before)
  const now = linesOf(after)
  const shorter = Math.min(old.length, now.length)
  let head = 0
  while (head < shorter && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1
  const start = Math.max(0, head - contextLines)
  const keep = Math.min(tail, contextLines)
  const oldCount = old.length - tail + keep - start
  const newCount = now.length - tail + keep - start
  return [
    `--- ${names.before}`,
    `+++ ${names.after}`,
    `@@ -${hunkStart(start, oldCount)},${oldCount} +${hunkStart(start, newCount)},${newCount} @@`,
    ...old.slice(start, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail, old.length - tail + keep).map((line) => ` ${line}`),
    '',
  ].join('\n')
}

/** An empty side starts at line 0 by the format's rule. */
function hunkStart(start: number, count: number): number {
  return count === 0 ? start : start + 1
}

function linesOf(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
