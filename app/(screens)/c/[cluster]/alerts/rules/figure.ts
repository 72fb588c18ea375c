import { formatMetric } from '../../../../../_client/format'

/**
 * Thresholds as people write them: "500 ms", "8 GiB", "95 %", "5". The figure is kept in the unit that the API names
 * (seconds, bytes, a share of 1, a count). Pure.
 */

type Factors = readonly (readonly [suffix: string, factor: number])[]

const durations: Factors = [
  ['us', 1e-6],
  ['ms', 1e-3],
  ['s', 1],
  ['min', 60],
  ['h', 3600],
  ['d', 86_400],
  ['days', 86_400],
  ['day', 86_400],
]
const bytes: Factors = [
  ['b', 1],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
  ['tib', 1024 ** 4],
]
const factorsOf: Readonly<Record<string, Factors>> = {
  seconds: durations,
  bytes,
  'bytes/s': bytes.map(([suffix, factor]) => [`${suffix}/s`, factor] as const),
  ratio: [['%', 0.01]],
  '1/s': [['/s', 1]],
}

/** The figure in the API's unit; null when it cannot be read. Without a suffix it is in that unit already. */
export function parseFigure(text: string, unit: string): number | null {
  const match = /^\s*(-?\d+(?:[.,]\d+)?(?:e-?\d+)?)\s*([a-z%/]*)\s*$/i.exec(text)
  if (match === null) return null
  const number = Number((match[1] ?? '').replace(',', '.'))
  const suffix = (match[2] ?? '').toLowerCase()
  if (!Number.isFinite(number)) return null
  if (suffix === '') return number
  const factor = (factorsOf[unit] ?? []).find(([name]) => name === suffix)?.[1]
  return factor === undefined ? null : Number((number * factor).toPrecision(12))
}

/** What `parseFigure` reads back as exactly the same value; rounded words only where nothing is lost. */
export function figureText(value: number, unit: string): string {
  const words = formatMetric(value, unit)
  return parseFigure(words, unit) === value ? words : String(value)
}
