/**
 * The difference between two stored values of a key in one line, whatever number of writes lies between them, and how
 * much it matters. For one write the record has a line of its own (describeChange.ts); this is its net counterpart.
 */
import type { Significance } from '../contract/change'
import { decodeValue } from './decodedObjects'
import { isJsonObject, type JsonObject } from './decodeObject'
import { compareFingerprints, readFingerprint } from './fingerprint'
import { changeOfObject } from './objectChange'
import { createSummary, deleteSummary, updateSummary } from './objectSummary'
import { plainCreateSummary, plainUpdateSummary } from './plainSummary'
import { entriesSummary } from './secretEntries'
import { isHeartbeat, significanceOfLife, significanceOfUpdate } from './significance'

/** One side. Neither value nor fingerprint: the key does not exist there. */
export interface NetSide {
  readonly value: Uint8Array | null
  readonly fingerprint: Uint8Array | null
}

export interface NetPlace {
  /** The key as text: it decides whether a plain value may be quoted. */
  readonly key: string
  readonly resource: string | null
  readonly name: string | null
}

export interface NetDescription {
  readonly summary: string
  readonly significance: Significance
}

export function describeNet(place: NetPlace, before: NetSide, after: NetSide): NetDescription {
  if (before.fingerprint !== null || after.fingerprint !== null)
    return describeRedacted(place.resource === 'secrets' ? 'Secret' : 'redacted value', before, after)
  const old = before.value === null ? null : decodeValue(before.value).object
  const now = after.value === null ? null : decodeValue(after.value).object
  if (before.value !== null && after.value !== null) {
    if (old !== null && now !== null) return describeObjects(place, old, now)
    const noise = isHeartbeat(place.resource ?? '', place.name ?? '')
    const summary = plainUpdateSummary(place.key, before.value, after.value)
    return { summary, significance: noise ? 'heartbeat' : 'spec' }
  }
  const significance = significanceOfLife(place.resource ?? '', place.name ?? '', now ?? old, null)
  return { summary: after.value === null ? deleteSummary(old) : createdText(after.value, now), significance }
}

function createdText(value: Uint8Array, object: JsonObject | null): string {
  return object === null ? plainCreateSummary(value) : createSummary(kindOf(object), object)
}

function describeObjects({ resource, name }: NetPlace, old: JsonObject, now: JsonObject): NetDescription {
  const difference = changeOfObject(old, now)
  // What controllers report follows from the rest: named only where nothing else differs.
  const quiet = difference.desired.length + difference.metadata.length > 0
  const told = quiet ? { ...difference, status: [] } : difference
  const summary = updateSummary(kindOf(now), told, now) ?? 'only what the apiserver keeps for itself'
  const again = uidOf(old) === uidOf(now) ? '' : 'deleted and created again, '
  return {
    summary: `${again}${summary}`.slice(0, 300),
    significance: again === '' ? significanceOfUpdate(resource ?? '', name ?? '', difference, now, null) : 'spec',
  }
}

/** Equal fingerprints are equal values; more than that is not known of a redacted one. */
function describeRedacted(what: string, before: NetSide, after: NetSide): NetDescription {
  if (isAbsent(before)) return { summary: `${what} created`, significance: 'spec' }
  if (isAbsent(after)) return { summary: `${what} deleted`, significance: 'spec' }
  if (before.fingerprint === null) return { summary: 'changed, now a redacted value', significance: 'spec' }
  if (after.fingerprint === null) return { summary: 'changed, was a redacted value', significance: 'spec' }
  if (compareFingerprints(before.fingerprint, after.fingerprint) !== 'changed') {
    return { summary: `same ${what} content, only labels or other metadata changed`, significance: 'metadata' }
  }
  const [old, now] = [readFingerprint(before.fingerprint), readFingerprint(after.fingerprint)]
  return { summary: entriesSummary(old.entries, now.entries) ?? `${what} content changed`, significance: 'spec' }
}

function isAbsent({ value, fingerprint }: NetSide): boolean {
  return value === null && fingerprint === null
}

function kindOf(object: JsonObject): string {
  return typeof object.kind === 'string' ? object.kind : ''
}

function uidOf({ metadata }: JsonObject): unknown {
  return isJsonObject(metadata) ? metadata.uid : undefined
}
