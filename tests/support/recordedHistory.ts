/**
 * The recorded Kubernetes cluster's whole history, one event after the other, as the unit tests read it: no etcd has
 * to be started for them. `extractHistory.ts` writes the file, this reads it.
 *
 * The file is Brotli over records of: op (0 put, 1 delete), then as varints modRevision, createRevision, version,
 * the lease as eight bytes, and key and value each with its length.
 */
import { readFileSync } from 'node:fs'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

export type RecordedEvent = {
  op: 'put' | 'delete'
  key: Buffer
  value: Buffer
  modRevision: bigint
  createRevision: bigint
  version: bigint
  leaseId: bigint
}

const folder = new URL('../fixtures/kubernetes/', import.meta.url)

/** All 12,000 events in the order of their revisions. */
export function readRecordedHistory(): RecordedEvent[] {
  const bytes = brotliDecompressSync(readFileSync(new URL('history.br', folder)))
  const events: RecordedEvent[] = []
  let at = 0
  const varint = () => {
    let value = 0
    let scale = 1
    for (;;) {
      const byte = bytes.readUInt8(at++)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
      scale *= 128
    }
  }
  const take = () => {
    const length = varint()
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const op = bytes.readUInt8(at++) === 1 ? 'delete' : 'put'
    const [modRevision, createRevision, version] = [BigInt(varint()), BigInt(varint()), BigInt(varint())]
    const leaseId = bytes.readBigUInt64BE(at)
    at += 8
    const key = take()
    const value = take()
    events.push({ op, key, value, modRevision, createRevision, version, leaseId })
  }
  return events
}

/** What lives after the last event up to `revision`, by key. */
export function liveKeysAt(events: readonly RecordedEvent[], revision: bigint): Map<string, RecordedEvent> {
  const live = new Map<string, RecordedEvent>()
  for (const event of events) {
    if (event.modRevision > revision) break
    if (event.op === 'put') live.set(event.key.toString(), event)
    else live.delete(event.key.toString())
  }
  return live
}

export type ObjectList = { kind: string; apiVersion: string; items: Record<string, unknown>[] }

/** API path to the list that the apiserver itself returned at the end of the recording. */
export function readRecordedLists(): Record<string, ObjectList> {
  return JSON.parse(gunzipSync(readFileSync(new URL('objects.json.gz', folder))).toString())
}

export type TimelineEntry = {
  t: string
  action: string
  apiVersion: string
  kind: string
  namespace: string
  name: string
  detail: string
  fieldManager: string
  resourceVersionAfter: string | null
}

/** What the driver of the recording did, each with the revision that it made. */
export function readRecordedTimeline(): TimelineEntry[] {
  return JSON.parse(readFileSync(new URL('timeline.json', folder)).toString())
}
