import protobuf from 'protobufjs/minimal.js'
import { fieldsOf, messageOfKind, resolveType, ruleOf } from '../../kubernetes/tables'

/**
 * The apiserver's JSON of an object to what the apiserver stores: "k8s\0", runtime.Unknown, the object's own message.
 * The way back of lib/kubernetes' decoder, driven by the same tables; the demo is its only user.
 */
export function encodeObject(object: { apiVersion: string; kind: string }): Buffer {
  const message = messageOfKind(object.apiVersion, object.kind)
  if (message === undefined) throw new TypeError(`no message for ${object.apiVersion} ${object.kind}`)
  const writer = protobuf.Writer.create()
  writer.uint32(tag(1, 2)).fork()
  writer.uint32(tag(1, 2)).string(object.apiVersion)
  writer.uint32(tag(2, 2)).string(object.kind)
  writer.ldelim()
  writer.uint32(tag(2, 2)).fork()
  writeMessage(writer, message, { ...object })
  writer.ldelim()
  writer.uint32(tag(3, 2)).string('')
  writer.uint32(tag(4, 2)).string('')
  return Buffer.concat([Buffer.from('k8s\0', 'latin1'), writer.finish()])
}

type Fields = Record<string, unknown>

function writeMessage(writer: protobuf.Writer, message: string, value: unknown): void {
  const special = specials[message]
  if (special !== undefined) {
    special(writer, value)
    return
  }
  if (!isFields(value)) throw new TypeError(`${message} needs an object`)
  for (const [name, field] of Object.entries(fieldsOf(message) ?? {})) {
    const rule = ruleOf(message, name)
    const type = scalarTypes.has(field.type) ? field.type : (resolveType(message, field.type) ?? field.type)
    if (rule.inline === true) {
      if (hasFieldOf(type, value)) writeOne(writer, field.id, type, value)
      continue
    }
    const item = value[rule.json ?? name]
    if (item === undefined || item === null) continue
    if (field.keyType !== undefined) writeMap(writer, field.id, type, item)
    else if (Array.isArray(item)) for (const entry of item) writeOne(writer, field.id, type, entry)
    else writeOne(writer, field.id, type, item)
  }
}

/** An inlined message is written only when one of its fields stands in the parent. */
function hasFieldOf(message: string, value: Fields): boolean {
  return Object.keys(fieldsOf(message) ?? {}).some((name) => {
    const shown = value[ruleOf(message, name).json ?? name]
    return shown !== undefined && shown !== null
  })
}

function writeMap(writer: protobuf.Writer, id: number, type: string, value: unknown): void {
  if (!isFields(value)) throw new TypeError('a map needs an object')
  for (const [key, item] of Object.entries(value)) {
    writer.uint32(tag(id, 2)).fork()
    writer.uint32(tag(1, 2)).string(key)
    writeOne(writer, 2, type, item)
    writer.ldelim()
  }
}

const scalarTypes = new Set(['string', 'bytes', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'double'])

function writeOne(writer: protobuf.Writer, id: number, type: string, value: unknown): void {
  if (type === 'string') writer.uint32(tag(id, 2)).string(String(value))
  else if (type === 'bytes') writer.uint32(tag(id, 2)).bytes(Buffer.from(String(value), 'base64'))
  else if (type === 'bool') writer.uint32(tag(id, 0)).bool(value === true)
  else if (type === 'double') writer.uint32(tag(id, 1)).double(Number(value))
  else if (type === 'int32' || type === 'uint32') writer.uint32(tag(id, 0))[type](Number(value))
  else if (type === 'int64' || type === 'uint64') writer.uint32(tag(id, 0))[type](Number(value))
  else {
    writer.uint32(tag(id, 2)).fork()
    writeMessage(writer, type, value)
    writer.ldelim()
  }
}

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1'

/** Messages whose JSON is not an object of their fields. */
const specials: Readonly<Record<string, (writer: protobuf.Writer, value: unknown) => void>> = {
  [`${meta}.Time`]: writeTime,
  [`${meta}.MicroTime`]: writeTime,
  [`${meta}.FieldsV1`]: (writer, value) => writer.uint32(tag(1, 2)).bytes(Buffer.from(JSON.stringify(value))),
  'k8s.io.apimachinery.pkg.runtime.RawExtension': (writer, value) =>
    writer.uint32(tag(1, 2)).bytes(Buffer.from(JSON.stringify(value))),
  'k8s.io.apimachinery.pkg.api.resource.Quantity': (writer, value) => writer.uint32(tag(1, 2)).string(String(value)),
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': (writer, value) => {
    writer.uint32(tag(1, 0)).int64(typeof value === 'number' ? 0 : 1)
    writer.uint32(tag(2, 0)).int32(typeof value === 'number' ? value : 0)
    writer.uint32(tag(3, 2)).string(typeof value === 'number' ? '' : String(value))
  },
}

/** RFC 3339 with up to microseconds, which `Date` alone would cut to milliseconds. */
function writeTime(writer: protobuf.Writer, value: unknown): void {
  const text = String(value)
  const fraction = /\.(\d{1,9})Z$/.exec(text)?.[1] ?? ''
  writer.uint32(tag(1, 0)).int64(Math.floor(Date.parse(text) / 1000))
  writer.uint32(tag(2, 0)).int32(Number(fraction.padEnd(9, '0')))
}

function tag(id: number, wireType: number): number {
  return (id << 3) | wireType
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
