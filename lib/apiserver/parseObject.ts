import { ScopeError } from '../core/errors'
import { memberOf, withoutMember } from './rawJson'

/** Objects and events from the apiserver's JSON. What cannot be read is refused without repeating any of it. */

export interface ServedObject {
  readonly namespace: string | null
  readonly name: string
  readonly revision: bigint
}

export type WatchLine =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: ServedObject; readonly text: string }
  | { readonly type: 'BOOKMARK'; readonly revision: bigint }
  | { readonly type: 'ERROR'; readonly code: number; readonly reason: string; readonly retryAfterMs: number | null }

export type Json = Readonly<Record<string, unknown>>

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function unreadable(what: string): ScopeError {
  return new ScopeError('UNREACHABLE', `The apiserver's answer cannot be read: ${what}.`)
}

/** JSON.parse quotes what it cannot read, which may be a Secret: its message goes no further. */
export function parseJson(text: string, what: string): Json {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw unreadable(`${what} is no JSON`)
  }
  if (!isJson(parsed)) throw unreadable(`${what} is no object`)
  return parsed
}

export function parseWatchLine(line: string): WatchLine {
  const { type, object } = parseJson(line, 'a line of a watch')
  if (!isJson(object)) throw unreadable('a line of a watch has no object')
  if (type === 'ERROR') return errorLine(object)
  if (type === 'BOOKMARK') return { type, revision: revisionOf(object) }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') {
    throw unreadable('a line of a watch is of no known type')
  }
  const place = memberOf(line, line.indexOf('{'), 'object')
  return { type, object: servedObject(object), text: place === null ? '' : line.slice(place.from, place.to) }
}

function errorLine(status: Json): WatchLine {
  const { code, reason, details } = status
  const seconds = isJson(details) ? details.retryAfterSeconds : undefined
  return {
    type: 'ERROR',
    code: typeof code === 'number' ? code : 0,
    reason: typeof reason === 'string' ? reason.slice(0, 100) : 'unknown',
    retryAfterMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null,
  }
}

export function servedObject(object: Json): ServedObject {
  const metadata = object.metadata
  if (!isJson(metadata) || typeof metadata.name !== 'string' || metadata.name === '') {
    throw unreadable('an object has no name')
  }
  const namespace = typeof metadata.namespace === 'string' && metadata.namespace !== '' ? metadata.namespace : null
  return { namespace, name: metadata.name, revision: revisionOf(object) }
}

/** Of an object or a list. */
export function revisionOf(object: Json): bigint {
  const metadata = object.metadata
  const text = isJson(metadata) ? metadata.resourceVersion : undefined
  if (typeof text !== 'string' || !/^\d{1,19}$/.test(text)) throw unreadable('a resourceVersion is no revision')
  return BigInt(text)
}

/** As etcd holds it: without the resourceVersion, which is the key's revision. */
export function storedValueOf(text: string): Buffer {
  return Buffer.from(withoutMember(text, ['metadata', 'resourceVersion']))
}

/** The items of a list leave out what the list says already. */
export function withKind(item: Json, text: string, kind: { readonly apiVersion: string; readonly kind: string }) {
  if (typeof item.kind === 'string' && typeof item.apiVersion === 'string') return text
  const head = `"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(kind.apiVersion)}`
  return `{${head}${Object.keys(item).length === 0 ? '' : ','}${text.slice(1)}`
}
