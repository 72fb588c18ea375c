/**
 * A lower bound of the time at which an object was written, from the object itself: the newest of the times that its
 * writers set to their own now. Times that may lie ahead (expiry, next run) are not among them. Clocks differ, so the
 * caller clamps.
 */
import { isJsonObject, type JsonObject } from './decodeObject'

const pastTimes = new Set([
  'lastTransitionTime',
  'lastUpdateTime',
  'lastHeartbeatTime',
  'lastProbeTime',
  'lastTimestamp',
  'firstTimestamp',
  'lastObservedTime',
  'eventTime',
  'renewTime',
  'acquireTime',
  'startTime',
  'startedAt',
  'finishedAt',
  'completionTime',
  'lastScheduleTime',
  'lastSuccessfulTime',
  'lastScaleTime',
])

/** Wide enough for a node's whole status, and a bound for a hostile value. */
const maxVisited = 5000

/** Epoch milliseconds, or null when the object tells no time. */
export function writtenAfterMs(object: JsonObject): number | null {
  let newest = Number.NEGATIVE_INFINITY
  let newestText = ''
  const see = (value: unknown, lessMs = 0) => {
    if (typeof value !== 'string' || value.length < 20 || value.length > 35 || value[10] !== 'T') return
    // The same form in the same zone sorts as text, which spares most of the parsing.
    if (value.length === newestText.length && value <= newestText && value.endsWith('Z')) return
    const ms = Date.parse(value) - lessMs
    if (!(ms > newest)) return
    newest = ms
    newestText = lessMs === 0 && value.endsWith('Z') ? value : ''
  }

  const metadata = isJsonObject(object.metadata) ? object.metadata : {}
  see(metadata.creationTimestamp)
  // The deletion was asked for this long before the time that stands there.
  const graceSeconds = metadata.deletionGracePeriodSeconds
  see(metadata.deletionTimestamp, typeof graceSeconds === 'number' ? graceSeconds * 1000 : 0)
  if (Array.isArray(metadata.managedFields)) for (const entry of metadata.managedFields) see(entry?.time)

  let visited = 0
  const walk = (value: unknown, depth: number) => {
    if (typeof value !== 'object' || value === null || depth > 8 || ++visited > maxVisited) return
    if (Array.isArray(value)) for (const element of value) walk(element, depth + 1)
    else {
      for (const [name, inner] of Object.entries(value)) {
        if (typeof inner === 'object') walk(inner, depth + 1)
        else if (pastTimes.has(name)) see(inner)
      }
    }
  }
  walk(object.status, 0)
  if (object.kind === 'Event') walk(object, 6)
  if (object.kind === 'Lease') walk(object.spec, 7)
  return Number.isFinite(newest) ? newest : null
}
