/** Figures inside sentences of evidence: at most two significant digits where more would only be noise. */

export function secondsWords(seconds: number): string {
  if (seconds >= 1) return `${trimmed(seconds)} s`
  const ms = seconds * 1000
  return ms >= 10 ? `${Math.round(ms)} ms` : `${trimmed(ms)} ms`
}

export const msWords = (ms: number) => secondsWords(ms / 1000)

export function countWords(count: number): string {
  return count >= 10 ? Math.round(count).toLocaleString('en-US') : trimmed(count)
}

export const percentWords = (share: number) => `${Math.round(share * 100)} %`

/** `1 heartbeat`, `3 heartbeats`. */
export function plural(count: number, noun: string): string {
  return `${countWords(count)} ${noun}${countWords(count) === '1' ? '' : 's'}`
}

export const clockWords = (ms: number) => new Date(ms).toISOString().slice(11, 19)

export function listWords(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

function trimmed(value: number): string {
  return String(Number(value.toPrecision(value >= 10 ? 3 : 2)))
}
