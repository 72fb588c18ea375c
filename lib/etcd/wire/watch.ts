import { emptyHeader, type ResponseHeader, readHeader } from './header'
import { type KeyEvent, readEvent } from './keyValue'
import { Reader } from './reader'
import { Writer } from './writer'

/** Watch service: requests of one stream, and its responses. */

export interface WatchCreate {
  readonly create: {
    readonly key: Uint8Array
    readonly rangeEnd: Uint8Array
    readonly startRevision: bigint
    readonly progressNotify: boolean
    readonly fragment: boolean
    /** Chosen by us, above 0 and unique on the stream; 0n lets the server choose. */
    readonly watchId: bigint
  }
}
export type WatchRequest = WatchCreate | { readonly cancel: bigint } | { readonly progress: true }

export interface WatchResponse {
  readonly header: ResponseHeader
  readonly watchId: bigint
  readonly created: boolean
  readonly canceled: boolean
  /** Above 0n with `canceled`: everything up to here is gone. */
  readonly compactRevision: bigint
  readonly cancelReason: string
  /** More of the same batch follows. */
  readonly fragment: boolean
  readonly events: readonly KeyEvent[]
  /** Size of the message on the wire: what keeping its events costs at most. */
  readonly sizeBytes: number
}

export function encodeWatchRequest(request: WatchRequest): Buffer {
  if ('cancel' in request) return new Writer().message(2, new Writer().int64(1, request.cancel).finish()).finish()
  if ('progress' in request) return new Writer().message(3, new Uint8Array(0)).finish()
  const { key, rangeEnd, startRevision, progressNotify, watchId, fragment } = request.create
  const create = new Writer()
    .bytes(1, key)
    .bytes(2, rangeEnd)
    .int64(3, startRevision)
    .bool(4, progressNotify)
    .int64(7, watchId)
    .bool(8, fragment)
  return new Writer().message(1, create.finish()).finish()
}

export function decodeWatchResponse(bytes: Uint8Array): WatchResponse {
  const reader = new Reader(bytes)
  let header = emptyHeader
  let watchId = 0n
  let created = false
  let canceled = false
  let compactRevision = 0n
  let cancelReason = ''
  let fragment = false
  const events: KeyEvent[] = []
  for (let tag = reader.tag(); tag !== 0; tag = reader.tag()) {
    switch (tag) {
      case 0x5a:
        events.push(readEvent(reader))
        break
      case 0x0a:
        header = readHeader(reader)
        break
      case 0x10:
        watchId = reader.int64()
        break
      case 0x18:
        created = reader.bool()
        break
      case 0x20:
        canceled = reader.bool()
        break
      case 0x28:
        compactRevision = reader.int64()
        break
      case 0x32:
        cancelReason = reader.string()
        break
      case 0x38:
        fragment = reader.bool()
        break
      default:
        reader.skip(tag)
    }
  }
  const sizeBytes = bytes.length
  return { header, watchId, created, canceled, compactRevision, cancelReason, fragment, events, sizeBytes }
}
