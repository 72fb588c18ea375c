import { isIP } from 'node:net'

/**
 * Against DNS rebinding: a page of a stranger whose name suddenly points at 127.0.0.1 still sends its own name as
 * Host. Loopback names are always ours, with any port: a tunnel (`ssh -L`, `kubectl port-forward`) changes the port,
 * and the port tells nothing about who made the page. Listening elsewhere, the HOST itself, this machine's name and
 * plain addresses are ours too: an address cannot be rebound.
 */
export function createHostCheck(options: {
  host: string
  insecure: boolean
  machineName: string
}): (hostHeader: string | undefined) => boolean {
  const names = new Set(['localhost', '127.0.0.1', '::1', nameOf(options.host) ?? ''])
  if (options.insecure) names.add(options.machineName.toLowerCase())
  return (hostHeader) => {
    const name = hostHeader === undefined ? null : nameOf(hostHeader)
    if (name === null || name === '') return false
    return names.has(name) || (options.insecure && isIP(name) !== 0)
  }
}

/** The name in a Host header without port and brackets, lower case; null when it is malformed. */
function nameOf(host: string): string | null {
  if (isIP(host) === 6) return host.toLowerCase()
  const bracketed = /^\[([0-9a-f:.]{2,45})\](?::\d{1,5})?$/i.exec(host)
  if (bracketed !== null) return isIP(bracketed[1] ?? '') === 6 ? (bracketed[1] ?? '').toLowerCase() : null
  const plain = /^([a-z0-9._-]{1,253})(?::\d{1,5})?$/i.exec(host)
  return plain === null ? null : (plain[1] ?? '').toLowerCase()
}
