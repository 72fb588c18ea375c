/**
 * One line of OpenMetrics or of Prometheus' text, with its time: `name{labels} value time`. What the labels say is read
 * once for each series, as thousands of lines follow that differ in value and time alone.
 */

export interface ExposedSeries {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

/** A line that cannot be read, with the reason as the end of a sentence. */
export class LineFault extends Error {}

export interface Sample<T> {
  readonly series: T
  readonly value: number
  readonly atMs: number
}

/** Times of OpenMetrics are seconds, those of Prometheus' text milliseconds: these would be seconds of the year 5138. */
const leastMs = 100_000_000_000
/** Distinct series of one text; each stays in memory. */
const seriesLimit = 500_000

export class LineReader<T> {
  readonly #of: (series: ExposedSeries) => T
  readonly #known = new Map<string, T>()

  /** `of` makes of a series whatever the caller wants to know of it, once. */
  constructor(of: (series: ExposedSeries) => T) {
    this.#of = of
  }

  /** Null for comments and empty lines. Throws LineFault. */
  read(line: string): Sample<T> | null {
    if (line.length === 0 || line.startsWith('#') || line.trim() === '') return null
    const exemplar = line.indexOf(' # ')
    const text = (exemplar === -1 || isQuoted(line, exemplar) ? line : line.slice(0, exemplar)).trimEnd()
    const close = text.lastIndexOf('}')
    const end = close === -1 ? text.indexOf(' ') : close + 1
    if (end <= 0) throw new LineFault('it is no metric with a value')
    const [value, time, more] = text.slice(end).trim().split(/\s+/)
    if (value === undefined || value === '') throw new LineFault('it has no value')
    if (time === undefined) throw new LineFault('it has no time, so nobody knows when that was')
    if (more !== undefined) throw new LineFault('there is more than a value and a time')
    return { series: this.#seriesOf(text.slice(0, end)), value: numberOf(value, 'value'), atMs: timeOf(time) }
  }

  #seriesOf(text: string): T {
    if (this.#known.has(text)) return this.#known.get(text) as T // `has` was true: it is a T
    if (this.#known.size >= seriesLimit) throw new LineFault(`it is series ${seriesLimit + 1}, and more are not read`)
    const made = this.#of(seriesOf(text))
    this.#known.set(text, made)
    return made
  }
}

/** Whether a place lies between quotes of a label's value. */
function isQuoted(line: string, at: number): boolean {
  let quoted = false
  for (let i = 0; i < at; i++) {
    const char = line[i]
    if (char === '\\' && quoted) i++
    else if (char === '"') quoted = !quoted
  }
  return quoted
}

function numberOf(text: string, what: string): number {
  if (text === 'NaN') return Number.NaN
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY
  if (text === '-Inf') return Number.NEGATIVE_INFINITY
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) {
    throw new LineFault(`its ${what} ${JSON.stringify(text.slice(0, 40))} is no number`)
  }
  return Number(text)
}

function timeOf(text: string): number {
  const time = numberOf(text, 'time')
  const ms = Math.abs(time) < leastMs ? Math.round(time * 1000) : Math.round(time)
  if (!Number.isSafeInteger(ms) || ms <= 0) throw new LineFault(`its time ${JSON.stringify(text.slice(0, 40))} is none`)
  return ms
}

const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,|$)/y

function seriesOf(text: string): ExposedSeries {
  const brace = text.indexOf('{')
  const inFront = (brace === -1 ? text : text.slice(0, brace)).trim()
  const labels: Record<string, string> = {}
  const inner = brace === -1 ? '' : text.slice(brace + 1, -1)
  for (label.lastIndex = 0; inner.slice(label.lastIndex).trim() !== ''; ) {
    const found = label.exec(inner)
    if (found === null) throw new LineFault('its labels cannot be read')
    labels[found[1] ?? ''] = unescaped(found[2] ?? '')
  }
  // A dump of Prometheus' database gives the name among the labels.
  const { __name__: within, ...own } = labels
  const name = inFront === '' && within !== undefined ? within : inFront
  if (!metricName.test(name)) throw new LineFault(`${JSON.stringify(name.slice(0, 80))} is no name of a metric`)
  return { name, labels: own }
}

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, (_, char) => (char === 'n' ? '\n' : char)) : text
}
