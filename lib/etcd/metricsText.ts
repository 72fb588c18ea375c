/**
 * Reads the Prometheus text that members serve under `/metrics`. A member's text has 1,500 to 2,500 lines, most of
 * them never wanted, so a line's name is looked up before anything else of it is read.
 */

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'

export interface MetricFamily {
  readonly name: string
  /** As the text says; etcd exposes several counts as gauges. */
  readonly type: MetricType
  readonly series: readonly MetricSeries[]
}

export interface MetricSeries {
  /** Without `le`. */
  readonly labels: Readonly<Record<string, string>>
  /** Of a histogram: its count. May be NaN. */
  readonly value: number
  readonly histogram?: HistogramSample
}

export interface HistogramSample {
  /** Upper bounds, ascending, the last `Infinity`. */
  readonly bounds: readonly number[]
  /** Observations at or below each bound. */
  readonly cumulative: readonly number[]
  readonly sum: number
}

type Part = 'value' | 'bucket' | 'sum' | 'count'

interface Growing {
  readonly labels: Record<string, string>
  value: number
  bounds: number[]
  cumulative: number[]
  sum: number
}

interface GrowingFamily {
  readonly name: string
  readonly type: MetricType
  readonly series: Map<string, Growing>
}

/** The families in `wanted` (null: all), in the order of the text. Lines that cannot be read are left out. */
export function parseMetricsText(text: string, wanted: ReadonlySet<string> | null): MetricFamily[] {
  const families = new Map<string, GrowingFamily>()
  const parts = new Map<string, { family: GrowingFamily; part: Part }>()
  const register = (name: string, type: MetricType) => {
    const family: GrowingFamily = { name, type, series: new Map() }
    families.set(name, family)
    if (type !== 'histogram') parts.set(name, { family, part: 'value' })
    if (type === 'histogram') parts.set(`${name}_bucket`, { family, part: 'bucket' })
    if (type === 'histogram' || type === 'summary') {
      parts.set(`${name}_sum`, { family, part: 'sum' })
      parts.set(`${name}_count`, { family, part: 'count' })
    }
  }
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    if (text.startsWith('#', start)) {
      const type = typeLine(text, start, end)
      if (type && (!wanted || wanted.has(type.name)) && !families.has(type.name)) register(type.name, type.type)
    } else if (end > start) {
      const nameEnd = endOfName(text, start, end)
      const name = text.slice(start, nameEnd)
      if (!parts.has(name) && (wanted ? wanted.has(name) : true) && !families.has(name)) register(name, 'untyped')
      const place = parts.get(name)
      if (place) addSample(text, nameEnd, end, place.family, place.part)
    }
    start = end + 1
  }
  return [...families.values()].filter((family) => family.series.size > 0).map(finished)
}

function typeLine(text: string, start: number, end: number): { name: string; type: MetricType } | null {
  if (!text.startsWith('# TYPE ', start)) return null
  const [name, type] = text
    .slice(start + 7, end)
    .trim()
    .split(' ')
  return name && isMetricType(type) ? { name, type } : null
}

function isMetricType(type: string | undefined): type is MetricType {
  return type === 'counter' || type === 'gauge' || type === 'histogram' || type === 'summary' || type === 'untyped'
}

function endOfName(text: string, start: number, end: number): number {
  for (let i = start; i < end; i++) {
    const char = text.charCodeAt(i)
    if (char === 0x7b || char === 0x20) return i
  }
  return end
}

function addSample(text: string, from: number, end: number, family: GrowingFamily, part: Part): void {
  const labels: Record<string, string> = {}
  const valueAt = text.charCodeAt(from) === 0x7b ? readLabels(text, from + 1, end, labels) : from
  if (valueAt === -1) return
  // A time stamp may follow the value; etcd writes none.
  const value = numberOf(text.slice(valueAt, end).trim().split(' ')[0])
  if (value === null) return
  const bound = part === 'bucket' ? numberOf(labels.le) : null
  if (part === 'bucket') {
    if (bound === null) return
    delete labels.le
  }
  const id = JSON.stringify(labels)
  let series = family.series.get(id)
  if (!series) {
    series = { labels, value: Number.NaN, bounds: [], cumulative: [], sum: Number.NaN }
    family.series.set(id, series)
  }
  if (bound !== null) {
    series.bounds.push(bound)
    series.cumulative.push(value)
  } else if (part === 'sum') series.sum = value
  else series.value = value
}

/** Fills `labels`; answers where the value begins, or -1 when the line is broken. */
function readLabels(text: string, from: number, end: number, labels: Record<string, string>): number {
  let at = from
  while (at < end) {
    if (text.charCodeAt(at) === 0x7d) return at + 1
    const equals = text.indexOf('="', at)
    if (equals === -1 || equals >= end) return -1
    const name = text.slice(at, equals).trim()
    let close = equals + 2
    while (close < end && text.charCodeAt(close) !== 0x22) close += text.charCodeAt(close) === 0x5c ? 2 : 1
    if (close >= end) return -1
    const raw = text.slice(equals + 2, close)
    labels[name] = raw.includes('\\') ? raw.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char)) : raw
    at = close + 1
    if (text.charCodeAt(at) === 0x2c) at++
  }
  return -1
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (text === 'NaN') return Number.NaN
  const value = Number(text)
  return Number.isNaN(value) ? null : value
}

function finished({ name, type, series }: GrowingFamily): MetricFamily {
  const points = [...series.values()].map(({ labels, value, bounds, cumulative, sum }) =>
    type === 'histogram' ? { labels, value, histogram: { bounds, cumulative, sum } } : { labels, value },
  )
  return { name, type, series: points }
}
