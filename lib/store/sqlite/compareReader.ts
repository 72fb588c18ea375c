import { maxBigInt, minBigInt } from '../../core/int64'
import type { ChangeRow, ClusterRef, DifferenceRow, RecordReader, RevisionAt } from '../store'
import { changeColumns, changeOfRow, type RowWords, valueIdOfRow } from './changeReader'
import type { EpochReader } from './epochReader'
import { keyStep } from './keyRange'
import { type ThinnedState, unknownSql } from './retention/thinnedState'
import { bytesOf, numberOf, type Row, type Statements } from './statements'
import type { ValueReader } from './valueReader'

/**
 * The keyspace at two revisions, compared. Candidates come from the smaller side: the keys of the range, each with two
 * seeks, or the changes between the two revisions. Only candidates are read whole, and only where it matters their
 * values.
 */

/** More changes than this are not gathered and sorted for a page: then the keys of the range lead. */
const maxGatheredChanges = 5_000
/** Steps over the keys (see keyRange.ts) that one page may take though it finds nothing: 200,000 keys. */
const maxStepsOfPage = 50
/** Candidates looked at before the event loop gets a turn. */
const candidatesPerTurn = 500

interface Side {
  readonly epochId: number
  readonly epoch: number
  readonly revision: bigint
  readonly isThinned: boolean
}

interface Candidate {
  readonly keyId: number
  readonly key: Uint8Array
}

/** A key on one side. */
interface Found {
  readonly change: ChangeRow | null
  readonly valueId: number | null
  readonly exists: boolean
}

interface Range {
  readonly clusterId: number
  readonly from: Uint8Array
  readonly to: Uint8Array
}

