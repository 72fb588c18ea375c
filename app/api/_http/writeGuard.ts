import { ScopeError } from '../../../lib/core/errors'

const reading = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Against requests that a stranger's page makes in the visitor's browser. What changes something must come from our
 * own pages or from no page at all:
 *
 * - A browser names the page in `Origin` (each POST, PUT and DELETE) or says how far away it is in `Sec-Fetch-Site`;
 *   neither can be set by a page. Scripts send neither and pass.
 * - A body must say `application/json`, which no form can send and which another origin may send only after a
 *   preflight that is never answered.
 */
export function checkWrite(method: string, headers: Headers): void {
  if (reading.has(method)) return
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin' && site !== 'none') throw foreign()
  const origin = headers.get('origin')
  if (origin !== null && !isOwnOrigin(origin, headers.get('host'))) throw foreign()
  const type = headers.get('content-type')
  if (type !== null && !/^application\/json(\s*;|$)/i.test(type)) {
    throw new ScopeError('BAD_REQUEST', 'A body must be JSON: send Content-Type: application/json.', {
      subject: 'content-type',
    })
  }
}

/** The scheme is left out: TLS may end before us. Name and port must be those that the request was sent to. */
function isOwnOrigin(origin: string, host: string | null): boolean {
  const named = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1]
  return named !== undefined && host !== null && named.toLowerCase() === host.toLowerCase()
}

function foreign(): ScopeError {
  return new ScopeError('PERMISSION_DENIED', 'The request comes from a page of another origin, which may not write.')
}
