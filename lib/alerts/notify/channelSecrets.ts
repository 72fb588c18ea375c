import type { ChannelTarget } from '../../contract'
import type { Secrets } from './sealedSecrets'

/** Which fields of a target are secret, what of them is shown, and how the two halves become one again. */

type Kind = ChannelTarget['kind']

/** The first one is what `secretSet` tells of. */
const secretNames: Readonly<Record<Kind, readonly string[]>> = {
  webhook: ['secret'],
  alertmanager: ['bearerToken'],
  slack: ['url'],
  pagerduty: ['routingKey'],
  email: ['password'],
}

/** These are sent to the receiver: another receiver must not get them. */
const sentNames: readonly string[] = ['bearerToken', 'routingKey', 'password']

export interface SplitTarget {
  /** What may be stored and shown. */
  readonly shown: Readonly<Record<string, unknown>> & { readonly kind: Kind }
  readonly secrets: Secrets
}

/** A URL's query often is a token: it is shown as `?…` and kept with the secrets. */
export function splitTarget(target: ChannelTarget): SplitTarget {
  const names = secretNames[target.kind]
  const shown: Record<string, unknown> = {}
  const secrets: Record<string, string> = {}
  for (const [name, value] of Object.entries(target)) {
    if (value === undefined) continue
    if (names.includes(name)) secrets[name] = String(value)
    else if (name === 'url' && new URL(String(value)).search !== '') {
      secrets.url = String(value)
      shown.url = shownUrl(String(value))
    } else shown[name] = value
  }
  return { shown: { ...shown, kind: target.kind }, secrets }
}

export function isSecretSet(kind: Kind, secrets: Secrets): boolean {
  return Object.hasOwn(secrets, secretNames[kind][0] ?? '')
}

/** The halves as one, to be checked by the contract's schema. */
export function joinTarget(shown: object, secrets: Secrets): object {
  return { ...shown, ...secrets }
}

/**
 * A target as a person changed it, with the stored secrets that it leaves out. `moved` names a secret that would go to
 * another receiver than the one it was given for.
 */
export function keepSecrets(
  changed: ChannelTarget,
  stored: ChannelTarget,
): { readonly target: object; readonly moved: string | null } {
  if (changed.kind !== stored.kind) return { target: changed, moved: null }
  const before = new Map<string, unknown>(Object.entries(stored))
  const target = new Map<string, unknown>(Object.entries(changed))
  const storedUrl = before.get('url')
  if (typeof storedUrl === 'string' && target.get('url') === shownUrl(storedUrl)) target.set('url', storedUrl)
  let moved: string | null = null
  for (const name of secretNames[changed.kind]) {
    if (target.get(name) !== undefined || before.get(name) === undefined) continue
    target.set(name, before.get(name))
    if (sentNames.includes(name) && receiverOf(target) !== receiverOf(before)) moved = name
  }
  return { target: Object.fromEntries(target), moved }
}

function shownUrl(url: string): string {
  const parsed = new URL(url)
  return parsed.search === '' ? url : `${parsed.origin}${parsed.pathname}?…`
}

function receiverOf(target: ReadonlyMap<string, unknown>): string {
  const url = target.get('url')
  if (typeof url === 'string') return new URL(url).origin
  return `${target.get('host') ?? 'default'}:${target.get('port') ?? ''}`
}
