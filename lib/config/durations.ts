const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** `500ms`, `1s`, `5m`, `1h` in milliseconds; null when it is written another way. */
export function durationMs(text: string): number | null {
  const match = /^(\d{1,9})(ms|s|m|h)$/.exec(text)
  if (match === null) return null
  const unit = match[2]
  if (unit !== 'ms' && unit !== 's' && unit !== 'm' && unit !== 'h') return null
  return Number(match[1]) * unitMs[unit]
}
