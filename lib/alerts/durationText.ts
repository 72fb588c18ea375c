const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** As PromQL writes durations: `1h30m`, `0s`. */
export function durationText(ms: number): string {
  let rest = ms
  let text = ''
  for (const [unit, widthMs] of units) {
    const count = Math.floor(rest / widthMs)
    if (count > 0) text += `${count}${unit}`
    rest -= count * widthMs
  }
  return text === '' ? '0s' : text
}
