import { connect as connectTcp, isIP } from 'node:net'
import { checkServerIdentity, connect as connectTls, type TLSSocket } from 'node:tls'
import type { TlsSettings } from '../config/settings'
import { ScopeError } from '../core/errors'
import type { Endpoint } from './endpoint'
import { probeDeadlineMs } from './limits'

/**
 * A second look at an endpoint that gRPC could not use. gRPC says "unavailable" for a wrong CA, a name that does not
 * match, a missing client certificate and plain http alike; the socket itself tells them apart.
 */

/** The reason as an error to show, or null when a connection is possible now. */
export async function probeFailure(endpoint: Endpoint, tls: TlsSettings | null): Promise<ScopeError | null> {
  const tcp = await tcpFailure(endpoint)
  if (tcp) return socketError(endpoint, tcp)
  const secured = await tlsFailure(endpoint, endpoint.secure ? tls : null)
  if (endpoint.secure) {
    if (secured && /ECONNRESET|EPIPE/.test(codeOf(secured)) && (await answersPlainHttp(endpoint))) {
      return new ScopeError('TLS', plainHttpSentence(endpoint))
    }
    return secured ? tlsError(endpoint, secured) : null
  }
  // A plain endpoint on which a TLS handshake works is an https one.
  return secured === null || isCertificateProblem(codeOf(secured))
    ? new ScopeError('TLS', `${endpoint.authority} speaks https: write https:// before it in ETCDCTL_ENDPOINTS.`)
    : null
}

/** A sentence for what went wrong below TLS; null when the error is of another kind. */
export function socketError(endpoint: Endpoint, error: Error): ScopeError | null {
  const at = endpoint.authority
  const text = `${codeOf(error)} ${error.message}`
  const sentence = /ECONNREFUSED/.test(text)
    ? `Connection refused at ${at}.`
    : /ENOTFOUND|EAI_AGAIN|Name resolution failed/.test(text)
      ? `The name of ${at} cannot be resolved.`
      : /EHOSTUNREACH|ENETUNREACH/.test(text)
        ? `There is no route to ${at}.`
        : /ETIMEDOUT/.test(text)
          ? `No answer from ${at}: the connection timed out.`
          : /ECONNRESET|EPIPE|socket hang up/.test(text)
            ? `The connection to ${at} was reset.`
            : null
  return sentence === null ? null : new ScopeError('UNREACHABLE', sentence, { cause: error })
}

function tcpFailure(endpoint: Endpoint): Promise<Error | null> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: endpoint.host, port: endpoint.port })
    const done = (error: Error | null) => {
      socket.destroy()
      resolve(error)
    }
    socket.setTimeout(probeDeadlineMs, () => done(coded('ETIMEDOUT', 'no answer')))
    socket.once('connect', () => done(null))
    socket.once('error', done)
  })
}

function tlsFailure(endpoint: Endpoint, tls: TlsSettings | null): Promise<Error | null> {
  return new Promise((resolve) => {
    const name = tls?.serverName ?? endpoint.host
    const socket: TLSSocket = connectTls({
      host: endpoint.host,
      port: endpoint.port,
      ALPNProtocols: ['h2'],
      rejectUnauthorized: tls?.insecureSkipVerify !== true,
      ...(isIP(name) ? {} : { servername: name }),
      ...(tls?.serverName ? { checkServerIdentity: checkAgainst(tls.serverName) } : {}),
      ...(tls?.ca ? { ca: tls.ca } : {}),
      ...(tls?.cert ? { cert: tls.cert } : {}),
      ...(tls?.key ? { key: tls.key } : {}),
    })
    const done = (error: Error | null) => {
      socket.destroy()
      resolve(error)
    }
    let shaken = false
    socket.once('secureConnect', () => {
      shaken = true
    })
    socket.setTimeout(probeDeadlineMs, () => done(shaken ? null : coded('ETIMEDOUT', 'no answer')))
    // With TLS 1.3 a missing client certificate is refused after the handshake: the server's first bytes (its HTTP/2
    // settings) or its alert decide.
    socket.once('data', () => done(null))
    socket.once('error', done)
    socket.once('close', () => done(coded('ECONNRESET', 'closed')))
  })
}

function checkAgainst(serverName: string) {
  return (_host: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
    checkServerIdentity(serverName, certificate)
}

const caProblems = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
])

function isCertificateProblem(code: string): boolean {
  return caProblems.has(code) || code.startsWith('CERT_') || code === 'ERR_TLS_CERT_ALTNAME_INVALID'
}

function tlsError(endpoint: Endpoint, error: Error): ScopeError {
  const at = endpoint.authority
  const code = codeOf(error)
  const text = `${code} ${error.message}`
  const sentence = caProblems.has(code)
    ? `The certificate of ${at} is not signed by the given CA (ETCDCTL_CACERT).`
    : code === 'CERT_HAS_EXPIRED'
      ? `The certificate of ${at} has expired.`
      : code === 'CERT_NOT_YET_VALID'
        ? `The certificate of ${at} is not valid yet.`
        : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
          ? `The certificate of ${at} is for another name: ${error.message.replace(/\.$/, '')}.`
          : /ALERT|HANDSHAKE_FAILURE|CERTIFICATE_REQUIRED|BAD_CERTIFICATE|alert (bad|unknown|certificate)/i.test(text)
            ? `${at} refused the client certificate: it asks for one signed by its own CA (ETCDCTL_CERT, ETCDCTL_KEY).`
            : /WRONG_VERSION_NUMBER|packet length too long/i.test(text)
              ? plainHttpSentence(endpoint)
              : null
  if (sentence) return new ScopeError('TLS', sentence, { cause: error })
  return (
    socketError(endpoint, error) ?? new ScopeError('TLS', `TLS with ${at} failed: ${error.message}.`, { cause: error })
  )
}

function plainHttpSentence(endpoint: Endpoint): string {
  return `${endpoint.authority} does not speak TLS: write http:// before it in ETCDCTL_ENDPOINTS.`
}

/** A TLS server may answer plain http too, but only to say that it is one. */
function answersPlainHttp(endpoint: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: endpoint.host, port: endpoint.port })
    const done = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(probeDeadlineMs, () => done(false))
    socket.once('error', () => done(false))
    socket.once('close', () => done(false))
    socket.once('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      done(text.startsWith('HTTP/1.') && !text.includes('HTTPS server'))
    })
    socket.write(`GET /health HTTP/1.1\r\nHost: ${endpoint.authority}\r\nConnection: close\r\n\r\n`)
  })
}

function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
