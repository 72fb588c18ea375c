import { mayQuote } from './credentials'
import { decodeValue } from './decodedObjects'
import { isJsonObject } from './decodeObject'
import type { ParsedKey } from './parseKey'
import type { PathRule } from './redactPaths'

/** What is redacted beside Secrets, which always are. But for `paths`, whole values: no part of those is stored. */
export interface RedactionRules {
  /** Keys that begin with one of these. */
  readonly keyPrefixes: readonly string[]
  /** As the API calls them: `configmaps`, `tokens.example.io`. */
  readonly resources: readonly string[]
  /** ConfigMaps with an entry whose name or value looks like a credential. */
  readonly credentialConfigMaps: boolean
  /** Parts of values; what else the value holds is kept. */
  readonly paths: readonly PathRule[]
}

export const noRules: RedactionRules = { keyPrefixes: [], resources: [], credentialConfigMaps: false, paths: [] }

/** Helm may be told to keep its releases, rendered secrets included, in ConfigMaps. */
const helmRelease = /^sh\.helm\.release\.v\d+\./

/** Whether a rule takes the key, or the value it has now. `text`: the key, in latin1 when it is not UTF-8. */
export function isRedactedByRule(
  rules: RedactionRules,
  text: string,
  parsed: ParsedKey | null,
  value: Uint8Array,
): boolean {
  if (rules.keyPrefixes.some((prefix) => text.startsWith(prefix))) return true
  if (parsed === null) return false
  if (rules.resources.includes(parsed.resource)) return true
  if (parsed.resource !== 'configmaps') return false
  return helmRelease.test(parsed.name) || (rules.credentialConfigMaps && holdsCredential(value))
}

function holdsCredential(value: Uint8Array): boolean {
  const data = decodeValue(value).object?.data
  if (!isJsonObject(data)) return false
  return Object.entries(data).some(([name, text]) => typeof text === 'string' && !mayQuote(name, text))
}
