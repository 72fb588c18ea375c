import { type Scrape, type ScrapedSeries, seriesKey, sortedLabels } from '../../collector/members/scrape'
import { processStartMetric } from '../../collector/members/wantedMetrics'
import type { ImportedSeries } from './importedSeries'

/**
 * The samples of one target put together again as the scrapes that they came from: Prometheus gives all samples of one
 * scrape the same time. From there on they are what the collector makes of its own scrapes.
 */

/** Times and values of one series, in the order of the file until they are sorted. */
export class Column {
  readonly series: ImportedSeries
  #times: number[] = []
  #values: number[] = []
  #at = 0

  constructor(series: ImportedSeries) {
    this.series = series
  }

  push(atMs: number, value: number): void {
    this.#times.push(atMs)
    this.#values.push(value)
  }

  /** Of several values of one moment the last one in the file counts. */
  sort(): void {
    if (this.#times.every((time, at) => at === 0 || time > (this.#times[at - 1] ?? 0))) return
    const values = new Map(this.#times.map((time, at) => [time, this.#values[at] ?? Number.NaN]))
    this.#times = [...values.keys()].sort((a, b) => a - b)
    this.#values = this.#times.map((time) => values.get(time) ?? Number.NaN)
  }

  get times(): readonly number[] {
    return this.#times
  }

  /** The value at that moment, or undefined; moments must be asked in order. */
  valueAt(atMs: number): number | undefined {
    while ((this.#times[this.#at] ?? Number.POSITIVE_INFINITY) < atMs) this.#at += 1
    return this.#times[this.#at] === atMs ? this.#values[this.#at] : undefined
  }
}

export interface ImportedMember {
  readonly id: string
  readonly name: string
}

/** In order of time. `names`: member ids to names, for the labels of peers. */
export function* scrapesOf(
  columns: readonly Column[],
  member: ImportedMember,
  names: ReadonlyMap<string, string>,
): Generator<Scrape> {
  for (const column of columns) column.sort()
  const families = familiesOf(columns, member, names)
  const start = columns.find(({ series }) => series.metric === processStartMetric)
  const moments = [...new Set(columns.flatMap(({ times }) => times))].sort((a, b) => a - b)
  for (const atMs of moments) {
    const series = new Map<string, ScrapedSeries>()
    for (const family of families) {
      const scraped = family.at(atMs)
      if (scraped !== null) series.set(family.key, scraped)
    }
    yield { atMs, processStart: finite(start?.valueAt(atMs)), series }
  }
}

interface Family {
  readonly key: string
  at(atMs: number): ScrapedSeries | null
}

/** Peers are hex ids in the text, and names in the record; as the collector keeps them. */
const peerLabels: Readonly<Record<string, string | null>> = { To: 'to', From: 'from', Remote: 'to', Local: null }

function familiesOf(columns: readonly Column[], member: ImportedMember, names: ReadonlyMap<string, string>): Family[] {
  const grouped = new Map<string, { labels: Record<string, string>; columns: Column[] }>()
  for (const column of columns) {
    const own: Record<string, string> = {}
    for (const [label, value] of Object.entries(column.series.labels)) {
      const renamed = peerLabels[label]
      if (renamed === null) continue
      if (renamed === undefined) own[label] = value
      else own[renamed] = names.get(value) ?? value
    }
    const labels = sortedLabels({ ...own, member: member.name, member_id: member.id })
    const key = seriesKey(column.series.metric, labels)
    const group = grouped.get(key) ?? { labels, columns: [] }
    grouped.set(key, group)
    group.columns.push(column)
  }
  return [...grouped].flatMap(([key, { labels, columns: own }]) => {
    const first = own[0]
    if (first === undefined) return []
    return [first.series.wanted.kind === 'histogram' ? histogramOf(key, labels, own) : plainOf(key, labels, first)]
  })
}

function plainOf(key: string, labels: Record<string, string>, column: Column): Family {
  const { metric, wanted } = column.series
  return {
    key,
    at(atMs) {
      const value = column.valueAt(atMs)
      if (value === undefined || Number.isNaN(value)) return null
      return { metric, kind: wanted.kind, labels, value, ...(wanted.zeroIsUnset === true ? { zeroIsUnset: true } : {}) }
    },
  }
}

/** A moment at which a bucket is missing is no whole histogram, and is left out. */
function histogramOf(key: string, labels: Record<string, string>, columns: readonly Column[]): Family {
  const buckets = columns
    .flatMap((column) => (column.series.bound === null ? [] : [{ bound: column.series.bound, column }]))
    .sort((a, b) => a.bound - b.bound)
  const sums = columns.find(({ series }) => series.part === 'sum')
  const metric = columns[0]?.series.metric ?? ''
  return {
    key,
    at(atMs) {
      const sum = sums?.valueAt(atMs)
      const found = buckets.flatMap(({ bound, column }) => {
        const value = column.valueAt(atMs)
        return value === undefined || Number.isNaN(value) ? [] : [{ bound, value }]
      })
      const top = found.at(-1)
      if (top?.bound !== Number.POSITIVE_INFINITY || sum === undefined || Number.isNaN(sum)) return null
      const histogram = { bounds: found.map(({ bound }) => bound), cumulative: found.map(({ value }) => value), sum }
      return { metric, kind: 'histogram', labels, value: top.value, histogram }
    },
  }
}

function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value
}
