import type { AnswerOf, InputOf } from '../contract'
import { ScopeError } from '../core/errors'
import { isJsonObject } from '../kubernetes/decodeObject'
import { readFingerprint } from '../kubernetes/fingerprint'
import { presentValue } from '../kubernetes/presentValue'
import { alwaysReady } from '../kubernetes/status/otherKinds'
import { statusOf } from '../kubernetes/status/statusOf'
import type { ClusterRow, ValueRow } from '../store/store'
import { timeOf } from './instant'
import { keyFieldsOf, keyOf } from './keyBytes'
import { findMoment } from './moment'
import { clusterOf, type Scope } from './scope'

/** What an answer shows of one value: beyond it nobody reads, and a browser suffers. */
export const shownBytesLimit = 2 * 1024 * 1024

/** One key's value at a moment. NOT_FOUND when it did not exist then. */
export async function value(scope: Scope, input: InputOf<'value'>): Promise<AnswerOf<'value'>> {
  const cluster = await clusterOf(scope, input.cluster)
  const key = keyOf(input)
  const { row, revision } = await versionAt(scope, cluster, key, input.at, { epoch: input.epoch })
  if (!row) throw new ScopeError('NOT_FOUND', `The key does not exist at revision ${revision}.`, { subject: 'key' })
  if (row.op === 'delete') {
    throw new ScopeError('NOT_FOUND', `The key was deleted at revision ${row.revision}.`, { subject: 'key' })
  }
  return {
    ...keyFieldsOf(row.key),
    modRevision: String(row.revision),
    createRevision: String(row.createRevision),
    version: String(row.version),
    leaseId: row.leaseId === 0n ? null : String(BigInt.asUintN(64, row.leaseId)),
    at: timeOf(row.atMs),
    valueBytes: row.valueBytes,
    ...contentOf(row, input.raw === 'true'),
  }
}

/**
 * The newest change of the key at the moment. A change recorded at exactly the revision asked for is known even
 * where the whole state is not, inside a gap; otherwise rejects with NOT_COVERED.
 */
export async function versionAt(
  scope: Scope,
  cluster: ClusterRow,
  key: Uint8Array,
  at: string,
  options: { parameter?: string; epoch?: number | undefined },
): Promise<{ row: ValueRow | null; revision: bigint; epoch: number }> {
  const moment = await findMoment(scope, cluster, at, options)
  const row = await scope.reader.valueAt(cluster, moment.epoch, key, moment.revision)
  if (moment.uncovered && row?.revision !== moment.revision) throw moment.uncovered
  return { row, revision: moment.revision, epoch: moment.epoch }
}

type Content = Pick<
  AnswerOf<'value'>,
  'encoding' | 'redacted' | 'object' | 'text' | 'base64' | 'truncated' | 'note' | 'status'
>

function contentOf(row: ValueRow, raw: boolean): Content {
  if (row.value === null) {
    return {
      encoding: 'binary',
      redacted: { fingerprint: fingerprintOf(row), valueBytes: row.valueBytes, entries: entriesOf(row) },
      truncated: false,
      // kstatus looks at nothing of a Secret but its deletionTimestamp, which is not stored.
      status: row.resource === 'secrets' ? alwaysReady() : null,
      note: 'Secrets are never stored: only lengths and keyed fingerprints, which tell equal values from different ones.',
    }
  }
  const shown = presentValue(row.key, row.value, row.revision)
  const object = shown.object === undefined ? {} : { object: shown.object }
  const text = shown.text?.slice(0, shownBytesLimit)
  const withBytes = raw || (text === undefined && shown.object === undefined)
  const bytes = row.value.subarray(0, shownBytesLimit)
  return {
    encoding: shown.encoding,
    redacted: null,
    note: shown.note,
    status: isJsonObject(shown.object) && shown.encoding === 'kubernetes' ? statusOf(shown.object, row.atMs) : null,
    ...object,
    ...(text === undefined ? {} : { text }),
    ...(withBytes ? { base64: Buffer.from(bytes).toString('base64') } : {}),
    truncated:
      (text !== undefined && text.length < (shown.text ?? '').length) || (withBytes && bytes.length < row.value.length),
  }
}

/** Of the whole value, as hex; empty when there is none. */
export function fingerprintOf(row: ValueRow): string {
  return row.fingerprint ? Buffer.from(readFingerprint(row.fingerprint).whole).toString('hex') : ''
}

type RedactedEntry = NonNullable<NonNullable<Content['redacted']>['entries']>[number]

/** The entries of a redacted Secret; null when only the whole is known. */
export function entriesOf(row: ValueRow): RedactedEntry[] | null {
  const entries = row.fingerprint ? readFingerprint(row.fingerprint).entries : null
  return entries?.map((entry) => ({ ...entry, fingerprint: Buffer.from(entry.fingerprint).toString('hex') })) ?? null
}
