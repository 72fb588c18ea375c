import type { Reader } from './reader'

/** mvccpb.KeyValue. `key` and `value` are slices of the message they came in. */
export interface KeyValue {
  readonly key: Uint8Array
  readonly value: Uint8Array
  readonly modRevision: bigint
  readonly createRevision: bigint
  readonly version: bigint
  /** 0n without a lease. */
  readonly leaseId: bigint
}

/** One change of one key as the watch stream tells it; a delete has an empty value and version 0. */
export interface KeyEvent extends KeyValue {
  readonly type: 'put' | 'delete'
}

const none = new Uint8Array(0)

/** A key as it stands, told like the put that made it. */
export function readKeyValue(reader: Reader): KeyEvent {
  return readFields(reader, 'put')
}

/** mvccpb.Event. In Go's encoding the type, when it is not the default, stands before the key-value. */
export function readEvent(reader: Reader): KeyEvent {
  let type: 'put' | 'delete' = 'put'
  let event: KeyEvent | null = null
  const outer = reader.enter()
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) type = reader.uint() === 1 ? 'delete' : 'put'
    else if (tag === 0x12) event = readFields(reader, type)
    else reader.skip(tag)
  }
  reader.leave(outer)
  if (!event) return { type, key: none, value: none, modRevision: 0n, createRevision: 0n, version: 0n, leaseId: 0n }
  return event.type === type ? event : { ...event, type }
}

/** The hot path: one object per event, of one shape. */
function readFields(reader: Reader, type: 'put' | 'delete'): KeyEvent {
  let key: Uint8Array = none
  let value: Uint8Array = none
  let modRevision = 0n
  let createRevision = 0n
  let version = 0n
  let leaseId = 0n
  const outer = reader.enter()
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case 0x0a:
        key = reader.bytes()
        break
      case 0x10:
        createRevision = reader.int64()
        break
      case 0x18:
        modRevision = reader.int64()
        break
      case 0x20:
        version = reader.int64()
        break
      case 0x2a:
        value = reader.bytes()
        break
      case 0x30:
        leaseId = reader.int64()
        break
      default:
        reader.skip(tag)
    }
  }
  reader.leave(outer)
  return { type, key, value, modRevision, createRevision, version, leaseId }
}
