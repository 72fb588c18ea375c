import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import type { AddressCheck } from './addressRules'
import { checkedAddresses, pinned, type Resolve, TargetRefusal } from './checkedTarget'
import { connectionFault, longestRestMs, notSent, type SendOutcome, sent } from './sendOutcome'

/** What every sender needs of the world. */
export interface Network {
  readonly check: AddressCheck
  readonly resolve: Resolve
  /** PEM of an authority that is trusted beside the public ones. */
  readonly ca: string | null
  /** The whole exchange, name to answer. */
  readonly timeoutMs: number
  /** Epoch milliseconds, for signatures. */
  nowMs(): number
}

export interface PostRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** More of an answer is not read: what a receiver says stands in the first lines. */
const answerBytesLimit = 64 * 1024
const quotedCharacters = 200

/** The message itself is at fault: the same bytes get the same answer. Anything else may be mended on the other side. */
const refusedStatuses = new Set([400, 413, 414, 422])

/**
 * One POST to a checked and pinned address: no redirect is followed, no proxy is used, time and answer are bounded.
 * Never throws; what is told names the host only, for the rest of a URL may be a secret.
 */
export async function postJson({ url, headers, body }: PostRequest, network: Network): Promise<SendOutcome> {
  const target = new URL(url)
  const timeout = AbortSignal.timeout(network.timeoutMs)
  try {
    const timedOut = new Promise<never>((_resolve, reject) => {
      timeout.addEventListener('abort', () => reject(timeout.reason), { once: true })
    })
    timedOut.catch(() => {})
    const addresses = await Promise.race([checkedAddresses(target.hostname, network.check, network.resolve), timedOut])
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(target, {
        method: 'POST',
        agent: false,
        lookup: pinned(addresses),
        ...trusting(network.ca),
        signal: timeout,
        headers: {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'etcdscope',
          ...headers,
        },
      })
      request.once('response', resolve)
      request.once('error', reject)
      request.end(body)
    })
    return outcomeOf(answer, await textOf(answer), target.hostname)
  } catch (error) {
    if (error instanceof TargetRefusal) return notSent(error.message)
    if (timeout.aborted) return notSent(`${target.hostname} did not answer within ${network.timeoutMs / 1_000} s.`)
    return notSent(`${target.hostname} cannot be reached: ${connectionFault(error)}.`)
  }
}

/** Options of TLS: Node forgets the public authorities when it is given one. */
export function trusting(ca: string | null): { ca?: string[] } {
  return ca === null ? {} : { ca: [...rootCertificates, ca] }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer) {
    chunks.push(chunk)
    size += chunk.length
    if (size > answerBytesLimit) break
  }
  answer.destroy()
  return Buffer.concat(chunks).toString('utf8')
}

function outcomeOf(answer: IncomingMessage, text: string, host: string): SendOutcome {
  const status = answer.statusCode ?? 0
  if (status >= 200 && status < 300) return sent(status, `${host} answered ${status}.`)
  if (status >= 300 && status < 400) {
    return notSent(`${host} answered ${status}, a redirect, which is not followed: give the final URL.`, { status })
  }
  const quoted = text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, quotedCharacters)
  return notSent(`${host} answered ${status}${quoted === '' ? '' : `: ${quoted}`}.`, {
    status,
    refused: refusedStatuses.has(status),
    retryAfterMs: retryAfterMs(answer.headers['retry-after']),
  })
}

function retryAfterMs(written: string | undefined): number | null {
  if (written === undefined || !/^\d{1,9}$/.test(written)) return null
  return Math.min(Number(written) * 1_000, longestRestMs)
}
