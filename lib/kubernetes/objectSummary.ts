/** One line about a change of a Kubernetes object that a person understands without opening it. */
import { isJsonObject, type JsonObject } from './decodeObject'
import type { Difference } from './differences'
import type { ObjectChange } from './objectChange'
import { desiredPhrase, metadataPhrase, statusPhrase } from './phrases'

const maxLength = 300
const maxPhrases = 4

/** Joins what fits and counts the rest. */
export function joinPhrases(phrases: readonly string[]): string | null {
  const distinct = [...new Set(phrases)]
  const shown = distinct.slice(0, maxPhrases)
  while (shown.length > 1 && shown.join(', ').length > maxLength - 15) shown.pop()
  if (shown.length === 0) return null
  const rest = distinct.length - shown.length
  return cut(rest === 0 ? shown.join(', ') : `${shown.join(', ')} and ${rest} more`)
}

export function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`
}

/** Annotations that repeat or number other changes; named only when nothing else changed. */
const echoes =
  /last-applied-configuration|deployment\.kubernetes\.io\/revision|last-change-trigger-time|\/bind-completed/

export function updateSummary(kind: string, change: ObjectChange, after: JsonObject): string | null {
  const special = kind === 'Event' ? eventText(after) : kind === 'Lease' ? leaseText(change, after) : null
  if (special !== null) return cut(special)
  const isEcho = (d: Difference) => echoes.test(d.path[2] ?? '')
  const phrases = [
    ...change.metadata.filter((d) => d.path[1] === 'deletionTimestamp').map(metadataPhrase),
    ...sortedByWeight(change.desired).map(desiredPhrase),
    ...change.metadata.filter((d) => !isEcho(d)).map(metadataPhrase),
    ...sortedByWeight(change.status).map(statusPhrase),
  ].filter((phrase) => phrase !== null)
  if (phrases.length > 0) return joinPhrases(phrases)
  const quiet = change.metadata.map(metadataPhrase).filter((phrase) => phrase !== null)
  if (quiet.length > 0) return joinPhrases(quiet)
  return change.status.length > 0 ? quietStatus(change.status) : null
}

/** What people look for first. */
const weights: readonly RegExp[] = [
  /^image$/,
  /^replicas$/,
  /^(paused|suspend|unschedulable|phase)$/,
  /^(status|ready)$/,
]

function sortedByWeight(list: readonly Difference[]): Difference[] {
  const weight = (d: Difference) => {
    const last = d.path[d.path.length - 1] ?? ''
    const at = weights.findIndex((pattern) => pattern.test(last))
    return at < 0 ? weights.length : at
  }
  return [...list].sort((a, b) => weight(a) - weight(b))
}

function quietStatus(status: readonly Difference[]): string {
  const names = [...new Set(status.map((d) => d.path[1] ?? 'status'))]
  return cut(names.slice(0, 4).join(', ').concat(' updated'))
}

/** `created, owner checkout-5d4, 3 replicas, image web:1.4` */
export function createSummary(kind: string, object: JsonObject): string {
  if (kind === 'Event') return cut(eventText(object))
  const phrases = [ownerPhrase(object), ...contentPhrases(kind, object)].filter((phrase) => phrase !== null)
  return cut(['created', ...phrases].join(', '))
}

export function deleteSummary(object: JsonObject | null): string {
  const owner = object === null ? null : ownerPhrase(object)
  return owner === null ? 'deleted' : cut(`deleted, ${owner}`)
}

/** The controlling owner, as kubectl shows it. */
export function controllerOf(object: JsonObject): { kind: string; name: string } | null {
  const references = isJsonObject(object.metadata) ? object.metadata.ownerReferences : undefined
  if (!Array.isArray(references)) return null
  const owner = references.find((reference) => isJsonObject(reference) && reference.controller === true)
  return owner === undefined ? null : { kind: String(owner.kind), name: String(owner.name) }
}

function ownerPhrase(object: JsonObject): string | null {
  const owner = controllerOf(object)
  return owner === null ? null : `owner ${owner.name}`
}

function contentPhrases(kind: string, object: JsonObject): (string | null)[] {
  const spec = isJsonObject(object.spec) ? object.spec : {}
  const replicas =
    typeof spec.replicas === 'number' ? `${spec.replicas} ${spec.replicas === 1 ? 'replica' : 'replicas'}` : null
  if (kind === 'ConfigMap') return [entriesPhrase(object)]
  const template = isJsonObject(spec.template) && isJsonObject(spec.template.spec) ? spec.template.spec : spec
  return [replicas, imagesPhrase(template)]
}

function entriesPhrase(object: JsonObject): string | null {
  const names = [object.data, object.binaryData].flatMap((part) => (isJsonObject(part) ? Object.keys(part) : []))
  if (names.length === 0) return null
  return names.length > 3 ? `${names.length} keys` : `keys ${names.join(', ').slice(0, 100)}`
}

function imagesPhrase(podSpec: JsonObject): string | null {
  const containers = Array.isArray(podSpec.containers) ? podSpec.containers.filter(isJsonObject) : []
  const [first] = containers
  if (typeof first?.image !== 'string') return null
  const image = `image ${String(first.name)}: ${first.image.slice(0, 100)}`
  return containers.length === 1 ? image : `${image} and ${containers.length - 1} more containers`
}

/** `Warning BackOff of Pod web-1: Back-off restarting failed container (×4)` */
function eventText(event: JsonObject): string {
  const about = isJsonObject(event.involvedObject) ? event.involvedObject : event.regarding
  const subject = isJsonObject(about) ? ` of ${String(about.kind)} ${String(about.name)}` : ''
  const message = event.message ?? event.note
  const series = isJsonObject(event.series) ? event.series.count : event.count
  const times = typeof series === 'number' && series > 1 ? ` (×${series})` : ''
  const room = message === undefined ? '' : `: ${String(message).slice(0, 200)}`
  return `${String(event.type ?? 'Normal')} ${String(event.reason ?? 'Event')}${subject}${room}${times}`
}

function leaseText(change: ObjectChange, lease: JsonObject): string {
  const spec = isJsonObject(lease.spec) ? lease.spec : {}
  const holder = change.desired.find((d) => d.path[1] === 'holderIdentity')
  if (holder !== undefined) return `holder ${String(holder.before ?? 'nobody')} → ${String(holder.after ?? 'nobody')}`
  return `renewed by ${String(spec.holderIdentity ?? 'nobody')}`
}
