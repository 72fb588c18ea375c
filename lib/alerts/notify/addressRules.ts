import { BlockList, isIP } from 'node:net'

/**
 * Which addresses a channel may connect to. A channel is written by whoever may write here, and would otherwise reach
 * what only this machine can: metadata services, databases, the cluster's own etcd. So only addresses of the public
 * internet are let through, unless the settings of the one who runs etcdscope allow more.
 */
export interface TargetPolicy {
  /** Every address. */
  readonly allowPrivate: boolean
  /** Hosts (`alerts.internal`, `*.corp.example`), addresses and networks (`10.0.0.0/8`) that are allowed beside. */
  readonly allow: readonly string[]
}

/** Special-purpose networks, from IANA's IPv4 registry. */
const refusedV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
]
/** Of IPv6 only this is public, without these: protocol assignments, documentation, 6to4 (which embeds IPv4). */
const publicV6 = ['2000::', 3] as const
const refusedV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const refused = new BlockList()
for (const [network, bits] of refusedV4) refused.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of refusedV6) refused.addSubnet(network, bits, 'ipv6')
const global = new BlockList()
global.addSubnet(...publicV6, 'ipv6')

export type AddressCheck = (host: string, address: string) => boolean

/** Whether a connection to `host` may go to `address`, one of those that it resolved to. */
export function compilePolicy(policy: TargetPolicy): AddressCheck {
  if (policy.allowPrivate) return (_host, address) => isIP(address) !== 0
  const allowed = new BlockList()
  const hosts: string[] = []
  for (const entry of policy.allow) {
    const network = networkOf(entry)
    if (network === null) hosts.push(entry.toLowerCase())
    else allowed.addSubnet(network.address, network.bits, network.family)
  }
  return (host, given) => {
    if (isIP(given) === 0) return false
    if (hosts.some((pattern) => isHost(pattern, host.toLowerCase().replace(/\.$/, '')))) return true
    const address = withoutMapping(given)
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (allowed.check(address, family)) return true
    if (refused.check(address, family)) return false
    return family === 'ipv4' || global.check(address, family)
  }
}

/** A network or address of an allow list; null when it is a host's name. */
export function networkOf(entry: string): { address: string; bits: number; family: 'ipv4' | 'ipv6' } | null {
  const [address = '', bits] = entry.split('/')
  const version = isIP(address)
  if (version === 0) return null
  const most = version === 4 ? 32 : 128
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(length <= most)) return null
  return { address, bits: length, family: version === 4 ? 'ipv4' : 'ipv6' }
}

function isHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern
}

/** `::ffff:10.0.0.1` in any spelling is 10.0.0.1, whatever family the socket is of. */
function withoutMapping(address: string): string {
  if (isIP(address) !== 6) return address
  const bare = address.split('%')[0] ?? address
  // The URL parser is the one place in the platform that writes every IPv6 address in one way.
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical)
  if (mapped === null) return canonical
  const number = Number.parseInt(mapped[1] ?? '', 16) * 65_536 + Number.parseInt(mapped[2] ?? '', 16)
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
