import type { WorkloadAnswer } from '../../contract'
import { decodeValue } from '../../kubernetes/decodedObjects'
import type { JsonObject } from '../../kubernetes/decodeObject'
import { integerAt, objectAt, textAt } from '../../kubernetes/status/fields'
import { timeAt } from '../../kubernetes/workload/identity'
import type { ClusterRow } from '../../store/store'
import type { KeyName, ObjectRow } from '../../store/workloadStore'
import { timeOf } from '../instant'
import { prefixRange } from '../keyBytes'
import type { Scope } from '../scope'
import type { Belongings } from './belongings'
import type { Span } from './span'

/** Kubernetes' own events about a workload and what belongs to it: also those that have expired since. */

type EventItem = WorkloadAnswer['events'][number]

const eventsShown = 200
/** Names that do not begin like the workload's own are looked for one by one. */
const otherNames = 40

export async function eventsAbout(
  { reader }: Scope,
  cluster: ClusterRow,
  { epoch, from, to }: Span,
  workload: KeyName & { kind: string },
  { between, pods, names }: Belongings,
): Promise<EventItem[]> {
  const own = workload.name ?? ''
  const prefix = prefixOf(workload)
  if (prefix === null || own === '') return []
  const owned = [...between, ...pods].flatMap(({ keyId }) => names.get(keyId)?.name ?? [])
  const wanted = new Set([own, ...owned])
  const others = [...wanted].filter((name) => !name.startsWith(own)).slice(-otherNames)
  const found: ObjectRow[] = []
  for (const start of [own, ...others]) {
    const keys = prefixRange(`${prefix}events/${workload.namespace ?? 'default'}/${start}`)
    found.push(...(await reader.lastVersions(cluster, epoch, keys, { from, to, limit: 4 * eventsShown })))
  }
  return found
    .flatMap((row) => eventOf(row, wanted))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, eventsShown)
}

/** What stands before the resource in this cluster's keys. */
export function prefixOf({ key, namespace, name }: KeyName): string | null {
  const text = Buffer.from(key).toString('utf8')
  const tail = `/${namespace === null ? '' : `${namespace}/`}${name ?? ''}`
  if (!text.endsWith(tail)) return null
  const resource = text.slice(0, text.length - tail.length)
  const [first, second] = resource.split('/').slice(-2)
  // Custom resources stand one level deeper, under their group.
  const depth = first?.includes('.') === true && second !== undefined ? 2 : 1
  return `${resource.split('/').slice(0, -depth).join('/')}/`
}

function eventOf(row: ObjectRow, wanted: ReadonlySet<string>): EventItem[] {
  const object = row.value === null ? null : decodeValue(row.value).object
  if (object === null) return []
  const regarding =
    objectAt(object, 'involvedObject').name === undefined
      ? objectAt(object, 'regarding')
      : objectAt(object, 'involvedObject')
  const name = textAt(regarding, 'name') ?? ''
  if (!wanted.has(name)) return []
  const series = objectAt(object, 'series')
  const lastMs =
    timeAt(series, 'lastObservedTime') ?? timeAt(object, 'lastTimestamp') ?? timeAt(object, 'eventTime') ?? row.atMs
  const firstMs = timeAt(object, 'firstTimestamp') ?? timeAt(object, 'eventTime') ?? lastMs
  return [
    {
      at: timeOf(lastMs),
      firstAt: timeOf(Math.min(firstMs, lastMs)),
      count: integerAt(series, 'count') ?? integerAt(object, 'count') ?? 1,
      type: textAt(object, 'type') ?? '',
      reason: textAt(object, 'reason') ?? '',
      message: textAt(object, 'message') ?? textAt(object, 'note') ?? '',
      regarding: { kind: textAt(regarding, 'kind') ?? '', namespace: textAt(regarding, 'namespace'), name },
      source: sourceOf(object),
      key: Buffer.from(row.key).toString('utf8'),
      revision: String(row.revision),
    },
  ]
}

function sourceOf(object: JsonObject): string | null {
  return (
    textAt(objectAt(object, 'source'), 'component') ||
    textAt(object, 'reportingComponent') ||
    textAt(object, 'reportingController') ||
    null
  )
}
