import { diffArrays } from 'diff'

/** Two texts with more differences than this are taken to differ in everything between their common ends. */
const editLimit = 1_000
const timeoutMs = 50

/** The line break at the end ends the last line and begins none. */
export function textLines(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** For each line of `newer` the index of the same line in `older`, or -1: a longest common run, within bounds. */
export function matchLines(older: readonly string[], newer: readonly string[]): Int32Array {
  const places = new Int32Array(newer.length).fill(-1)
  const shorter = Math.min(older.length, newer.length)
  let head = 0
  while (head < shorter && older[head] === newer[head]) places[head] = head++
  let tail = 0
  while (tail < shorter - head && older[older.length - 1 - tail] === newer[newer.length - 1 - tail]) {
    tail += 1
    places[newer.length - tail] = older.length - tail
  }
  matchMiddle(older.slice(head, older.length - tail), newer.slice(head, newer.length - tail), places, head)
  return places
}

function matchMiddle(older: string[], newer: string[], places: Int32Array, offset: number): void {
  if (older.length === 0 || newer.length === 0) return
  const steps = diffArrays(older, newer, { maxEditLength: editLimit, timeout: timeoutMs })
  let [old, now] = [0, 0]
  for (const { count, added, removed } of steps ?? []) {
    if (!added && !removed) for (let i = 0; i < count; i++) places[offset + now + i] = offset + old + i
    if (!added) old += count
    if (!removed) now += count
  }
}
