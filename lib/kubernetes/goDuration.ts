/** Nanoseconds as Go prints a time.Duration: `1h0m0s`, `1.5s`, `250ms`, `0s`. */
export function goDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (size < 1_000n) return `${sign}${size}ns`
  if (size < 1_000_000n) return `${sign}${decimal(size, 1_000n)}µs`
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 1_000_000n)}ms`
  const seconds = decimal(size % 60_000_000_000n, 1_000_000_000n)
  const minutes = size / 60_000_000_000n
  if (minutes === 0n) return `${sign}${seconds}s`
  const hours = minutes / 60n
  return hours === 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${hours}h${minutes % 60n}m${seconds}s`
}

function decimal(value: bigint, unit: bigint): string {
  const rest = (value % unit)
    .toString()
    .padStart(unit.toString().length - 1, '0')
    .replace(/0+$/, '')
  return rest === '' ? `${value / unit}` : `${value / unit}.${rest}`
}
