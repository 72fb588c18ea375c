import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * The network between the members of a test cluster: each member is reached by its peers through a proxy here, and
 * single links can be cut. Who calls stands in rafthttp's `X-Server-From`, which every peer request carries.
 */
export interface PeerLinks {
  /** Where the peers reach the member, in the order of the ports given. */
  readonly urls: readonly string[]
  /** Cuts a member off from all others, in both directions; null joins all again. */
  isolate(member: { readonly index: number; readonly id: string } | null): void
  stop(): Promise<void>
}

interface Link {
  readonly client: Socket
  readonly server: Socket
  /** The caller's member id, hex; null until it has said so. */
  from: string | null
  /** Index of the port. */
  readonly to: number
}

export async function startPeerLinks(ports: readonly number[]): Promise<PeerLinks> {
  const links = new Set<Link>()
  let isolated: { readonly index: number; readonly id: string } | null = null

  const isCut = (link: Link) => isolated !== null && (link.from === isolated.id || link.to === isolated.index)
  const drop = (link: Link) => {
    links.delete(link)
    link.client.destroy()
    link.server.destroy()
  }
  const serverFor = (port: number, to: number): Promise<Server> =>
    new Promise((resolve, reject) => {
      const listener = createServer((client) => {
        const link: Link = { client, server: connect(port, '127.0.0.1'), from: null, to }
        links.add(link)
        for (const socket of [client, link.server]) {
          socket.on('error', () => drop(link))
          socket.on('close', () => drop(link))
        }
        client.on('data', (chunk: Buffer) => {
          link.from ??= /x-server-from: *([0-9a-f]+)/i.exec(chunk.toString('latin1'))?.[1] ?? null
          if (isCut(link)) return drop(link)
          if (!link.server.write(chunk)) client.pause()
        })
        link.server.on('drain', () => client.resume())
        link.server.pipe(client)
      })
      listener.once('error', reject)
      listener.listen(0, '127.0.0.1', () => resolve(listener))
    })

  const listeners = await Promise.all(ports.map(serverFor))
  return {
    urls: listeners.map((listener) => `http://127.0.0.1:${(listener.address() as AddressInfo).port}`),
    isolate(member) {
      isolated = member
      for (const link of [...links]) if (isCut(link)) drop(link)
    },
    async stop() {
      for (const link of [...links]) drop(link)
      await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))))
    },
  }
}
