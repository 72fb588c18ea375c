import { ScopeError } from '../core/errors'

/** A member's client address, taken apart once. */
export interface Endpoint {
  /** As given: `https://10.0.4.13:2379`. */
  readonly url: string
  readonly secure: boolean
  /** Without brackets when it is IPv6. */
  readonly host: string
  readonly port: number
  /** `10.0.4.13:2379`: what sentences name and gRPC dials. */
  readonly authority: string
}

export function parseEndpoint(url: string): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new ScopeError('BAD_SETTING', `The endpoint "${url}" is not http://host:port or https://host:port.`, {
      subject: 'ETCDCTL_ENDPOINTS',
    })
  }
  const secure = parsed.protocol === 'https:'
  const port = parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port)
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1')
  return { url, secure, host, port, authority: `${parsed.hostname}:${port}` }
}
