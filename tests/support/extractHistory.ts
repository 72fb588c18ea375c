/**
 * Writes tests/fixtures/kubernetes/history.br from a running etcd that was restored from the recorded snapshot:
 *
 *   etcdctl watch --rev=1 --prefix '' -w json | npx tsx tests/support/extractHistory.ts 12001
 *
 * The argument is the last revision to keep: what etcd itself expires after the restore is not part of the recording.
 */
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { brotliCompressSync, constants } from 'node:zlib'

type WatchedKv = {
  key: string
  value?: string
  create_revision?: number
  mod_revision: number
  version?: number
  lease?: string
}
type WatchedEvent = { type?: number; kv: WatchedKv }

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 0x80)
    rest = Math.floor(rest / 128)
  }
  bytes.push(rest)
  return Buffer.from(bytes)
}

const lastRevision = Number(process.argv[2] ?? Number.POSITIVE_INFINITY)
const parts: Buffer[] = []
let count = 0
for await (const line of createInterface({ input: process.stdin })) {
  // A lease id does not fit in a double: it is quoted before the line is parsed.
  const response = JSON.parse(line.replace(/"lease":(\d+)/g, '"lease":"$1"')) as { Events: WatchedEvent[] }
  for (const { type, kv } of response.Events) {
    if (kv.mod_revision > lastRevision) continue
    const lease = Buffer.alloc(8)
    lease.writeBigUInt64BE(BigInt(kv.lease ?? 0))
    const key = Buffer.from(kv.key, 'base64')
    const value = Buffer.from(kv.value ?? '', 'base64')
    parts.push(Buffer.from([type === 1 ? 1 : 0]), varint(kv.mod_revision), varint(kv.create_revision ?? 0))
    parts.push(varint(kv.version ?? 0), lease, varint(key.length), key, varint(value.length), value)
    count++
  }
}
const packed = brotliCompressSync(Buffer.concat(parts), {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
})
writeFileSync(new URL('../fixtures/kubernetes/history.br', import.meta.url), packed)
console.log(`${count} events, ${packed.length} bytes`)
