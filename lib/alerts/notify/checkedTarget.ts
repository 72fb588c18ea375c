import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import type { AddressCheck } from './addressRules'

export interface ResolvedAddress {
  readonly address: string
  readonly family: number
}
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>

export const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true })

/** The host cannot be used; the message is a sentence for the person who wrote the channel. */
export class TargetRefusal extends Error {}

/**
 * Resolves the host once and checks every address that it has; the connection is then pinned to these, so that a name
 * which resolves differently a moment later leads nowhere else. Throws TargetRefusal, or what the resolver threw.
 */
export async function checkedAddresses(
  host: string,
  check: AddressCheck,
  resolve: Resolve,
): Promise<readonly ResolvedAddress[]> {
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  const version = isIP(bare)
  const addresses = version === 0 ? await resolve(bare) : [{ address: bare, family: version }]
  const bad = addresses.find(({ address }) => !check(bare, address))
  if (bad !== undefined) {
    throw new TargetRefusal(
      `${bare} is ${bad.address === bare ? '' : `${bad.address}, `}a private, local or reserved address; ` +
        'the settings alerts.allowTargets and alerts.allowPrivateTargets, or ETCDSCOPE_ALLOW_PRIVATE_TARGETS=1, allow it.',
    )
  }
  if (addresses.length === 0) throw new TargetRefusal(`${bare} has no address.`)
  return addresses
}

/** A resolver for one connection that knows the checked addresses only. */
export function pinned(addresses: readonly ResolvedAddress[]): LookupFunction {
  return (_host, options, answer) => {
    const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0)
    const fitting = addresses.filter((one) => family === 0 || one.family === family)
    const first = fitting[0]
    if (first === undefined) return answer(new Error('no checked address of that family'), '', 0)
    if (options.all === true) answer(null, [...fitting])
    else answer(null, first.address, first.family)
  }
}
