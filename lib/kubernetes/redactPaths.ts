/**
 * Redaction of parts of a value by path: what a rule names is replaced by its length and keyed fingerprint before
 * anything else sees the value; the rest stays readable. Pure.
 */
import type { PathStep } from '../core/jsonPath'
import { isJsonObject, type JsonObject } from './decodeObject'
import { fingerprintOfEntry } from './fingerprint'
import { recogniseValue } from './recogniseValue'

export interface PathRule {
  /** As the API calls it, `*` for every one; null with a prefix of keys. */
  readonly resource: string | null
  readonly keyPrefix: string | null
  readonly steps: readonly PathStep[]
}

/**
 * The value as it may be stored: `whole` when a rule is meant for it and it cannot be read (then no part may be
 * kept), null when no rule finds anything in it.
 */
export function redactParts(
  rules: readonly PathRule[],
  of: { readonly text: string; readonly resource: string | null },
  value: Uint8Array,
  fingerprintKey: Uint8Array,
): Uint8Array | 'whole' | null {
  const meant = rules.filter((rule) =>
    rule.keyPrefix === null
      ? of.resource !== null && (rule.resource === '*' || rule.resource === of.resource)
      : of.text.startsWith(rule.keyPrefix),
  )
  if (meant.length === 0) return null
  const recognised = recogniseValue(value)
  if (recognised.encoding !== 'kubernetes' && recognised.encoding !== 'json') return 'whole'
  const redact = (part: unknown) => redactedText(part, fingerprintKey)
  let found = 0
  for (const { steps } of meant) found += replace(recognised.object, steps, redact)
  if (isJsonObject(recognised.object)) found += replaceInCopy(recognised.object, meant, redact)
  return found === 0 ? null : Buffer.from(JSON.stringify(recognised.object))
}

type Redact = (part: unknown) => string

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

/** kubectl keeps a copy of what was applied in an annotation. */
function replaceInCopy(object: JsonObject, rules: readonly PathRule[], redact: Redact): number {
  const annotations = isJsonObject(object.metadata) ? object.metadata.annotations : null
  if (!isJsonObject(annotations)) return 0
  const text = annotations[lastApplied]
  if (typeof text !== 'string') return 0
  let copy: unknown
  try {
    copy = JSON.parse(text)
  } catch {
    // Not readable, so what it holds is not known.
    annotations[lastApplied] = redact(text)
    return 1
  }
  let found = 0
  for (const { steps } of rules) found += replace(copy, steps, redact)
  if (found > 0) annotations[lastApplied] = JSON.stringify(copy)
  return found
}

/** Replaces what the steps lead to, in place; how much that was. */
function replace(within: unknown, steps: readonly PathStep[], redact: Redact): number {
  const [first, ...rest] = steps
  if (first === undefined || typeof within !== 'object' || within === null) return 0
  const container = within as Record<string, unknown>
  const names = typeof first === 'object' ? Object.keys(container) : [String(first)]
  let found = 0
  for (const name of names) {
    if (!Object.hasOwn(container, name) || container[name] === null) continue
    if (rest.length > 0) found += replace(container[name], rest, redact)
    else if (!isRedactedText(container[name])) {
      container[name] = redact(container[name])
      found++
    }
  }
  return found
}

function redactedText(part: unknown, key: Uint8Array): string {
  const bytes = Buffer.from(typeof part === 'string' ? part : JSON.stringify(part))
  return `redacted, ${bytes.length} B, fingerprint ${fingerprintOfEntry(key, bytes).toString('hex')}`
}

/** Two rules may name the same part. */
function isRedactedText(part: unknown): boolean {
  return typeof part === 'string' && /^redacted, \d+ B, fingerprint [0-9a-f]{16}$/.test(part)
}
