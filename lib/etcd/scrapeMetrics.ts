import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { checkServerIdentity, type SecureContextOptions } from 'node:tls'
import type { TlsSettings } from '../config/settings'
import { ScopeError } from '../core/errors'
import { type Endpoint, parseEndpoint } from './endpoint'
import { probeFailure, socketError } from './failureProbe'
import { callDeadlineMs, metricsTextLimitBytes } from './limits'
import { type MetricFamily, parseMetricsText } from './metricsText'

export interface ScrapeOptions {
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
  /** Families to keep; null or left out: all. */
  readonly wanted?: ReadonlySet<string> | null
}

/** The metrics that a member serves now. `baseUrl` is a client URL or a metrics URL, without the path. */
export async function scrapeMetrics(
  baseUrl: string,
  tls: TlsSettings | null,
  { deadlineMs = callDeadlineMs, signal, wanted = null }: ScrapeOptions = {},
): Promise<MetricFamily[]> {
  const endpoint = parseEndpoint(baseUrl)
  const deadline = AbortSignal.timeout(deadlineMs)
  try {
    const text = await fetchText(endpoint, tls, signal ? AbortSignal.any([signal, deadline]) : deadline)
    return parseMetricsText(text, wanted)
  } catch (error) {
    if (error instanceof ScopeError) throw error
    if (signal?.aborted) throw new ScopeError('UNREACHABLE', `The scrape of ${endpoint.authority} was given up.`)
    if (deadline.aborted) {
      const sentence = `No metrics from ${endpoint.authority} within ${deadlineMs / 1000} s.`
      throw new ScopeError('UNREACHABLE', sentence, { cause: error })
    }
    throw await explain(endpoint, tls, error)
  }
}

async function explain(endpoint: Endpoint, tls: TlsSettings | null, error: unknown): Promise<ScopeError> {
  const cause = error instanceof Error ? error : new Error(String(error))
  return (
    (await probeFailure(endpoint, tls)) ??
    socketError(endpoint, cause) ??
    new ScopeError('UNREACHABLE', `The metrics of ${endpoint.authority} could not be read: ${cause.message}.`, {
      cause,
    })
  )
}

function fetchText(endpoint: Endpoint, tls: TlsSettings | null, signal: AbortSignal): Promise<string> {
  const { host, port, authority } = endpoint
  const place = { host, port, path: '/metrics', signal, agent: false }
  return new Promise((resolve, reject) => {
    const ask = endpoint.secure ? requestHttps({ ...place, ...secureOptions(tls) }) : requestHttp(place)
    ask.once('error', reject)
    ask.once('response', (answer) => {
      const chunks: Buffer[] = []
      let bytes = 0
      answer.once('error', reject)
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        chunks.push(chunk)
        if (bytes <= metricsTextLimitBytes) return
        ask.destroy()
        reject(
          new ScopeError('UNSUPPORTED', `The metrics of ${authority} are larger than ${metricsTextLimitBytes} bytes.`),
        )
      })
      answer.once('end', () => {
        if (answer.statusCode === 200) return resolve(Buffer.concat(chunks).toString('utf8'))
        reject(new ScopeError('UNREACHABLE', `${authority} answered /metrics with HTTP status ${answer.statusCode}.`))
      })
    })
    ask.end()
  })
}

function secureOptions(tls: TlsSettings | null) {
  const options: SecureContextOptions = {
    ...(tls?.ca ? { ca: tls.ca } : {}),
    ...(tls?.cert ? { cert: tls.cert } : {}),
    ...(tls?.key ? { key: tls.key } : {}),
  }
  const name = tls?.serverName ?? null
  return {
    ...options,
    rejectUnauthorized: tls?.insecureSkipVerify !== true,
    ...(name === null || isIP(name) ? {} : { servername: name }),
    ...(name === null
      ? {}
      : {
          checkServerIdentity: (_host: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
            checkServerIdentity(name, certificate),
        }),
  }
}
