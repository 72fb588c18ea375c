import { X509Certificate } from 'node:crypto'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP } from 'node:net'
import { checkServerIdentity, type SecureContextOptions, TLSSocket } from 'node:tls'
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
    const { text, expirySeconds } = await fetchText(
      endpoint,
      tls,
      signal ? AbortSignal.any([signal, deadline]) : deadline,
    )
    return [...parseMetricsText(text, wanted), ...certificateFamily(endpoint, tls, expirySeconds)]
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

/** When certificates expire: the one that the endpoint showed, and the one that we show. */
export const certificateExpiryMetric = 'etcdscope_certificate_expiry_time_seconds'
const ownCertificate = 'client certificate of etcdscope'

function certificateFamily({ authority }: Endpoint, tls: TlsSettings | null, shown: number | null): MetricFamily[] {
  const own = tls?.cert == null ? null : expiryOf(tls.cert)
  const series = [
    ...(shown === null ? [] : [{ labels: { endpoint: authority }, value: shown }]),
    ...(own === null ? [] : [{ labels: { endpoint: ownCertificate }, value: own }]),
  ]
  return series.length === 0 ? [] : [{ name: certificateExpiryMetric, type: 'gauge', series }]
}

/** Seconds since 1970; null for what is no certificate: connecting with it says why. */
function expiryOf(pem: Buffer | string): number | null {
  try {
    return secondsOf(new X509Certificate(pem).validTo)
  } catch {
    return null
  }
}

function secondsOf(time: string | undefined): number | null {
  const ms = Date.parse(time ?? '')
  return Number.isNaN(ms) ? null : ms / 1000
}

interface Fetched {
  readonly text: string
  /** Of the certificate that the endpoint showed; null without TLS. */
  readonly expirySeconds: number | null
}

function fetchText(endpoint: Endpoint, tls: TlsSettings | null, signal: AbortSignal): Promise<Fetched> {
  const { host, port, authority } = endpoint
  const place = { host, port, path: '/metrics', signal, agent: false }
  return new Promise((resolve, reject) => {
    const ask = endpoint.secure ? requestHttps({ ...place, ...secureOptions(tls) }) : requestHttp(place)
    ask.once('error', reject)
    ask.once('response', (answer) => {
      const chunks: Buffer[] = []
      let bytes = 0
      const { socket } = answer
      const expirySeconds = socket instanceof TLSSocket ? secondsOf(socket.getPeerCertificate().valid_to) : null
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
        if (answer.statusCode === 200) return resolve({ text: Buffer.concat(chunks).toString('utf8'), expirySeconds })
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
