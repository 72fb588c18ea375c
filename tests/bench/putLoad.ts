import { Client, credentials } from '@grpc/grpc-js'

/**
 * A process of its own that writes to etcd: `putLoad <endpoint> <mode> …`, one JSON line of results at the end.
 *
 * - `saturate <seconds> <clients> <valueBytes>`: that many puts in flight at all times.
 * - `paced <seconds> <perSecond> <valueBytes>`: evenly spaced puts; answers each acknowledgement's time by revision.
 * - `transactions <seconds> <perSecond> <valueBytes>`: evenly spaced transactions of ten puts each.
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

/** TxnRequest {2: RequestOp {2: PutRequest}} for each put. */
function encodeTransaction(puts: { key: Buffer; value: Buffer }[]): Buffer {
  return Buffer.concat(puts.map((request) => field(2, field(2, encodePut(request)))))
}

/** PutResponse and TxnResponse {1: header {3: revision}}: every field before the revision is a varint. */
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

function requestOf(key: string): { key: Buffer; value: Buffer } {
  const request = { key: Buffer.from(key), value: Buffer.from(value) }
  request.value.write(key, 0)
  return request
}

const put = (key: string) => call('Put', encodePut, requestOf(key))
const putTogether = (keys: string[]) => call('Txn', encodeTransaction, keys.map(requestOf))

/** Answers the revision that was written. */
function call<T>(method: string, encode: (request: T) => Buffer, request: T): Promise<number> {
  const channel = channels[next++ % channels.length] as Client
  return new Promise((resolve, reject) =>
    channel.makeUnaryRequest(`/etcdserverpb.KV/${method}`, encode, decodeRevision, request, (error, revision) =>
      error !== null || revision === undefined ? reject(error) : resolve(revision),
    ),
  )
}

/** Starts `work` at even intervals, without waiting for it in between. */
async function paced(seconds: number, perSecond: number, work: (turn: number) => Promise<void>): Promise<void> {
  const pending: Promise<void>[] = []
  for (let turn = 0; turn < seconds * perSecond; turn++) {
    const waitMs = startedMs + (turn * 1000) / perSecond - Date.now()
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
    pending.push(work(turn))
  }
  await Promise.all(pending)
}

/** Leaves only when the reader has all of it. */
async function answer(result: object): Promise<void> {
  await new Promise((resolve) => process.stdout.write(JSON.stringify({ ...result, seconds: secondsSince() }), resolve))
  process.exit(0)
}

const secondsSince = () => (Date.now() - startedMs) / 1000

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
  await answer({ puts: await inFlight(second, () => Date.now() < endMs) })
} else if (mode === 'count') {
  let left = first
  await answer({ puts: await inFlight(second, () => left-- > 0) })
} else if (mode === 'paced') {
  const acknowledged: [revision: number, atMs: number][] = []
  await paced(first, second, async (turn) => {
    const revision = await put(`bench/${process.pid}/${turn % 1000}`)
    acknowledged.push([revision, Date.now()])
  })
  await answer({ puts: acknowledged.length, acknowledged })
} else if (mode === 'transactions') {
  await paced(first, second, async (turn) => {
    await putTogether(Array.from({ length: 10 }, (_, i) => `bench/${process.pid}/${turn % 100}/${i}`))
  })
  await answer({ puts: first * second * 10 })
} else throw new Error(`unknown mode ${mode}`)
