import { hexOfId } from '../../core/int64'
import { emptyHeader, type ResponseHeader, readHeader } from './header'
import { Reader } from './reader'
import { Writer } from './writer'

/** Maintenance.HashKV and Maintenance.Alarm (GET only). */

export interface HashKvResponse {
  readonly header: ResponseHeader
  readonly hash: number
  readonly compactRevision: bigint
  /** The revision that was hashed: 3.6 and newer say it, null before. */
  readonly hashRevision: bigint | null
}

export function encodeHashKvRequest(request: { readonly revision: bigint }): Buffer {
  return new Writer().int64(1, request.revision).finish()
}

export function decodeHashKvResponse(bytes: Uint8Array): HashKvResponse {
  const reader = new Reader(bytes)
  let header = emptyHeader
  let hash = 0
  let compactRevision = 0n
  let hashRevision: bigint | null = null
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) header = readHeader(reader)
    else if (tag === 0x10) hash = reader.uint()
    else if (tag === 0x18) compactRevision = reader.int64()
    else if (tag === 0x20) hashRevision = reader.int64()
    else reader.skip(tag)
  }
  return { header, hash, compactRevision, hashRevision }
}

export interface Alarm {
  readonly memberId: string
  readonly type: 'NOSPACE' | 'CORRUPT' | 'UNKNOWN'
}

export interface AlarmResponse {
  readonly header: ResponseHeader
  readonly alarms: readonly Alarm[]
}

/** GET (0), every member (0), every alarm (0): all defaults, so nothing on the wire. */
export function encodeAlarmGetRequest(): Buffer {
  return Buffer.alloc(0)
}

export function decodeAlarmResponse(bytes: Uint8Array): AlarmResponse {
  const reader = new Reader(bytes)
  let header = emptyHeader
  const alarms: Alarm[] = []
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x0a) header = readHeader(reader)
    else if (tag === 0x12) alarms.push(readAlarm(reader))
    else reader.skip(tag)
  }
  return { header, alarms }
}

function readAlarm(reader: Reader): Alarm {
  let memberId = 0n
  let kind = 0
  const outer = reader.enter()
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x08) memberId = reader.uint64()
    else if (tag === 0x10) kind = reader.uint()
    else reader.skip(tag)
  }
  reader.leave(outer)
  return { memberId: hexOfId(memberId), type: kind === 1 ? 'NOSPACE' : kind === 2 ? 'CORRUPT' : 'UNKNOWN' }
}
