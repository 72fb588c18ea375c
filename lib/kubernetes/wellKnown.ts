/**
 * Messages whose JSON is not an object of their fields: times, quantities, raw JSON and the like. Each reader takes
 * the message's bytes up to `end` and returns what the apiserver prints for it.
 */
import { goDuration } from './goDuration'
import { internText } from './internText'
import { type Cursor, WireError } from './wire'

export type Read = (cursor: Cursor, end: number) => unknown

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1'

/** At most three fields: the integers by number, and where the last bytes field (if any) stands. */
interface Small {
  readonly integers: [number | string, number | string]
  textAt: number
  textEnd: number
}

const small: Small = { integers: [0, 0], textAt: 0, textEnd: 0 }

/** Reads fields 1 and 2 as integers and any bytes field as a span, into one record that the next call reuses. */
function readSmall(cursor: Cursor, end: number): Small {
  small.integers[0] = 0
  small.integers[1] = 0
  small.textAt = end
  small.textEnd = end
  while (cursor.at < end) {
    const tag = cursor.varint32()
    if (tag === 8) small.integers[0] = cursor.int64()
    else if (tag === 16) small.integers[1] = cursor.int64()
    else if (tag === 10 || tag === 26) {
      small.textEnd = cursor.lengthEnd(end)
      small.textAt = cursor.at
      cursor.at = small.textEnd
    } else cursor.skip(tag & 7, end)
  }
  if (cursor.at !== end) throw new WireError('a field is longer than what holds it')
  return small
}

function integer(value: number | string): number {
  return typeof value === 'number' ? value : 0
}

const timeSlots = 1024
const cachedSeconds = new Float64Array(timeSlots).fill(Number.NaN)
const cachedTimes: string[] = new Array(timeSlots).fill('')

/** Years outside 1 to 9999, which JSON cannot hold, become null. One object repeats few times, hence the cache. */
function timeText(cursor: Cursor, seconds: number): string | null {
  if (seconds < -62_135_596_800 || seconds > 253_402_300_799) {
    cursor.partial = true
    return null
  }
  const slot = (seconds >>> 0) % timeSlots
  if (cachedSeconds[slot] !== seconds) {
    cachedSeconds[slot] = seconds
    cachedTimes[slot] = `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
  }
  return cachedTimes[slot] as string
}

/** An empty message is Go's zero time. The apiserver prints whole seconds, whatever the wire has. */
const readTime: Read = (cursor, end) =>
  cursor.at === end ? null : timeText(cursor, integer(readSmall(cursor, end).integers[0]))

const readMicroTime: Read = (cursor, end) => {
  if (cursor.at === end) return null
  const { integers } = readSmall(cursor, end)
  const micros = Math.min(999_999, Math.max(0, Math.floor(integer(integers[1]) / 1000)))
  const text = timeText(cursor, integer(integers[0]))
  return text === null ? null : `${text.slice(0, 19)}.${String(micros).padStart(6, '0')}Z`
}

const readDuration: Read = (cursor, end) => goDuration(BigInt(readSmall(cursor, end).integers[0]))

const readQuantity: Read = (cursor, end) => {
  const { textAt, textEnd } = readSmall(cursor, end)
  return textAt === textEnd ? '0' : internText(cursor.bytes, textAt, textEnd)
}

const readIntOrString: Read = (cursor, end) => {
  const { integers, textAt, textEnd } = readSmall(cursor, end)
  return integers[0] === 0 ? integers[1] : internText(cursor.bytes, textAt, textEnd)
}

/** Raw JSON in a bytes field: parsed, or as base64 when it is something else (CBOR, protobuf). */
const readRawJson: Read = (cursor, end) => {
  const { textAt, textEnd } = readSmall(cursor, end)
  if (textAt === textEnd) return null
  try {
    return JSON.parse(cursor.bytes.toString('utf8', textAt, textEnd))
  } catch {
    // Not JSON: what it is stays visible, and the object is marked as not shown whole.
    cursor.partial = true
    return cursor.bytes.toString('base64', textAt, textEnd)
  }
}

const readFieldSet: Read = (cursor, end) => {
  if (!cursor.fieldSetsAsText) return readRawJson(cursor, end)
  const { textAt, textEnd } = readSmall(cursor, end)
  return cursor.bytes.toString('latin1', textAt, textEnd)
}

export const wellKnown: Readonly<Record<string, Read>> = {
  [`${meta}.Time`]: readTime,
  [`${meta}.MicroTime`]: readMicroTime,
  [`${meta}.Duration`]: readDuration,
  [`${meta}.FieldsV1`]: readFieldSet,
  'k8s.io.apimachinery.pkg.api.resource.Quantity': readQuantity,
  'k8s.io.apimachinery.pkg.api.resource.QuantityValue': readQuantity,
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': readIntOrString,
  'k8s.io.apimachinery.pkg.runtime.RawExtension': readRawJson,
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': readRawJson,
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1beta1.JSON': readRawJson,
}

/** Messages that are read field by field and then shown as one of their fields. */
export function unwrapOf(message: string): ((object: Record<string, unknown>) => unknown) | undefined {
  if (message.endsWith('.ExtraValue') || message === `${meta}.Verbs`) return (o) => o.items ?? []
  if (message.endsWith('.JSONSchemaPropsOrArray')) return (o) => o.jSONSchemas ?? o.schema ?? null
  if (message.endsWith('.JSONSchemaPropsOrBool')) return (o) => o.schema ?? o.allows ?? false
  if (message.endsWith('.JSONSchemaPropsOrStringArray')) return (o) => o.property ?? o.schema ?? null
  return undefined
}
