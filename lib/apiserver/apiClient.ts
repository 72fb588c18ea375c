import http, { type IncomingMessage } from 'node:http'
import https, { type RequestOptions } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import type { KubernetesSettings } from '../config/settings'
import type { Clock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { statusFailure, transportFailure } from './callFailure'
import { execCommandOf, loadKubeConfig } from './kubeconfig'
import type { ApiLimits } from './limits'
import { type Json, parseJson } from './parseObject'

/**
 * Reads from one apiserver. It asks with GET only, so whatever the credentials allow, nothing is changed there.
 */
export interface ApiClient {
  /** The answer's head; its body is the caller's to read or destroy. Rejects for every status but 200. */
  open(path: string, query: Query, signal: AbortSignal, accept?: string): Promise<IncomingMessage>
  /** The whole answer as text; rejects above the bound. */
  text(path: string, query: Query, signal: AbortSignal, accept?: string): Promise<string>
  json(path: string, query: Query, signal: AbortSignal, accept?: string): Promise<Json>
  /** The address, once it was read; null before. */
  server(): string | null
}

export type Query = Readonly<Record<string, string>>

/** A refused request that names the time after which it may be sent again. */
export class RetryLater extends ScopeError {
  readonly afterMs: number

  constructor(afterMs: number) {
    super('UNREACHABLE', 'The apiserver asks for fewer requests (429).')
    this.afterMs = afterMs
  }
}

interface Credentials {
  readonly server: string
  readonly options: RequestOptions
  readonly readAtMs: number
}

export interface ApiClientOptions {
  readonly settings: KubernetesSettings
  readonly clock: Clock
  readonly limits: ApiLimits
}

export function createApiClient({ settings, clock, limits }: ApiClientOptions): ApiClient {
  let config: KubeConfig | null = null
  let known: Credentials | null = null
  let reading: Promise<Credentials> | null = null
  let server: string | null = null

  /** One reading at a time, so that seventy watches that open at once run a plug-in once. */
  async function credentials(signal: AbortSignal): Promise<Credentials> {
    if (known !== null && clock.nowMs() - known.readAtMs < limits.credentialKeepMs) return known
    reading ??= readCredentials().finally(() => {
      reading = null
    })
    const late = new AbortController()
    try {
      return await Promise.race([reading, tooLate(AbortSignal.any([signal, late.signal]))])
    } finally {
      late.abort()
    }
  }

  async function readCredentials(): Promise<Credentials> {
    try {
      config ??= await loadKubeConfig(settings)
      const options: RequestOptions = {}
      await config.applyToHTTPSOptions(options)
      server = config.getCurrentCluster()?.server ?? ''
      known = { server, options, readAtMs: clock.nowMs() }
      return known
    } catch (error) {
      const command = config === null ? null : execCommandOf(config)
      config = null
      // What a plug-in printed may hold anything; that it failed is what is told.
      const what = command === null ? 'The kubeconfig cannot be used' : `The credential plug-in ${command} failed`
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''
      throw new ScopeError('UNAUTHENTICATED', `${what}${code}.`, { cause: error })
    }
  }

  async function tooLate(signal: AbortSignal): Promise<never> {
    await clock.sleep(limits.credentialMs, signal)
    throw new ScopeError('UNAUTHENTICATED', `The credentials were not there within ${limits.credentialMs / 1000} s.`)
  }

  async function open(path: string, query: Query, signal: AbortSignal, accept = 'application/json') {
    for (let attempt = 1; ; attempt++) {
      const used = await credentials(signal)
      const response = await send(used, path, query, signal, accept)
      const { statusCode: status = 0 } = response
      if (status === 200) return response
      response.destroy()
      if (status === 401) {
        // Rotated files and revoked tokens: once with credentials that were read anew.
        if (known === used) forget()
        if (attempt === 1) continue
      }
      if (status === 429) throw new RetryLater(retryAfterMs(response))
      throw statusFailure(path, status)
    }
  }

  function forget(): void {
    known = null
    config = null
  }

  async function send(used: Credentials, path: string, query: Query, signal: AbortSignal, accept: string) {
    const url = new URL(used.server + path)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const late = new AbortController()
    const own = AbortSignal.any([signal, late.signal])
    const answered = new AbortController()
    void clock.sleep(limits.answerMs, AbortSignal.any([answered.signal, signal])).then(() => {
      if (!answered.signal.aborted) late.abort(new Error(`no answer within ${limits.answerMs / 1000} s`))
    })
    try {
      return await request(url, used.options, own, accept)
    } catch (error) {
      throw transportFailure(used.server, late.signal.aborted ? late.signal.reason : error)
    } finally {
      answered.abort()
    }
  }

  async function text(path: string, query: Query, signal: AbortSignal, accept?: string): Promise<string> {
    const response = await open(path, query, signal, accept)
    try {
      return await wholeText(response, limits.answerBytes)
    } catch (error) {
      throw transportFailure(server ?? '', error)
    }
  }

  return {
    server: () => server,
    open,
    text,
    json: async (path, query, signal, accept) =>
      parseJson(await text(path, query, signal, accept), `the answer to ${path}`),
  }
}

function request(url: URL, options: RequestOptions, signal: AbortSignal, accept: string): Promise<IncomingMessage> {
  const headers = { ...options.headers, accept, 'user-agent': 'etcdscope' }
  return new Promise((resolve, reject) => {
    const module = url.protocol === 'http:' ? http : https
    const sent = module.request(url, { ...options, method: 'GET', headers, signal }, resolve)
    sent.once('socket', (socket) => socket.setKeepAlive(true, 30_000))
    sent.once('error', reject)
    sent.end()
  })
}

async function wholeText(response: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > limitBytes) throw new Error(`an answer of more than ${limitBytes} bytes`)
  }
  // Without this a cut answer would read as a short one.
  if (!response.complete) throw new Error('the answer was cut off')
  return Buffer.concat(chunks).toString('utf8')
}

const longestRetryMs = 60_000

function retryAfterMs(response: IncomingMessage): number {
  const seconds = Number(response.headers['retry-after'] ?? '1')
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(longestRetryMs, seconds * 1000) : 1000
}
