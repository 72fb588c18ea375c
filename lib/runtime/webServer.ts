import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import next from 'next'
import type { Problem } from '../contract'
import { ScopeError } from '../core/errors'
import { foreignHostProblem, problemOf } from '../query/problem'
import { createHostCheck } from './hostCheck'
import { listen } from './listen'
import { securityHeaders } from './securityHeaders'

export interface WebServer {
  readonly port: number
  /** Ends streams and connections; resolves when the port is free. Idempotent. */
  stop(): Promise<void>
}

export interface WebServerOptions {
  readonly projectDir: string
  readonly host: string
  readonly port: number
  readonly portGiven: boolean
  readonly insecure: boolean
  readonly dev: boolean
}

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Requests under way get this long to finish before their connections are closed. */
const graceMs = 800

/**
 * Next's pages and routes behind our own http server, whose outermost layer refuses foreign Host headers before
 * anything else sees the request. The port opens first: a taken one is told before the slow part begins.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const isOurs = createHostCheck({ host: options.host, insecure: options.insecure, machineName: hostname() })
  const headers = securityHeaders(options.dev)
  let handle: Promise<Handle>

  const server = createServer((request, response) => {
    response.setHeaders(headers as Map<string, string>)
    if (!isOurs(request.headers.host)) return refuse(response, foreignHostProblem())
    if (!isReadable(request.url)) return refuse(response, unreadablePath())
    handle
      .then((answer) => answer(request, response))
      .catch((error: unknown) => {
        console.error(error)
        if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'text/plain' })
        response.end()
      })
  })
  server.on('upgrade', (request, socket) => {
    if (!options.dev || !isOurs(request.headers.host)) socket.destroy()
  })
  const opened = listen(server, options)
  handle = opened.then((port) => prepareNext(options, server, port))
  // A request that waits for it sees the failure too; without one it must not count as unhandled.
  handle.catch(() => {})
  const port = await opened
  await handle
  return { port, stop: onceStopped(server) }
}

async function prepareNext(options: WebServerOptions, httpServer: Server, port: number): Promise<Handle> {
  const { projectDir: dir, host: hostname, dev } = options
  const app = next({ dev, dir, hostname, port, httpServer, quiet: true })
  await app.prepare()
  return app.getRequestHandler()
}

/** Whether every `%` in the path begins an escape of UTF-8: Next answers any other with a bare 500. */
function isReadable(target: string | undefined): boolean {
  try {
    decodeURIComponent((target ?? '').split('?', 1)[0] ?? '')
    return true
  } catch {
    return false
  }
}

function unreadablePath(): Problem {
  return problemOf(
    new ScopeError('BAD_REQUEST', 'The path holds a percent escape that is not UTF-8.', { subject: 'path' }),
  )
}

function refuse(response: ServerResponse, problem: Problem): void {
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    Connection: 'close',
  })
  response.end(JSON.stringify(problem))
}

function onceStopped(server: Server): () => Promise<void> {
  let stopped: Promise<void> | null = null
  return () => {
    stopped ??= new Promise((resolve) => {
      const force = setTimeout(() => server.closeAllConnections(), graceMs)
      server.close(() => {
        clearTimeout(force)
        resolve()
      })
      server.closeIdleConnections()
    })
    return stopped
  }
}
