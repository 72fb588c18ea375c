import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server on loopback that keeps what it was sent and answers as it is told. */
export interface HttpReceiver {
  readonly url: string
  readonly requests: ReceivedRequest[]
  /** The next answers; when there are no more it is 200 with `ok`. */
  readonly answers: { status?: number; headers?: Record<string, string>; body?: string; hang?: boolean }[]
}

export interface ReceivedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** With a certificate it speaks TLS. */
export async function startHttpReceiver(certificate?: { cert: Buffer; key: Buffer }): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = []
  const answers: HttpReceiver['answers'] = []
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      const answer = answers.shift() ?? {}
      if (answer.hang === true) return
      response.writeHead(answer.status ?? 200, answer.headers)
      response.end(answer.body ?? 'ok')
    })
  }
  const server = certificate === undefined ? createServer(listener) : createSecureServer(certificate, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const { port } = server.address() as AddressInfo
  return { url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, requests, answers }
}
