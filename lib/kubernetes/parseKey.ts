/**
 * Keys of a Kubernetes layout to resource, namespace and name:
 * `<prefix>/<resource>/[<namespace>/]<name>` for built-in kinds, `<prefix>/<group>/<plural>/[<namespace>/]<name>` for
 * custom resources, told apart by the dot in a first segment that is a group.
 */

import { builtInResources } from './builtInResources'
import { bufferOf } from './decodeObject'

export interface ParsedKey {
  /** As the API calls it; `plural.group` for custom resources. */
  readonly resource: string
  /** Empty for the core group, and for resources that are not known here. */
  readonly group: string
  readonly namespace: string | null
  readonly name: string
}

/** Always recognised, whatever is configured: Kubernetes' own default and OpenShift's. */
const defaultPrefixes = ['/registry', 'kubernetes.io'] as const

/** Longer keys are none of Kubernetes' (name and namespace have at most 253 characters each). */
const maxKeyBytes = 1024

/** The prefixes as they are matched: ending in one slash, without doubles, the defaults included. */
export function keyPrefixes(configured: readonly string[]): readonly string[] {
  const bare = [...configured, ...defaultPrefixes].map((prefix) => prefix.replace(/\/+$/, '')).filter((p) => p !== '')
  // The apiserver puts a slash before a prefix that has none.
  return [...new Set(bare.flatMap((prefix) => [`${prefix}/`, ...(prefix.startsWith('/') ? [] : [`/${prefix}/`])]))]
}

/** Null for keys without Kubernetes' layout. `prefixes` as {@link keyPrefixes} returns them, or as configured. */
export function parseKey(key: Uint8Array, prefixes: readonly string[]): ParsedKey | null {
  return parseKeyText(textOfKey(key), normalised(prefixes))
}

/** True for keys under `<prefix>/secrets/`: their values never leave the process. */
export function isSecretKey(key: Uint8Array, prefixes: readonly string[]): boolean {
  const text = bufferOf(key).toString('latin1', 0, Math.min(key.length, maxKeyBytes))
  return isSecretText(text, normalised(prefixes))
}

/** For the hot path: the key as text (see {@link textOfKey}), the prefixes as {@link keyPrefixes} returns them. */
export function isSecretText(text: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => text.startsWith(prefix) && text.startsWith('secrets/', prefix.length))
}

/** The key when it is printable UTF-8 of a plausible length, otherwise ''. */
export function textOfKey(key: Uint8Array): string {
  if (key.length > maxKeyBytes) return ''
  let ascii = true
  for (let i = 0; i < key.length; i++) {
    const byte = key[i] as number
    if (byte < 0x20 || byte === 0x7f) return ''
    if (byte >= 0x80) ascii = false
  }
  const text = bufferOf(key).toString(ascii ? 'latin1' : 'utf8')
  return ascii || !text.includes('\ufffd') ? text : ''
}

export function parseKeyText(text: string, prefixes: readonly string[]): ParsedKey | null {
  for (const prefix of prefixes) {
    if (text.startsWith(prefix)) return parsePath(text.slice(prefix.length).split('/'))
  }
  return null
}

function parsePath(segments: readonly string[]): ParsedKey | null {
  if (segments.length < 2 || segments.length > 4 || segments.includes('')) return null
  const [first = '', second = ''] = segments
  const pair = builtInResources.get(`${first}/${second}`)
  if (pair !== undefined) return placed(pair.resource, pair.group, pair.namespaced, segments.slice(2))
  const single = builtInResources.get(first)
  if (single !== undefined) return placed(single.resource, single.group, single.namespaced, segments.slice(1))
  if (first.includes('.')) return placed(`${second}.${first}`, first, null, segments.slice(2))
  return placed(first, '', null, segments.slice(1))
}

/** `namespaced` null: unknown, told by how many segments follow. */
function placed(
  resource: string,
  group: string,
  namespaced: boolean | null,
  rest: readonly string[],
): ParsedKey | null {
  const [a, b] = rest
  if (a === undefined || rest.length > 2) return null
  if (b === undefined) return namespaced === true ? null : { resource, group, namespace: null, name: a }
  return namespaced === false ? null : { resource, group, namespace: a, name: b }
}

/** The label under which charts count a plain key: its first path segment, slash included, when it has two or more. */
export function plainResource(key: Uint8Array): string | null {
  return plainResourceOfText(textOfKey(key))
}

const maxLabelLength = 100

export function plainResourceOfText(text: string): string | null {
  const end = text.indexOf('/', 1)
  // A key of one segment would be a label of its own, and there may be millions of those.
  return end < 1 || end > maxLabelLength ? null : text.slice(0, end)
}

const normalisedPrefixes = new WeakMap<readonly string[], readonly string[]>()

function normalised(prefixes: readonly string[]): readonly string[] {
  const known = normalisedPrefixes.get(prefixes) ?? keyPrefixes(prefixes)
  normalisedPrefixes.set(prefixes, known)
  return known
}
