/**
 * A change of a Secret, or of what the settings redact: its value ends here. Manager and times are read from it, then
 * only fingerprints, names of a Secret's entries and sizes go on; the copy in the last-applied annotation and Helm's
 * payloads are part of the value and go too.
 */
import type { ChangeOp, Significance } from '../contract/change'
import { decodeValue } from './decodedObjects'
import type { ChangeToDescribe, Described } from './described'
import { compareFingerprints, fingerprintOf, readFingerprint } from './fingerprint'
import { writerOf } from './managedFields'
import { sizeText } from './plainSummary'
import { entriesSummary } from './secretEntries'
import { writtenAfterMs } from './writtenAfter'

export function describeRedacted(
  change: ChangeToDescribe,
  of: Pick<Described, 'resource' | 'namespace' | 'name'>,
  fingerprintKey: Uint8Array,
): Described {
  const place = { ...of, value: null }
  if (change.op === 'delete') {
    return {
      op: 'delete',
      ...place,
      manager: null,
      significance: 'spec',
      summary: 'deleted, value was redacted',
      fingerprint: null,
      notBeforeMs: null,
    }
  }
  const { object } = decodeValue(change.value)
  const fingerprint = fingerprintOf(fingerprintKey, change.value, object)
  const compared =
    change.created || change.previousFingerprint === null
      ? null
      : compareFingerprints(change.previousFingerprint, fingerprint)
  const op: ChangeOp = change.created ? 'create' : 'update'
  return {
    op,
    ...place,
    manager: object === null || compared === 'same' ? null : (writerOf(null, object, [])?.manager ?? null),
    significance: compared === null ? 'spec' : significances[compared],
    summary:
      (compared === 'changed' ? entriesChanged(change.previousFingerprint, fingerprint) : null) ??
      `value redacted, ${sizeText(change.value.length)}, ${op === 'create' ? 'created' : verbs[compared ?? 'changed']}`,
    fingerprint,
    notBeforeMs: object === null ? null : writtenAfterMs(object),
  }
}

function entriesChanged(before: Uint8Array | null, after: Uint8Array): string | null {
  if (before === null) return null
  return entriesSummary(readFingerprint(before).entries, readFingerprint(after).entries)
}

const significances: Readonly<Record<'same' | 'rewritten' | 'changed', Significance>> = {
  same: 'none',
  rewritten: 'metadata',
  changed: 'spec',
}
const verbs = {
  same: 'rewritten without a change',
  rewritten: 'same content, only labels or other metadata changed',
  changed: 'changed',
} as const
