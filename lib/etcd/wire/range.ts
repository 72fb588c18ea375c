import { emptyHeader, type ResponseHeader, readHeader } from './header'
import { type KeyEvent, readKeyValue } from './keyValue'
import { Reader } from './reader'
import { Writer } from './writer'

/** KV.Range, the only verb of the KV service that the product speaks: it never writes to the cluster it watches. */

export interface RangeRequest {
  readonly key: Uint8Array
  /** Empty: the one key. A single zero byte: every key from `key` on. */
  readonly rangeEnd: Uint8Array
  /** 0n: no limit. */
  readonly limit?: bigint
  /** 0n: now. */
  readonly revision?: bigint
  /** Answered by the member alone, possibly stale. */
  readonly serializable?: boolean
  readonly keysOnly?: boolean
  readonly countOnly?: boolean
}

export interface RangeResponse {
  readonly header: ResponseHeader
  readonly kvs: readonly KeyEvent[]
  readonly more: boolean
  readonly count: bigint
  readonly sizeBytes: number
}

export function encodeRangeRequest(request: RangeRequest): Buffer {
  return new Writer()
    .bytes(1, request.key)
    .bytes(2, request.rangeEnd)
    .int64(3, request.limit ?? 0n)
    .int64(4, request.revision ?? 0n)
    .bool(7, request.serializable ?? false)
    .bool(8, request.keysOnly ?? false)
    .bool(9, request.countOnly ?? false)
    .finish()
}

export function decodeRangeResponse(bytes: Uint8Array): RangeResponse {
  const reader = new Reader(bytes)
  let header = emptyHeader
  let more = false
  let count = 0n
  const kvs: KeyEvent[] = []
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    if (tag === 0x12) kvs.push(readKeyValue(reader))
    else if (tag === 0x0a) header = readHeader(reader)
    else if (tag === 0x18) more = reader.bool()
    else if (tag === 0x20) count = reader.int64()
    else reader.skip(tag)
  }
  return { header, kvs, more, count, sizeBytes: bytes.length }
}
