/**
 * A stored value of a built-in kind to the JSON that the apiserver returns for it, resourceVersion excepted. Never
 * throws: bytes that are not what they claim come back as a sentence. Fields and kinds newer than the tables are left
 * out and counted in `partial`.
 */
import { readerOf } from './messages'
import { messageOfKind } from './tables'
import { Cursor, WireError } from './wire'

export type JsonObject = Record<string, unknown>

export type Decoded =
  | { readonly object: JsonObject; readonly partial: boolean; readonly failure?: never }
  | { readonly object?: never; readonly failure: string }

/** "k8s\0", then a runtime.Unknown. */
export function isKubernetesProtobuf(value: Uint8Array): boolean {
  return value.length >= 4 && value[0] === 0x6b && value[1] === 0x38 && value[2] === 0x73 && value[3] === 0x00
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A view of the same bytes with Buffer's readers. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

interface Envelope {
  readonly apiVersion: string
  readonly kind: string
  readonly rawStart: number
  readonly rawEnd: number
  readonly contentEncoding: string
  readonly contentType: string
}

const typeMeta = { apiVersion: 1, kind: 2 } as const

function readEnvelope(cursor: Cursor): Envelope {
  const end = cursor.bytes.length
  const envelope = { apiVersion: '', kind: '', rawStart: end, rawEnd: end, contentEncoding: '', contentType: '' }
  while (cursor.at < end) {
    const tag = cursor.varint32()
    if ((tag & 7) !== 2) {
      cursor.skip(tag & 7, end)
      continue
    }
    const stop = cursor.lengthEnd(end)
    if (tag === 10) {
      while (cursor.at < stop) {
        const inner = cursor.varint32()
        if ((inner & 7) !== 2) cursor.skip(inner & 7, stop)
        else if (inner >>> 3 === typeMeta.apiVersion) envelope.apiVersion = cursor.text(cursor.lengthEnd(stop))
        else if (inner >>> 3 === typeMeta.kind) envelope.kind = cursor.text(cursor.lengthEnd(stop))
        else cursor.skip(2, stop)
      }
    } else if (tag === 18) {
      envelope.rawStart = cursor.at
      envelope.rawEnd = stop
    } else if (tag === 26) envelope.contentEncoding = cursor.text(stop)
    else if (tag === 34) envelope.contentType = cursor.text(stop)
    cursor.at = stop
  }
  return envelope
}

/** Only apiVersion and kind, without reading the object; null when the value is no Kubernetes protobuf. */
export function kindOfValue(value: Uint8Array): { apiVersion: string; kind: string } | null {
  if (!isKubernetesProtobuf(value)) return null
  try {
    const { apiVersion, kind } = readEnvelope(new Cursor(bufferOf(value), 4, true))
    return { apiVersion, kind }
  } catch (error) {
    if (error instanceof WireError) return null
    throw error
  }
}

/** `fieldSetsAsText`: managedFields' fieldsV1 stay JSON text, which is cheaper and enough to compare them. */
export function decodeObject(value: Uint8Array, options: { fieldSetsAsText?: boolean } = {}): Decoded {
  const bytes = bufferOf(value)
  const cursor = new Cursor(bytes, 4, options.fieldSetsAsText === true)
  try {
    const envelope = readEnvelope(cursor)
    if (envelope.contentEncoding !== '') return { failure: `its content is encoded as ${envelope.contentEncoding}` }
    if (envelope.contentType !== '' && !envelope.contentType.includes('protobuf')) {
      return { failure: `its content is of type ${envelope.contentType}` }
    }
    return readBody(cursor, envelope)
  } catch (error) {
    if (error instanceof WireError) return { failure: error.message }
    throw error
  }
}

function readBody(cursor: Cursor, { apiVersion, kind, rawStart, rawEnd }: Envelope): Decoded {
  cursor.at = rawStart
  const message = messageOfKind(apiVersion, kind)
  const read = message === undefined ? undefined : readerOf(message)
  if (read === undefined) {
    return { object: { apiVersion, kind, ...metadataOnly(cursor, rawEnd) }, partial: true }
  }
  const body = read(cursor, rawEnd)
  if (!isJsonObject(body)) return { failure: `${kind} is not a kind of object` }
  if (kind === 'StatefulSet') addClaimTypes(body)
  return { object: { apiVersion, kind, ...body }, partial: cursor.partial }
}

/** Every kind has its ObjectMeta as field 1, so a kind that the tables do not know still shows who it is. */
function metadataOnly(cursor: Cursor, end: number): JsonObject {
  const readMeta = readerOf('k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta')
  if (readMeta === undefined || cursor.at >= end || cursor.varint32() !== 10) return {}
  return { metadata: readMeta(cursor, cursor.lengthEnd(end)) }
}

/** The apiserver fills kind and apiVersion into the claims, which storage does not hold. */
function addClaimTypes(statefulSet: JsonObject): void {
  const spec = statefulSet.spec
  if (!isJsonObject(spec) || !Array.isArray(spec.volumeClaimTemplates)) return
  spec.volumeClaimTemplates = spec.volumeClaimTemplates.map((claim) =>
    isJsonObject(claim) ? { kind: 'PersistentVolumeClaim', apiVersion: 'v1', ...claim } : claim,
  )
}