export function createCompareReader(parts: {
  statements: Statements
  epochs: EpochReader
  words: RowWords
  values: ValueReader
  thinned: ThinnedState
}): RecordReader['differences'] {
  const { statements, epochs, words, values, thinned } = parts
  const newest = statements.big(
    `SELECT ${changeColumns} FROM key AS k CROSS JOIN change AS c INDEXED BY change_key ON c.key_id = k.id
     WHERE k.id = ? AND c.epoch_id = ? AND c.revision <= ? ORDER BY c.revision DESC LIMIT 1`,
  )
  const between = statements.raw(
    `SELECT 1 FROM change INDEXED BY change_key
     WHERE key_id = ? AND epoch_id = ? AND revision > ? AND revision <= ? LIMIT 2`,
  )
  const identity = statements.big('SELECT hash FROM value WHERE id = ?')

  const sideOf = (cluster: ClusterRef, at: RevisionAt): Side | null => {
    const bounds = epochs.find(cluster.id, at.epoch)
    if (bounds === null) return null
    const revision = minBigInt(at.revision, bounds.cursor)
    const isThinned = revision <= thinned.horizonOf(bounds.id)
    return { epochId: bounds.id, epoch: at.epoch, revision, isThinned }
  }

  function isSameValue(a: number, b: number): boolean {
    if (a === b) return true
    const [one, other] = [identity.get(a), identity.get(b)]
    if (one === undefined || other === undefined || one[0] !== other[0]) return false
    // The hash is a length and a CRC: that two values are equal is only certain from their bytes.
    return Buffer.compare(values.read(a).raw, values.read(b).raw) === 0
  }

  function isSame(before: Found, after: Found): boolean {
    if (!before.exists || !after.exists) return before.exists === after.exists
    if (before.valueId !== null && after.valueId !== null) return isSameValue(before.valueId, after.valueId)
    if (before.valueId !== null || after.valueId !== null) return false
    return Buffer.compare(wholeOf(before.change), wholeOf(after.change)) === 0
  }

  function find(keyId: number, side: Side): Found {
    const row = newest.get(keyId, side.epochId, side.revision)
    if (row === undefined) return { change: null, valueId: null, exists: false }
    const change = changeOfRow(row, side.epoch, words)
    return { change, valueId: valueIdOfRow(row), exists: change.op !== 'delete' }
  }

  function differenceOf(keyId: number, from: Side, to: Side): DifferenceRow | null {
    const [before, after] = [find(keyId, from), find(keyId, to)]
    const isUnknown = (side: Side) => side.isThinned && thinned.isUnknown(keyId, side.epochId, side.revision)
    if (isUnknown(from) || isUnknown(to)) {
      return before.change === null && after.change === null
        ? null
        : { before: before.change, after: after.change, single: false, unknown: true }
    }
    if (isSame(before, after)) return null
    const forward = from.epochId === to.epochId && from.revision < to.revision
    const single = forward && between.all(keyId, from.epochId, from.revision, to.revision).length === 1
    return { before: before.change, after: after.change, single }
  }

  /** Candidates of a wide range over few changes, all in key order; null when the keys of the range are fewer. */
  function candidatesByChange(range: Range, from: Side, to: Side): Candidate[] | null {
    if (from.epochId !== to.epochId || from.isThinned || to.isThinned) return null
    const window = [from.epochId, minBigInt(from.revision, to.revision), maxBigInt(from.revision, to.revision)]
    const inWindow = 'epoch_id = ? AND revision > ? AND revision <= ?'
    const count = (sql: string, ...binds: unknown[]) =>
      numberOf(statements.raw(`SELECT count(*) FROM (${sql} LIMIT ?)`).get(...binds)?.[0])
    const changes = count(`SELECT 1 FROM change WHERE ${inWindow}`, ...window, maxGatheredChanges + 1)
    if (changes > maxGatheredChanges) return null
    const keys = count(`SELECT 1 FROM key WHERE ${inRange(range.to)}`, ...bindsOf(range), changes + 1)
    if (keys <= changes) return null
    return statements
      .raw(
        `SELECT k.id, k.key FROM (SELECT DISTINCT key_id FROM change WHERE ${inWindow}) AS c
         CROSS JOIN key AS k ON k.id = c.key_id AND ${inRange(range.to)} ORDER BY k.key`,
      )
      .all(...window, ...bindsOf(range))
      .map(candidateOf)
  }

  /** Candidates of one step over the keys: those whose newest change is another one at the two revisions. */
  function candidatesByKey(range: Range, from: Side, to: Side): Candidate[] {
    const newestAt = `(SELECT revision FROM change INDEXED BY change_key
      WHERE key_id = k.id AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1)`
    // Revisions of two epochs cannot be told apart by their number.
    const moved =
      from.epochId === to.epochId ? `${newestAt} IS NOT ${newestAt}` : `coalesce(${newestAt}, ${newestAt}) IS NOT NULL`
    const thinnedSides = [from, to].filter((side) => side.isThinned)
    const unknown = thinnedSides.map(() => `OR ${unknownSql}`).join(' ')
    return statements
      .raw(`SELECT id, key FROM key AS k WHERE ${inRange(range.to)} AND (${moved} ${unknown}) ORDER BY key`)
      .all(
        ...bindsOf(range),
        from.epochId,
        from.revision,
        to.epochId,
        to.revision,
        ...thinnedSides.flatMap((side) => [side.epochId, side.revision, side.revision]),
      )
      .map(candidateOf)
  }

  return async (cluster, { from: fromAt, to: toAt }, keys, { limit, fromKey }) => {
    const [from, to] = [sideOf(cluster, fromAt), sideOf(cluster, toAt)]
    const rows: DifferenceRow[] = []
    if (from === null || to === null) return { rows, nextKey: null }
    /** The first candidate that has no place on the page any more. */
    const takeAll = async (candidates: readonly Candidate[]): Promise<Uint8Array | null> => {
      for (const [index, { keyId, key }] of candidates.entries()) {
        if (rows.length >= limit) return key
        const found = differenceOf(keyId, from, to)
        if (found !== null) rows.push(found)
        if (index % candidatesPerTurn === candidatesPerTurn - 1) await nextTurn()
      }
      return null
    }
    let range: Range = { clusterId: cluster.id, from: fromKey ?? keys.from, to: keys.to }
    const gathered = candidatesByChange(range, from, to)
    if (gathered !== null) return { rows, nextKey: await takeAll(gathered) }
    for (let steps = 1; ; steps++) {
      const step = keyStep(statements, cluster.id, range.from, range.to)
      const rest = await takeAll(candidatesByKey({ ...range, to: step.end }, from, to))
      if (rest !== null || step.last) return { rows, nextKey: rest }
      if (steps >= maxStepsOfPage) return { rows, nextKey: step.end }
      range = { ...range, from: step.end }
      await nextTurn()
    }
  }
}

const nextTurn = () => new Promise(setImmediate)

/** The part of a fingerprint that covers the whole value; what older records lack behind it is no difference. */
const wholeFingerprintBytes = 16
const wholeOf = (change: ChangeRow | null): Uint8Array =>
  change?.fingerprint?.subarray(0, wholeFingerprintBytes) ?? new Uint8Array(0)

const inRange = (to: Uint8Array): string => `cluster_id = ? AND key >= ? ${to.byteLength === 0 ? '' : 'AND key < ?'}`
const bindsOf = ({ clusterId, from, to }: Range): unknown[] =>
  to.byteLength === 0 ? [clusterId, from] : [clusterId, from, to]

const candidateOf = (row: Row): Candidate => ({ keyId: numberOf(row[0]), key: bytesOf(row[1]) })
