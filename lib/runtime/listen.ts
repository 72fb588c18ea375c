import type { Server } from 'node:http'
import { ScopeError } from '../core/errors'

/** How far the default port moves on when others have taken it. */
const portsToTry = 20

/**
 * Listens and answers the port. A port that was asked for and is taken stops the start; the default one moves on to
 * the next that is free.
 */
export async function listen(
  server: Server,
  address: { host: string; port: number; portGiven: boolean },
): Promise<number> {
  const attempts = address.portGiven || address.port === 0 ? 1 : portsToTry
  let failure: unknown = null
  for (let offset = 0; offset < attempts; offset++) {
    try {
      return await listenOn(server, address.host, address.port + offset)
    } catch (error) {
      failure = error
      if (codeOf(error) !== 'EADDRINUSE') break
    }
  }
  throw refusal(address, attempts, codeOf(failure))
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(error)
    server.once('error', failed)
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', failed)
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

function refusal(address: { host: string; port: number }, attempts: number, code: string): ScopeError {
  const { host, port } = address
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE:
      attempts === 1
        ? `PORT ${port} on ${host} is taken by another program; choose another one.`
        : `The ports ${port} to ${port + attempts - 1} on ${host} are all taken; set PORT to a free one.`,
    EACCES: `PORT ${port} on ${host} may not be opened by this user; choose one above 1023.`,
    EADDRNOTAVAIL: `HOST ${host} is not an address of this machine.`,
    ENOTFOUND: `HOST ${host} is not known to this machine.`,
  }
  return new ScopeError(
    'BAD_SETTING',
    sentences[code] ?? `HOST ${host} with PORT ${port} cannot be opened (${code}).`,
    {
      subject: 'PORT',
    },
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
