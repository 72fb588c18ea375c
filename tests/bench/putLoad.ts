import { Client, credentials } from '@grpc/grpc-js'

/**
 * A process of its own that writes to etcd: `putLoad <endpoint> <mode> …`, one JSON line of results at the end.
 *
 * - `saturate <seconds> <clients> <valueBytes>`: that many puts in flight at all times.
 * - `paced <seconds> <perSecond> <valueBytes>`: evenly spaced puts; answers each acknowledgement's time by revision.
 * - `count <puts> <clients> <valueBytes>`: that many puts, as fast as they go.
 */

/** PutRequest {1: key, 2: value}. */
function encodePut(request: { key: Buffer; value: Buffer }): Buffer {
  return Buffer.concat([field(1, request.key), field(2, request.value)])
}

function field(id: number, bytes: Buffer): Buffer {
  const head: number[] = [(id << 3) | 2]
  let length = bytes.length
  while (length > 0x7f) {
    head.push((length & 0x7f) | 0x80)
    length >>>= 7
  }
  head.push(length)
  return Buffer.concat([Buffer.from(head), bytes])
}

/** PutResponse {1: header {3: revision}}: every field before the revision is a varint. */
function decodeRevision(answer: Buffer): number {
  let at = 2
  for (;;) {
    const tag = answer[at++] ?? 0
    let value = 0
    let scale = 1
    for (;;) {
      const byte = answer[at++] ?? 0
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) break
    }
    if (tag >> 3 === 3) return value
  }
}

const [endpoint = '', mode = '', ...rest] = process.argv.slice(2)
const [first = 0, second = 0, valueBytes = 1024] = rest.map(Number)
const channels = Array.from(
  { length: 4 },
  () =>
    new Client(endpoint.replace('http://', ''), credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
)
let next = 0
const value = Buffer.alloc(valueBytes)
for (let i = 0; i < valueBytes; i++) value[i] = 97 + ((i * 7 + (i >> 5)) % 26)

function put(key: string): Promise<number> {
  const channel = channels[next++ % channels.length] as Client
  const request = { key: Buffer.from(key), value: Buffer.from(value) }
  request.value.write(key, 0)
  return new Promise((resolve, reject) =>
    channel.makeUnaryRequest('/etcdserverpb.KV/Put', encodePut, decodeRevision, request, (error, revision) =>
      error !== null || revision === undefined ? reject(error) : resolve(revision),
    ),
  )
}

async function inFlight(clients: number, more: () => boolean): Promise<number> {
  let done = 0
  let serial = 0
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (more()) {
        await put(`bench/${process.pid}/${(serial++).toString(36).padStart(7, '0')}`)
        done++
      }
    }),
  )
  return done
}

const startedMs = Date.now()
if (mode === 'saturate') {
  const endMs = startedMs + first * 1000
  const done = await inFlight(second, () => Date.now() < endMs)
  console.log(JSON.stringify({ puts: done, seconds: (Date.now() - startedMs) / 1000 }))
} else if (mode === 'count') {
  let left = first
  const done = await inFlight(second, () => left-- > 0)
  console.log(JSON.stringify({ puts: done, seconds: (Date.now() - startedMs) / 1000 }))
} else if (mode === 'paced') {
  const total = first * second
  const acknowledged: [revision: number, atMs: number][] = []
  const pending: Promise<void>[] = []
  for (let i = 0; i < total; i++) {
    const dueMs = startedMs + (i * 1000) / second
    const waitMs = dueMs - Date.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    pending.push(
      put(`bench/${process.pid}/${i % 1000}`).then((revision) => {
        acknowledged.push([revision, performance.timeOrigin + performance.now()])
      }),
    )
  }
  await Promise.all(pending)
  console.log(JSON.stringify({ puts: total, seconds: (Date.now() - startedMs) / 1000, acknowledged }))
} else throw new Error(`unknown mode ${mode}`)
process.exit(0)
