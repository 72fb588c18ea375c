import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A TCP proxy between a client and one server that tests use to cut, stall and refuse connections. */

export interface TcpProxy {
  readonly port: number
  /** `http://127.0.0.1:port`. */
  readonly endpoint: string
  /** Connections accepted so far. */
  readonly accepted: number
  /** Bytes passed from server to client so far. */
  readonly bytesDown: number
  /** Resets every open connection now. */
  cut(): void
  /** Resets the connection that brings the total from server to client to this many bytes. */
  cutAfter(bytesDown: number): void
  /** While true nothing passes in either direction; connections stay open. */
  stall(on: boolean): void
  /** While true new connections are reset at once. */
  refuse(on: boolean): void
  stop(): Promise<void>
}

interface Pair {
  readonly client: Socket
  readonly server: Socket
}

export async function startTcpProxy(targetPort: number, scheme: 'http' | 'https' = 'http'): Promise<TcpProxy> {
  const pairs = new Set<Pair>()
  let accepted = 0
  let bytesDown = 0
  let cutAt: number | null = null
  let refusing = false
  let stalled = false

  const reset = (pair: Pair) => {
    pairs.delete(pair)
    pair.client.resetAndDestroy()
    pair.server.destroy()
  }
  const listener = createServer((client) => {
    client.on('error', () => undefined)
    if (refusing) return void client.resetAndDestroy()
    accepted++
    const server = connect(targetPort, '127.0.0.1')
    const pair = { client, server }
    pairs.add(pair)
    server.on('error', () => reset(pair))
    client.on('close', () => reset(pair))
    server.on('close', () => reset(pair))
    client.pipe(server)
    server.pipe(client)
    server.on('data', (chunk: Buffer) => {
      bytesDown += chunk.length
      if (cutAt === null || bytesDown < cutAt) return
      cutAt = null
      reset(pair)
    })
    if (stalled) hold(pair)
  })
  const hold = ({ client, server }: Pair) => {
    client.unpipe(server)
    server.unpipe(client)
    client.pause()
    server.pause()
  }
  const release = ({ client, server }: Pair) => {
    client.pipe(server)
    server.pipe(client)
  }
  const port = await new Promise<number>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', () => resolve((listener.address() as AddressInfo).port))
  })
  return {
    port,
    endpoint: `${scheme}://127.0.0.1:${port}`,
    get accepted() {
      return accepted
    },
    get bytesDown() {
      return bytesDown
    },
    cut: () => {
      for (const pair of [...pairs]) reset(pair)
    },
    cutAfter: (bytes) => {
      cutAt = bytes
    },
    stall: (on) => {
      stalled = on
      for (const pair of pairs) on ? hold(pair) : release(pair)
    },
    refuse: (on) => {
      refusing = on
    },
    stop: () =>
      new Promise((resolve) => {
        listener.close(() => resolve())
        for (const pair of [...pairs]) reset(pair)
      }),
  }
}
