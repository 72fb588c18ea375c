/**
 * Values filled into the texts of people: annotations of rules and messages of channels. `{{ name }}`, and as in
 * Prometheus `{{ $name }}`; `labels.NAME` is a label, empty when the alert has none of that name. Nothing is executed,
 * and what was filled in is never read as a template again.
 */
const place = /\{\{\s*\$?([A-Za-z_][A-Za-z0-9_]*)(?:\.([A-Za-z_][A-Za-z0-9_]*))?\s*\}\}/g

/** Longer texts are cut: many short places of one long value would otherwise make any size. */
const filledLimit = 32_000

export interface TemplateValues {
  /** By name: `value`, `threshold`, `cluster`, … */
  readonly plain: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
}

/** A place whose name is not known stays as it was written, so that the mistake is seen. */
export function fillTemplate(text: string, { plain, labels }: TemplateValues): string {
  const filled = text.replace(place, (written, name: string, part: string | undefined) => {
    if (part === undefined) return own(plain, name) ?? written
    return name === 'labels' ? (own(labels, part) ?? '') : written
  })
  return filled.length > filledLimit ? `${filled.slice(0, filledLimit)}…` : filled
}

/** The first place that can never be filled in, as it was written; null when there is none. */
export function unknownPlace(text: string, names: readonly string[]): string | null {
  for (const [written, name = '', part] of text.matchAll(place)) {
    if (part === undefined ? !names.includes(name) : name !== 'labels') return written
  }
  return null
}

function own(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

/** A measured value in the units that people read; the exact number is what rules compare. */
export function valueText(value: number | null, unit: string): string {
  if (value === null || Number.isNaN(value)) return 'no data'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (unit === 'bytes') return scaled(value)
  if (unit === 'bytes/s') return `${scaled(value)}/s`
  if (unit === '1/s') return `${short(value)}/s`
  if (unit === 'seconds' && Math.abs(value) < 1 && value !== 0) return `${short(value * 1_000)} ms`
  if (unit === 'seconds') return `${short(value)} s`
  if (unit === 'ratio' || unit === 'count' || unit === '') return short(value)
  return `${short(value)} ${unit}`
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

function scaled(value: number): string {
  let size = value
  let step = 0
  for (; Math.abs(size) >= 1024 && step < sizes.length - 1; step++) size /= 1024
  return `${short(size)} ${sizes[step]}`
}

/** Three digits that count; whole numbers whole. */
function short(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)))
}
