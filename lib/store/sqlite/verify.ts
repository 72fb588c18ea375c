import { sentenceOf } from '../../core/errors'
import { OP_DELETE, ORIGIN_RESYNC, ORIGIN_WATCH } from '../codes'
import type { ClusterRef, RecordReader } from '../store'
import type { EpochBounds, EpochReader } from './epochReader'
import { bigOf, numberOf, type Row, type Statements } from './statements'
import { createValueReader } from './valueReader'

type Finding = NonNullable<Awaited<ReturnType<RecordReader['verify']>>['firstBad']>

/** Rows a step: between steps the event loop gets a turn, and the signal is looked at. */
const changesPerStep = 2_000
const valuesPerStep = 100
const valueCacheBytes = 16 * 1024 * 1024

/** Walks the record of a cluster and reports the first thing that is not as it must be. */
export function createVerify(parts: { statements: Statements; epochs: EpochReader }): RecordReader['verify'] {
  const { statements, epochs } = parts
  return async (cluster, signal) => {
    const result = { checkedChanges: 0, checkedValues: 0 }
    const count = (changes: number, values: number) => {
      result.checkedChanges += changes
      result.checkedValues += values
    }
    for (const epoch of epochs.all(cluster.id)) {
      for (const check of [checkCursor, checkOrdinals, checkVersions, checkValues]) {
        const firstBad = await check(statements, cluster, epoch, count, signal)
        if (firstBad !== null) return { ...result, firstBad }
        if (signal?.aborted) return { ...result, firstBad: null }
      }
    }
    return { ...result, firstBad: null }
  }
}

type Check = (
  statements: Statements,
  cluster: ClusterRef,
  epoch: EpochBounds,
  count: (changes: number, values: number) => void,
  signal: AbortSignal | undefined,
) => Promise<Finding | null>

/** Nothing stands above the cursor, but for drafts of a re-sync that is still running. */
const checkCursor: Check = async (statements, _cluster, epoch) => {
  const row = statements
    .big(
      `SELECT c.revision FROM change AS c JOIN epoch AS e ON e.id = c.epoch_id
       WHERE c.epoch_id = ? AND c.revision > e.cursor_revision AND NOT (e.resync_open AND c.origin = ${ORIGIN_RESYNC})
       ORDER BY c.revision LIMIT 1`,
    )
    .get(epoch.id)
  if (row === undefined) return null
  return { epoch: epoch.epoch, revision: bigOf(row[0]), reason: `a change stands above the cursor ${epoch.cursor}` }
}

/** Within each revision seen by watching, ordinals count up from 0; times never decrease. */
const checkOrdinals: Check = async (statements, _cluster, epoch, count, signal) => {
  const select = statements.big(
    `SELECT revision, ordinal, origin, at_ms FROM change WHERE epoch_id = ? AND (revision, ordinal) > (?, ?)
       AND revision <= ? ORDER BY revision, ordinal LIMIT ${changesPerStep}`,
  )
  let last = { revision: -1n, ordinal: 0n, atMs: Number.NEGATIVE_INFINITY }
  for (;;) {
    const rows = select.all(epoch.id, last.revision, last.ordinal, epoch.cursor)
    for (const row of rows) {
      const [revision, ordinal, atMs] = [bigOf(row[0]), bigOf(row[1]), numberOf(row[3])]
      const expected = revision === last.revision ? last.ordinal + 1n : 0n
      const bad = (reason: string): Finding => ({ epoch: epoch.epoch, revision, reason })
      if (numberOf(row[2]) === ORIGIN_WATCH && ordinal !== expected) {
        return bad(`its change ${expected} is missing: the next one is ${ordinal}`)
      }
      if (atMs < last.atMs) return bad('its time lies before that of the revision below')
      last = { revision, ordinal, atMs }
    }
    count(rows.length, 0)
    if (rows.length < changesPerStep || signal?.aborted) return null
    await new Promise(setImmediate)
  }
}

/** The versions of each key count up by one from each creation, outside gaps. */
const checkVersions: Check = async (statements, cluster, epoch, _count, signal) => {
  const gaps = statements
    .big('SELECT from_revision, to_revision FROM gap WHERE epoch_id = ?')
    .all(epoch.id)
    .map((row) => ({ from: bigOf(row[0]), to: bigOf(row[1]) }))
  const keys = statements.raw('SELECT id FROM key WHERE cluster_id = ? AND id > ? ORDER BY id LIMIT 200')
  const history = statements.big(
    `SELECT revision, op, version, create_revision, origin FROM change INDEXED BY change_key
     WHERE key_id = ? AND epoch_id = ? AND revision <= ? ORDER BY revision`,
  )
  const inGap = (after: bigint, until: bigint) => gaps.some((gap) => gap.from <= until && gap.to > after)
  for (let lastKey = 0; ; ) {
    const ids = keys.all(cluster.id, lastKey).map((row) => numberOf(row[0]))
    for (const id of ids) {
      let previous: Row | null = null
      for (const row of history.iterate(id, epoch.id, epoch.cursor)) {
        const reason = previous === null ? null : versionFault(previous, row)
        if (reason !== null && previous !== null && !inGap(bigOf(previous[0]), bigOf(row[0]))) {
          return { epoch: epoch.epoch, revision: bigOf(row[0]), reason }
        }
        previous = row
      }
    }
    const last = ids.at(-1)
    if (last === undefined || signal?.aborted) return null
    lastKey = last
    await new Promise(setImmediate)
  }
}

/** What does not fit between two neighbouring changes of one key; null when all does. */
function versionFault(previous: Row, row: Row): string | null {
  if (numberOf(row[4]) === ORIGIN_RESYNC || numberOf(row[1]) === OP_DELETE) return null
  const version = bigOf(row[2])
  const created = bigOf(row[3]) === bigOf(row[0])
  if (created) return version === 1n ? null : `a key created there has version ${version}`
  if (numberOf(previous[1]) === OP_DELETE) return `an update (version ${version}) follows a delete`
  const expected = bigOf(previous[2]) + 1n
  return version === expected ? null : `version ${version} of a key follows version ${expected - 1n}`
}

/** Every value reconstructs to its hash. */
const checkValues: Check = async (statements, _cluster, epoch, count, signal) => {
  const values = createValueReader(statements, valueCacheBytes)
  const select = statements.big(
    `SELECT revision, ordinal, value_id, value_bytes FROM change WHERE epoch_id = ? AND (revision, ordinal) > (?, ?)
       AND revision <= ? ORDER BY revision, ordinal LIMIT ${valuesPerStep}`,
  )
  let [revision, ordinal] = [-1n, 0n]
  for (;;) {
    const rows = select.all(epoch.id, revision, ordinal, epoch.cursor)
    for (const row of rows) {
      revision = bigOf(row[0])
      ordinal = bigOf(row[1])
      if (row[2] === null) continue
      try {
        const { raw } = values.read(numberOf(row[2]))
        if (raw.byteLength !== numberOf(row[3])) {
          const reason = `its value has ${raw.byteLength} bytes instead of ${numberOf(row[3])}`
          return { epoch: epoch.epoch, revision, reason }
        }
      } catch (error) {
        return { epoch: epoch.epoch, revision, reason: sentenceOf(error) }
      }
      count(0, 1)
    }
    if (rows.length < valuesPerStep || signal?.aborted) return null
    await new Promise(setImmediate)
  }
}
