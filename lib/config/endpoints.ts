import { badSetting } from './badSetting'

const maxEndpoints = 32

/**
 * Endpoints the way etcdctl takes them: `host:port` or a URL. Answers `http://host:port` or `https://host:port`.
 * `subject` names the setting in the sentence. An endpoint that carries credentials is refused without repeating it.
 */
export function normaliseEndpoints(subject: string, written: readonly string[], tlsGiven: boolean): string[] {
  const entries = written.map((entry) => entry.trim()).filter((entry) => entry !== '')
  if (entries.length === 0) throw badSetting(subject, `${subject} names no endpoint; give host:port or a URL.`)
  if (entries.length > maxEndpoints) {
    throw badSetting(subject, `${subject} names ${entries.length} endpoints; at most ${maxEndpoints} are taken.`)
  }
  const endpoints = [...new Set(entries.map((entry) => normaliseEndpoint(subject, entry, tlsGiven)))]
  if (new Set(endpoints.map((endpoint) => endpoint.startsWith('https:'))).size > 1) {
    throw badSetting(subject, `${subject} mixes http and https endpoints; one cluster speaks one of the two.`)
  }
  return endpoints
}

function normaliseEndpoint(subject: string, entry: string, tlsGiven: boolean): string {
  if (entry.includes('@')) {
    throw badSetting(subject, `${subject} has an endpoint with a user in it; give user and password on their own.`)
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(entry)?.[1]?.toLowerCase()
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    throw badSetting(subject, `${subject} has "${entry}": ${scheme}:// endpoints are not supported, use http or https.`)
  }
  const url = parseUrl(scheme === undefined ? `${tlsGiven ? 'https' : 'http'}://${entry}` : entry)
  if (url === null) throw badSetting(subject, `${subject} has "${entry}", which is not host:port or a URL.`)
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw badSetting(subject, `${subject} has "${entry}": an endpoint ends after its port.`)
  }
  const port = portOf(entry, scheme)
  if (port === null) throw badSetting(subject, `${subject} has "${entry}" without a port, usually :2379.`)
  return `${url.protocol}//${url.hostname}:${port}`
}

/** The port as written: `URL` drops 80 and 443 where they are the scheme's own. */
function portOf(entry: string, scheme: string | undefined): number | null {
  const authority = (scheme === undefined ? entry : entry.slice(scheme.length + 3)).replace(/\/$/, '')
  const digits = /:(\d{1,5})$/.exec(authority)?.[1]
  if (digits === undefined) return null
  const port = Number(digits)
  return port >= 1 && port <= 65_535 ? port : null
}

function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}

/** A base URL of `/metrics`: http or https, no credentials, no trailing slash or `/metrics`. */
export function normaliseMetricsUrl(subject: string, written: string): string {
  const url = parseUrl(written.trim())
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw badSetting(subject, `${subject} needs an http or https URL such as http://10.0.0.1:2381.`)
  }
  if (url.username !== '' || url.password !== '') {
    throw badSetting(subject, `${subject} has a URL with a user in it, which is not supported.`)
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/metrics$/, '')
}
