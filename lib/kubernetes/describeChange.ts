/**
 * What is kept of a change beside its bytes: which object, how much it matters, who made it, and one line about it.
 * Secrets are redacted here, before anything else sees the value: of theirs only a keyed fingerprint and the size go
 * on. Pure but for a bounded cache of decoded objects; never throws, whatever the bytes.
 */
import type { ChangeOp, Significance } from '../contract/change'
import { DecodedObjects, type DecodedValue } from './decodedObjects'
import { bufferOf, isKubernetesProtobuf, type JsonObject, kindOfValue } from './decodeObject'
import type { ChangeToDescribe, Described } from './described'
import { describeRedacted } from './describeRedacted'
import { fingerprintOf } from './fingerprint'
import { writerOf } from './managedFields'
import { changeOfObject } from './objectChange'
import { createSummary, deleteSummary, updateSummary } from './objectSummary'
import { isOutsideWrite, outsideWords } from './outsideWrite'
import { isSecretText, keyPrefixes, type ParsedKey, parseKeyText, plainResourceOfText, textOfKey } from './parseKey'
import { plainCreateSummary, plainUpdateSummary, sizeText } from './plainSummary'
import { isRedactedByRule, noRules, type RedactionRules } from './redactionRules'
import { redactParts } from './redactPaths'
import { isHeartbeat, significanceOfLife, significanceOfUpdate } from './significance'
import { writtenAfterMs } from './writtenAfter'

export interface Describer {
  describe(change: ChangeToDescribe): Described
}

export interface DescriberOptions {
  /** Key prefixes with Kubernetes' layout; the defaults of Kubernetes and OpenShift always count as such. */
  readonly prefixes: readonly string[]
  /** Secret of this installation, at least 16 bytes; fingerprints can be compared only under the same one. */
  readonly fingerprintKey: Uint8Array
  /** What is redacted beside Secrets. */
  readonly redact?: RedactionRules | undefined
}

export function createDescriber(options: DescriberOptions): Describer {
  const prefixes = keyPrefixes(options.prefixes)
  const rules = options.redact ?? noRules
  const objects = new DecodedObjects()
  return {
    describe: (change) => {
      const text = textOfKey(change.key)
      const parsed = parseKeyText(text, prefixes)
      // By the raw key too: a secret's key that is no plausible text is still a secret's key.
      const rawText = text === '' ? bufferOf(change.key).toString('latin1', 0, 1024) : text
      if (isRedactedByRule(rules, rawText, parsed, change.value)) {
        return describeRedacted(change, placeOf(parsed, plainResourceOfText(text)), options.fingerprintKey)
      }
      const secretKey = isSecretText(rawText, prefixes)
      const wasRedacted = change.previousFingerprint !== null && change.previous === null
      if (secretKey || isSecretValue(change.value) || (change.op === 'delete' && wasRedacted)) {
        return describeRedacted(change, placeOf(parsed, 'secrets'), options.fingerprintKey)
      }
      const resource = parsed?.resource ?? plainResourceOfText(text)
      const kept =
        rules.paths.length === 0 || change.op === 'delete'
          ? null
          : redactParts(rules.paths, { text: rawText, resource }, change.value, options.fingerprintKey)
      if (kept === 'whole') return describeRedacted(change, placeOf(parsed, resource), options.fingerprintKey)
      const shown = kept === null ? change : { ...change, value: kept }
      const described =
        parsed === null && !isKubernetesProtobuf(change.value)
          ? describePlain(shown, text)
          : describeObject(shown, text, parsed, objects)
      if (kept === null) return described
      // Beside the parts that are kept, the fingerprint of the whole: it tells that etcd's value is another.
      return { ...described, fingerprint: fingerprintOf(options.fingerprintKey, change.value, null) }
    },
  }
}

function placeOf(parsed: ParsedKey | null, plain: string | null): Pick<Described, 'resource' | 'namespace' | 'name'> {
  const { resource, namespace, name } = parsed ?? { resource: plain, namespace: null, name: null }
  return { resource, namespace, name }
}

/** A Secret under a key where none is expected (an unknown prefix) is one all the same. */
function isSecretValue(value: Uint8Array): boolean {
  if (isKubernetesProtobuf(value)) return kindOfValue(value)?.kind === 'Secret'
  // The apiserver writes kind and apiVersion first.
  return value[0] === 0x7b && /"kind":\s?"Secret"/.test(bufferOf(value).toString('latin1', 0, 256))
}

const rewritten = 'rewritten without a change'

function opOf(change: ChangeToDescribe): ChangeOp {
  return change.op === 'delete' ? 'delete' : change.created ? 'create' : 'update'
}

