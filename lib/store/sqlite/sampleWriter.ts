import { codeOf, kindCodes } from '../codes'
import { encodeHistogram } from '../histogram'
import type { SampleInput } from '../store'
import type { PulseWriter } from './pulses'
import { numberOf, type Statements } from './statements'

/** Writes one scrape's samples; each call runs inside one transaction of its caller. */
export interface SampleWriter {
  write(clusterId: number, atMs: number, samples: readonly SampleInput[]): void
  forgetAll(): void
}

/** Series are bounded by members times metrics; what a hostile /metrics makes up must not fill the memory. */
const keptSeries = 50_000

export function createSampleWriter(statements: Statements, pulses: PulseWriter): SampleWriter {
  const ids = new Map<string, number>()
  const select = statements.raw(
    'SELECT id FROM series WHERE cluster_id = ? AND metric = ? AND labels = ? AND kind = ? AND bounds = ?',
  )
  const insert = statements.run('INSERT INTO series (cluster_id, metric, labels, kind, bounds) VALUES (?, ?, ?, ?, ?)')
  const insertSample = statements.run(
    `INSERT INTO sample (series_id, t_ms, value, span_ms, histogram) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET value = excluded.value, span_ms = excluded.span_ms, histogram = excluded.histogram`,
  )

  function seriesId(clusterId: number, sample: SampleInput): number {
    const labels = labelsText(sample.labels)
    const bounds = boundsText(sample.histogram?.bounds ?? [])
    const kind = codeOf(kindCodes, sample.kind)
    const key = `${clusterId}\n${sample.metric}\n${labels}\n${kind}\n${bounds}`
    const known = ids.get(key)
    if (known !== undefined) return known
    const identity = [clusterId, sample.metric, labels, kind, bounds]
    const row = select.get(...identity)
    const id = row === undefined ? Number(insert.run(...identity).lastInsertRowid) : numberOf(row[0])
    if (ids.size >= keptSeries) ids.clear()
    ids.set(key, id)
    return id
  }

  return {
    write(clusterId, atMs, samples) {
      for (const sample of samples) {
        if (!Number.isFinite(sample.value)) continue
        const histogram = sample.histogram === undefined ? null : encodeHistogram(sample.histogram)
        insertSample.run(seriesId(clusterId, sample), atMs, sample.value, sample.spanMs, histogram)
      }
      if (samples.length > 0) pulses.bump(clusterId, 'metrics')
    },
    forgetAll: () => ids.clear(),
  }
}

/** Sorted by name, so that one set of labels is one text. */
function labelsText(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** JSON has no infinity: it is null there. */
function boundsText(bounds: readonly number[]): string {
  return bounds.length === 0 ? '' : JSON.stringify(bounds.map((bound) => (Number.isFinite(bound) ? bound : null)))
}

export function boundsOf(text: string): number[] {
  if (text === '') return []
  const parsed: unknown = JSON.parse(text)
  if (!Array.isArray(parsed)) throw new TypeError('bounds are not a list')
  return parsed.map((bound) => (typeof bound === 'number' ? bound : Number.POSITIVE_INFINITY))
}
