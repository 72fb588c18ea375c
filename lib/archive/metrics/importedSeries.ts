import { type WantedMetric, wantedMetric } from '../../collector/members/wantedMetrics'
import { type ExposedSeries, LineFault } from './exposedLine'

/** What of a Prometheus is history of an etcd member: which metric, of which target, under which labels. */

export interface ImportedSeries {
  /** The target that was scraped: `instance`, else `endpoint`. */
  readonly target: string
  readonly metric: string
  readonly wanted: WantedMetric
  /** Of a histogram the part that this series is. */
  readonly part: 'value' | 'bucket' | 'sum' | 'count'
  /** Upper bound, of a bucket. */
  readonly bound: number | null
  /** The metric's own labels; those that Prometheus gave the target are left out. */
  readonly labels: Readonly<Record<string, string>>
}

/** Labels that tell where a target is, and not what it measured. */
const targetLabels: ReadonlySet<string> = new Set([
  'instance',
  'endpoint',
  'job',
  'namespace',
  'pod',
  'service',
  'container',
  'node',
  'host',
  'hostname',
  'cluster',
  'prometheus',
  'prometheus_replica',
  'replica',
  'monitor',
  'env',
  'environment',
  'region',
  'zone',
  'datacenter',
])

const upMetric: WantedMetric = { kind: 'gauge' }
/** Tells which member a target is. */
export const serverIdMetric = 'etcd_server_id'

/** Null for what is no history of a member: other programs' metrics, and etcd's that are not kept. Throws LineFault. */
export function importedSeries({ name, labels }: ExposedSeries): ImportedSeries | null {
  const { metric, part } = partOf(name)
  const wanted = metric === 'up' ? upMetric : metric === serverIdMetric ? upMetric : wantedMetric(metric)
  if (wanted === undefined || (wanted.kind === 'histogram') !== (part !== 'value')) return null
  const target = labels.instance ?? labels.endpoint
  if (target === undefined || target === '') {
    throw new LineFault(`${name} has neither the label instance nor endpoint, so nobody knows whose it is`)
  }
  const bound = part === 'bucket' ? boundOf(name, labels.le) : null
  const own = Object.entries(labels).filter(
    ([label]) => !targetLabels.has(label) && (label !== 'le' || part !== 'bucket'),
  )
  return { target, metric, wanted, part, bound, labels: Object.fromEntries(own) }
}

function partOf(name: string): { metric: string; part: ImportedSeries['part'] } {
  const [, family, suffix] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? []
  if (family === undefined || wantedMetric(family)?.kind !== 'histogram') return { metric: name, part: 'value' }
  return { metric: family, part: suffix === 'bucket' ? 'bucket' : suffix === 'sum' ? 'sum' : 'count' }
}

function boundOf(name: string, text: string | undefined): number {
  if (text === '+Inf' || text === 'Inf') return Number.POSITIVE_INFINITY
  const bound = text === undefined || text === '' ? Number.NaN : Number(text)
  if (Number.isNaN(bound)) throw new LineFault(`${name} has no label le with a number`)
  return bound
}