function describePlain(change: ChangeToDescribe, text: string): Described {
  const op = opOf(change)
  const same = op === 'update' && change.previous !== null && bufferOf(change.previous).equals(change.value)
  const leased = change.leaseId !== 0n
  return {
    op,
    resource: plainResourceOfText(text),
    namespace: null,
    name: null,
    manager: null,
    // A key that lives on a lease is somebody's sign of life.
    significance: same ? 'none' : leased ? 'heartbeat' : 'spec',
    summary: plainSummary(op, change, text, same),
    value: op === 'delete' ? null : change.value,
    fingerprint: null,
    notBeforeMs: null,
  }
}

function plainSummary(op: ChangeOp, change: ChangeToDescribe, text: string, same: boolean): string {
  if (op === 'delete') return 'deleted'
  if (op === 'create') return plainCreateSummary(change.value)
  return same ? rewritten : plainUpdateSummary(text, change.previous, change.value)
}

interface Parts {
  readonly manager: string | null
  readonly significance: Significance
  readonly summary: string
}

function describeObject(
  change: ChangeToDescribe,
  text: string,
  parsed: ParsedKey | null,
  objects: DecodedObjects,
): Described {
  const op = opOf(change)
  const before = op !== 'create' && change.previous !== null ? objects.decode(text, change.previous).object : null
  const now = op === 'delete' ? null : objects.decode(text, change.value)
  if (now === null) objects.drop(text)
  else objects.keep(text, change.value, now)
  const resource = parsed?.resource ?? plainResourceOfText(text)
  const place = { resource: resource ?? '', name: parsed?.name ?? '' }
  const subject = now?.object ?? before
  return {
    op,
    resource,
    namespace: parsed?.namespace ?? null,
    name: parsed?.name ?? null,
    ...(op === 'update' ? updateParts(change, place, before, now) : lifeParts(change, op, place, now, before)),
    value: op === 'delete' ? null : change.value,
    fingerprint: null,
    notBeforeMs: subject === null ? null : writtenAfterMs(subject),
  }
}

interface Place {
  readonly resource: string
  readonly name: string
}

function lifeParts(
  change: ChangeToDescribe,
  op: ChangeOp,
  { resource, name }: Place,
  now: DecodedValue | null,
  before: JsonObject | null,
): Parts {
  if (op === 'delete') {
    const significance = significanceOfLife(resource, name, before, null)
    return { manager: null, significance, summary: deleteSummary(before) }
  }
  const object = now?.object ?? null
  const manager = object === null ? null : (writerOf(null, object, [])?.manager ?? null)
  const summary = object === null ? opaque('created', change.value, now) : createSummary(kindOf(object), object)
  return { manager, significance: significanceOfLife(resource, name, object, manager), summary }
}

function updateParts(
  change: ChangeToDescribe,
  { resource, name }: Place,
  before: JsonObject | null,
  now: DecodedValue | null,
): Parts {
  if (change.previous !== null && bufferOf(change.previous).equals(change.value)) {
    return { manager: null, significance: 'none', summary: rewritten }
  }
  const after = now?.object ?? null
  const noise = isHeartbeat(resource, name)
  if (after === null) {
    const summary = opaque('changed', change.value, now)
    return { manager: null, significance: noise ? 'heartbeat' : 'spec', summary }
  }
  if (before === null) {
    const writer = writerOf(null, after, [])
    const significance = noise ? 'heartbeat' : writer?.subresource === 'status' ? 'status' : 'spec'
    return { manager: writer?.manager ?? null, significance, summary: 'changed; the version before is not known' }
  }
  const difference = changeOfObject(before, after)
  const manager =
    writerOf(before, after, [...difference.desired, ...difference.metadata, ...difference.status])?.manager ?? null
  const significance = significanceOfUpdate(resource, name, difference, after, manager)
  const summary = updateSummary(kindOf(after), difference, after) ?? rewritten
  if (!isOutsideWrite(before, after, difference, change.observedMs ?? null)) return { manager, significance, summary }
  // The newest entry of managedFields tells of an earlier write: naming its manager would accuse the wrong one.
  return { manager: null, significance, summary: shortened(`${outsideWords}: ${summary}`) }
}

const maxSummaryLength = 300

function shortened(summary: string): string {
  return summary.length > maxSummaryLength ? `${summary.slice(0, maxSummaryLength - 1)}…` : summary
}

function kindOf(object: JsonObject): string {
  return typeof object.kind === 'string' ? object.kind : ''
}

/** A value that is not readable as an object: encrypted, CBOR, or broken. */
function opaque(verb: string, value: Uint8Array, decoded: DecodedValue | null): string {
  const size = sizeText(value.length)
  if (bufferOf(value).toString('latin1', 0, 8) === 'k8s:enc:') return `encrypted value ${verb}, ${size}`
  return decoded?.failure == null ? `${verb}, ${size}` : `${verb}, ${size}; it cannot be decoded`
}
