import { createServer, type Server } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { listen } from '../../../lib/runtime/listen'

const servers: Server[] = []
function server(): Server {
  const created = createServer()
  servers.push(created)
  return created
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((one) => new Promise((resolve) => one.close(resolve))))
})

const host = '127.0.0.1'

describe('opening the port', () => {
  it('0 is any free one', async () => {
    expect(await listen(server(), { host, port: 0, portGiven: true })).toBeGreaterThan(0)
  })

  it('the default moves on when it is taken', async () => {
    const taken = await listen(server(), { host, port: 0, portGiven: true })
    expect(await listen(server(), { host, port: taken, portGiven: false })).toBeGreaterThan(taken)
  })

  it('one that was asked for and is taken is named in one sentence', async () => {
    const port = await listen(server(), { host, port: 0, portGiven: true })
    await expect(listen(server(), { host, port, portGiven: true })).rejects.toThrow(
      `PORT ${port} on 127.0.0.1 is taken by another program; choose another one.`,
    )
  })

  it('an address of another machine is named in one sentence', async () => {
    await expect(listen(server(), { host: '192.0.2.1', port: 0, portGiven: true })).rejects.toThrow(
      'HOST 192.0.2.1 is not an address of this machine.',
    )
  })
})
