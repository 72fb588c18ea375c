import type { ScrapedFamily, ScrapedPoint } from './memberTransport'
import { type Scrape, type ScrapedSeries, seriesKey, sortedLabels } from './scrape'
import { processStartMetric, serverIdMetric, type WantedMetric, wantedMetric } from './wantedMetrics'

/** The parsed text of one member → the series that are kept, with the labels that they are kept under. */

/** Series of one member. A three-member etcd 3.6 has some 200; one with extensive metrics and auth some 500. */
export const seriesPerMemberLimit = 1_000

export interface ScrapedMember {
  readonly id: string
  readonly name: string
}

export interface MemberScrape extends Scrape {
  /** Series left out because the member had more than the limit. */
  readonly overLimit: number
  readonly quotaBytes: number | null
  readonly compactRevision: bigint | null
}

/** The member whose process wrote the text; null before 3.4, which does not say. */
export function writtenBy(families: readonly ScrapedFamily[]): string | null {
  return familyNamed(families, serverIdMetric)?.series[0]?.labels.server_id ?? null
}

/** When the process that wrote the text started, seconds since 1970; null where the platform does not tell. */
export function processStartOf(families: readonly ScrapedFamily[]): number | null {
  return singleValue(families, processStartMetric)
}

export function memberScrape(
  families: readonly ScrapedFamily[],
  member: ScrapedMember,
  names: ReadonlyMap<string, string>,
  atMs: number,
): MemberScrape {
  const series = new Map<string, ScrapedSeries>()
  let overLimit = 0
  for (const family of families) {
    const wanted = wantedMetric(family.name)
    if (wanted === undefined) continue
    for (const point of family.series) {
      const kept = keep(family.name, wanted, point, member, names)
      if (kept === null) continue
      if (series.size >= seriesPerMemberLimit) overLimit++
      else series.set(seriesKey(kept.metric, kept.labels), kept)
    }
  }
  const quota = singleValue(families, 'etcd_server_quota_backend_bytes')
  const compacted = singleValue(families, 'etcd_debugging_mvcc_compact_revision')
  return {
    atMs,
    processStart: processStartOf(families),
    series,
    overLimit,
    quotaBytes: quota !== null && quota > 0 ? quota : null,
    compactRevision: compacted !== null && compacted >= 0 ? BigInt(Math.round(compacted)) : null,
  }
}

function keep(
  metric: string,
  wanted: WantedMetric,
  point: ScrapedPoint,
  member: ScrapedMember,
  names: ReadonlyMap<string, string>,
): ScrapedSeries | null {
  // Left out at 0 they count from 0 when they are first used, which is what they did.
  if (wanted.sparse === true && point.value === 0) return null
  if (wanted.kind === 'histogram' && point.histogram === undefined) return null
  return {
    metric,
    kind: wanted.kind,
    labels: sortedLabels({ ...ownLabels(point.labels, names), member: member.name, member_id: member.id }),
    value: point.value,
    ...(wanted.kind === 'histogram' && point.histogram !== undefined ? { histogram: point.histogram } : {}),
    ...(wanted.zeroIsUnset === true ? { zeroIsUnset: true } : {}),
  }
}

/** Peers are written as hex ids: they are kept under their names, in lower case as all labels are. */
const peerLabels: Readonly<Record<string, string | null>> = { To: 'to', From: 'from', Remote: 'to', Local: null }

function ownLabels(labels: Readonly<Record<string, string>>, names: ReadonlyMap<string, string>) {
  const own: Record<string, string> = {}
  for (const [label, value] of Object.entries(labels)) {
    const renamed = peerLabels[label]
    if (renamed === null) continue
    if (renamed === undefined) own[label] = value
    else own[renamed] = names.get(value) || value
  }
  return own
}

function familyNamed(families: readonly ScrapedFamily[], name: string): ScrapedFamily | undefined {
  return families.find((f) => f.name === name)
}

function singleValue(families: readonly ScrapedFamily[], name: string): number | null {
  const value = familyNamed(families, name)?.series[0]?.value
  return value === undefined || !Number.isFinite(value) ? null : value
}
