/**
 * One message type of the tables compiled to an array of field plans indexed by field number. Compiled on first use
 * and kept. Fields are collected into slots in the Go struct's order, so that objects come out in the order in which
 * Kubernetes prints them, with the zeros that the apiserver shows although the wire has nothing.
 */
import { fieldsOf, type JsonRule, resolveType, ruleOf } from './tables'
import { type Read, unwrapOf, wellKnown } from './wellKnown'
import { Cursor, maxDepth, WireError } from './wire'

type JsonObject = Record<string, unknown>

interface FieldPlan {
  readonly slot: number
  readonly json: string
  readonly inline: boolean
  readonly shape: 'one' | 'list' | 'map'
  /** 0 varint, 1 fixed 64, 2 length-delimited. */
  readonly wireType: number
  readonly read: Read
  /** A value that is left out, because Go's omitempty would leave it out; undefined: shown whatever it is. */
  readonly hidden: unknown
  /** What stands there when the wire has nothing; undefined: nothing. */
  readonly absent: (() => unknown) | undefined
}

interface MessagePlan {
  readonly slots: readonly FieldPlan[]
  readonly byId: readonly (FieldPlan | undefined)[]
}

const plans = new Map<string, Read>()

/** The reader of a message type; undefined when the tables do not have it. */
export function readerOf(message: string): Read | undefined {
  const known = plans.get(message) ?? wellKnown[message]
  if (known !== undefined) return known
  if (fieldsOf(message) === undefined) return undefined
  let plan: MessagePlan | undefined
  const unwrap = unwrapOf(message)
  const read: Read = (cursor, end) => {
    plan ??= compile(message)
    const object = readFields(plan, cursor, end)
    return unwrap === undefined ? object : unwrap(object)
  }
  plans.set(message, read)
  return read
}

function compile(message: string): MessagePlan {
  const slots: FieldPlan[] = []
  const byId: (FieldPlan | undefined)[] = []
  for (const [name, field] of Object.entries(fieldsOf(message) ?? {})) {
    const rule = ruleOf(message, name)
    const scalar = scalars[field.type]
    const read = scalar?.read ?? messageReader(message, field.type)
    const shape = field.keyType !== undefined ? 'map' : field.rule === 'repeated' ? 'list' : 'one'
    const plan: FieldPlan = {
      slot: slots.length,
      json: rule.json ?? name,
      inline: rule.inline === true,
      shape,
      wireType: shape === 'map' ? 2 : (scalar?.wireType ?? 2),
      read: shape === 'map' ? mapEntryReader(read, scalar?.zero) : read,
      hidden: shape === 'one' ? hiddenValue(rule, scalar) : undefined,
      absent: rule.keepZero === true ? absentValue(rule, shape, read, scalar) : undefined,
    }
    slots.push(plan)
    byId[field.id] = plan
  }
  return { slots, byId }
}

interface Scalar {
  readonly read: Read
  readonly wireType: number
  readonly zero: unknown
}

const int: Scalar = { read: (cursor) => cursor.int64(), wireType: 0, zero: 0 }
const scalars: Readonly<Record<string, Scalar>> = {
  string: { read: (cursor, end) => cursor.text(end), wireType: 2, zero: '' },
  bytes: { read: (cursor, end) => cursor.base64(end), wireType: 2, zero: '' },
  bool: { read: (cursor) => cursor.int64() !== 0, wireType: 0, zero: false },
  int32: int,
  int64: int,
  double: { read: (cursor, end) => cursor.double(end), wireType: 1, zero: 0 },
}

function messageReader(message: string, type: string): Read {
  let read: Read | undefined
  return (cursor, end) => {
    if (read === undefined) {
      const resolved = resolveType(message, type)
      read = resolved === undefined ? undefined : readerOf(resolved)
      // A hole in our own tables, not in the data.
      if (read === undefined) throw new WireError(`${message} refers to ${type}, which the tables do not have`)
    }
    return read(cursor, end)
  }
}

/** Entries are messages of key (1) and value (2); either may be missing, then it is the type's zero. */
function mapEntryReader(readValue: Read, zero: unknown): Read {
  return (cursor, end) => {
    let key = ''
    let value: unknown = zero
    while (cursor.at < end) {
      const tag = cursor.varint32()
      if (tag === 10) key = cursor.text(cursor.lengthEnd(end))
      else if (tag === 18) value = readValue(cursor, cursor.lengthEnd(end))
      else if (tag === 16) value = readValue(cursor, end)
      else cursor.skip(tag & 7, end)
    }
    return [key, value ?? null]
  }
}

function hiddenValue(rule: JsonRule, scalar: Scalar | undefined): unknown {
  if (rule.omitZero === true) return null
  if (scalar === undefined || rule.kind === 'ptr' || rule.keepZero === true) return undefined
  return scalar.zero
}

function absentValue(rule: JsonRule, shape: FieldPlan['shape'], read: Read, scalar: Scalar | undefined) {
  if (shape !== 'one' || rule.kind === 'ptr') return () => null
  if (scalar !== undefined) return () => (rule.kind === 'bytes' ? null : scalar.zero)
  return () => read(emptyCursor(), 0)
}

function emptyCursor(): Cursor {
  return new Cursor(Buffer.alloc(0), 0, false)
}

function readFields(plan: MessagePlan, cursor: Cursor, end: number): JsonObject {
  if (++cursor.depth > maxDepth) throw new WireError('nested too deeply')
  const { byId, slots } = plan
  const values: unknown[] = new Array(slots.length)
  while (cursor.at < end) {
    const tag = cursor.varint32()
    const wireType = tag & 7
    const field = byId[tag >>> 3]
    if (field === undefined || wireType !== field.wireType) {
      cursor.partial = true
      cursor.skip(wireType, end)
      continue
    }
    const stop = wireType === 2 ? cursor.lengthEnd(end) : end
    const value = field.read(cursor, stop)
    if (wireType === 2 && cursor.at !== stop) throw new WireError('a field does not fill its length')
    if (field.shape === 'one') values[field.slot] = value
    else addElement(values, field, value)
  }
  if (cursor.at !== end) throw new WireError('a field is longer than what holds it')
  cursor.depth--
  return toObject(slots, values)
}

function addElement(values: unknown[], field: FieldPlan, value: unknown): void {
  const held = values[field.slot]
  if (field.shape === 'list') {
    if (held === undefined) values[field.slot] = [value]
    else (held as unknown[]).push(value)
    return
  }
  const map = (held ?? {}) as JsonObject
  const [key, element] = value as [string, unknown]
  setOwn(map, key, element)
  values[field.slot] = map
}

/** Assignment that a key named `__proto__` cannot turn into something else. */
function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
}

function toObject(slots: readonly FieldPlan[], values: readonly unknown[]): JsonObject {
  const object: JsonObject = {}
  for (let i = 0; i < slots.length; i++) {
    const field = slots[i] as FieldPlan
    let value = values[i]
    if (value === undefined) {
      if (field.absent === undefined) continue
      value = field.absent()
    } else if (value === field.hidden) continue
    if (field.inline) Object.assign(object, value)
    else object[field.json] = value
  }
  return object
}
