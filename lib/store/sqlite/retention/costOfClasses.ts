import type { RetentionClass } from '../../../contract'
import { CLASS_EVENTS, classCodes, classOfSignificance, OP_DELETE, significanceCodes } from '../../codes'
import type { ClassCost, Cutoffs } from '../../retention'
import type { ClusterRef } from '../../store'
import { createEpochReader, type EpochBounds } from '../epochReader'
import { bigOf, numberOf, numberOrNull, type Row, type Statements } from '../statements'
import { eventsLabel } from './horizons'

/**
 * What each class costs, and what cutoffs would free. Counts are exact, bytes are about: the sizes of a sample of each
 * class times its count. One pass over the changes, in steps that leave the event loop its turns; what the cutoffs
 * free is counted in the same pass, less what is in force at them.
 */

/** Revisions a step. */
const stepRevisions = 20_000n
const keysAStep = 2_000
/** Values whose size is looked up for one epoch, spread over it. */
const sampledChanges = 1_500
/** A change row with its places in the indexes, and a value's head; measured on recorded Kubernetes histories. */
const rowBytes = 78
const valueHeadBytes = 22

interface Tally {
  changes: number
  freed: number
  oldestMs: number | null
  sampled: number
  sampledBytes: number
}

export type CostOfClasses = Readonly<Record<RetentionClass, ClassCost>>

export async function costOfClasses(
  statements: Statements,
  cluster: ClusterRef,
  cutoffs: Cutoffs | null,
  signal?: AbortSignal,
): Promise<CostOfClasses> {
  const tallies = classCodes.map((): Tally => ({ changes: 0, freed: 0, oldestMs: null, sampled: 0, sampledBytes: 0 }))
  const epochs = createEpochReader(statements)
  const events = eventsLabel(statements)
  for (const epoch of epochs.all(cluster.id)) {
    const limits = classCodes.map((name) => {
      const cutoffMs = cutoffs?.[name] ?? null
      return cutoffMs === null ? null : epochs.revisionAt(epoch, cutoffMs)
    })
    await countChanges(statements, epoch, limits, tallies, signal)
    await countEvents(statements, cluster, epoch, events, limits, tallies, signal)
    if (limits.some((limit) => limit !== null))
      await keepInForce(statements, cluster, epoch, events, limits, tallies, signal)
    sampleBytes(statements, epoch, events, tallies)
  }
  const figures = classCodes.map((name, at) => [name, costOf(tallies[at])] as const)
  return Object.fromEntries(figures) as Record<RetentionClass, ClassCost>
}

function costOf(tally: Tally | undefined): ClassCost {
  if (tally === undefined) return { changes: 0, bytes: 0, oldestMs: null, freed: { changes: 0, bytes: 0 } }
  const each = tally.sampled === 0 ? rowBytes : tally.sampledBytes / tally.sampled
  const freed = Math.max(0, tally.freed)
  return {
    changes: tally.changes,
    bytes: Math.round(tally.changes * each),
    oldestMs: tally.oldestMs,
    freed: { changes: freed, bytes: Math.round(freed * each) },
  }
}

/** By significance; Events, which are told by their key, are taken out again by {@link countEvents}. */
async function countChanges(
  statements: Statements,
  epoch: EpochBounds,
  limits: readonly (bigint | null)[],
  tallies: readonly Tally[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const sums = significanceCodes
    .map((_, code) => `sum(significance = ${code}), sum(significance = ${code} AND revision <= ?)`)
    .join(', ')
  const select = statements.raw(`SELECT ${sums} FROM change WHERE epoch_id = ? AND revision >= ? AND revision < ?`)
  const oldest = statements.raw(
    'SELECT at_ms FROM change WHERE epoch_id = ? AND revision >= ? AND significance = ? ORDER BY revision LIMIT 1',
  )
  const bounds = significanceCodes.map((_, code) => limits[classOfSignificance[code] ?? 3] ?? -1n)
  const first = statements.big('SELECT revision FROM change WHERE epoch_id = ? ORDER BY revision LIMIT 1').get(epoch.id)
  for (
    let from = first === undefined ? epoch.cursor + 1n : bigOf(first[0]);
    from <= epoch.cursor;
    from += stepRevisions
  ) {
    signal?.throwIfAborted()
    const end = from + stepRevisions <= epoch.cursor ? from + stepRevisions : epoch.cursor + 1n
    const row = select.get(...bounds, epoch.id, from, end) ?? []
    for (const code of significanceCodes.keys()) {
      const tally = tallies[classOfSignificance[code] ?? 3]
      const changes = numberOrNull(row[2 * code] ?? null) ?? 0
      if (tally === undefined || changes === 0) continue
      tally.changes += changes
      tally.oldestMs ??= numberOrNull(oldest.get(epoch.id, from, code)?.[0] ?? null)
      tally.freed += numberOrNull(row[2 * code + 1] ?? null) ?? 0
    }
    await new Promise(setImmediate)
  }
}

/** By their keys, from the index alone. By significance all changes of Events are heartbeats, where they were counted. */
async function countEvents(
  statements: Statements,
  cluster: ClusterRef,
  epoch: EpochBounds,
  events: number,
  limits: readonly (bigint | null)[],
  tallies: readonly Tally[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const [heartbeats, own] = [tallies[0], tallies[CLASS_EVENTS]]
  if (heartbeats === undefined || own === undefined) return
  const select = statements.raw(
    `SELECT max(k.id), count(c.revision), sum(c.revision <= ?), sum(c.revision <= ?), min(c.revision)
     FROM (SELECT id FROM key WHERE cluster_id = ? AND resource_id = ? AND id > ? ORDER BY id LIMIT ${keysAStep}) AS k
     LEFT JOIN change AS c INDEXED BY change_key ON c.key_id = k.id AND c.epoch_id = ? AND c.revision <= ?`,
  )
  const [asHeartbeats, asEvents] = [limits[0] ?? -1n, limits[CLASS_EVENTS] ?? -1n]
  let oldest: number | null = null
  for (let lastKey: number | null = 0; lastKey !== null; ) {
    signal?.throwIfAborted()
    const row: Row = select.get(asHeartbeats, asEvents, cluster.id, events, lastKey, epoch.id, epoch.cursor) ?? []
    const changes = numberOrNull(row[1] ?? null) ?? 0
    heartbeats.changes -= changes
    heartbeats.freed -= numberOrNull(row[2] ?? null) ?? 0
    own.changes += changes
    own.freed += numberOrNull(row[3] ?? null) ?? 0
    const first = numberOrNull(row[4] ?? null)
    if (first !== null) oldest = Math.min(oldest ?? first, first)
    lastKey = numberOrNull(row[0] ?? null)
    await new Promise(setImmediate)
  }
  const at = statements
    .raw('SELECT at_ms FROM change WHERE epoch_id = ? AND revision = ? LIMIT 1')
    .get(epoch.id, oldest)
  own.oldestMs ??= numberOrNull(at?.[0] ?? null)
}

/** What is in force at a cutoff stays: of each key its newest change at or below it, when it is of that class. */
async function keepInForce(
  statements: Statements,
  cluster: ClusterRef,
  epoch: EpochBounds,
  events: number,
  limits: readonly (bigint | null)[],
  tallies: readonly Tally[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const newest = `(SELECT revision FROM change INDEXED BY change_key
    WHERE key_id = k.id AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1)`
  const bounds = [...new Set(limits.filter((limit) => limit !== null))]
  for (const bound of bounds) {
    const select = statements.raw(
      `SELECT k.id, k.resource_id = ?, c.significance, c.op = ${OP_DELETE}
       FROM (SELECT id, resource_id FROM key WHERE cluster_id = ? AND id > ? ORDER BY id LIMIT ${keysAStep}) AS k
       LEFT JOIN change AS c ON c.epoch_id = ? AND c.key_id = k.id AND c.revision = ${newest}
       ORDER BY k.id`,
    )
    for (let lastKey = 0; ; ) {
      signal?.throwIfAborted()
      const rows = select.all(events, cluster.id, lastKey, epoch.id, epoch.id, bound)
      for (const row of rows) {
        // A deletion that nothing follows goes with the key.
        if (row[2] === null || row[3] === 1) continue
        const at = row[1] === 1 ? CLASS_EVENTS : (classOfSignificance[numberOf(row[2])] ?? 3)
        const tally = tallies[at]
        if (tally !== undefined && limits[at] === bound) tally.freed--
      }
      const last = rows.at(-1)
      if (last === undefined || rows.length < keysAStep) break
      lastKey = numberOf(last[0])
      await new Promise(setImmediate)
    }
  }
}

/** Sizes of stored values at places spread evenly over the epoch. */
function sampleBytes(statements: Statements, epoch: EpochBounds, events: number, tallies: readonly Tally[]): void {
  const first = statements.big('SELECT revision FROM change WHERE epoch_id = ? ORDER BY revision LIMIT 1').get(epoch.id)
  if (first === undefined) return
  const from = bigOf(first[0])
  const step = (epoch.cursor - from) / BigInt(sampledChanges) + 1n
  const select = statements.raw(
    `SELECT c.significance, k.resource_id, coalesce(length(v.bytes), 0), c.value_id IS NOT NULL,
       coalesce(length(c.fingerprint), 0)
     FROM change AS c JOIN key AS k ON k.id = c.key_id LEFT JOIN value AS v ON v.id = c.value_id
     WHERE c.epoch_id = ? AND c.revision >= ? ORDER BY c.revision LIMIT 1`,
  )
  for (let at = from; at <= epoch.cursor; at += step) {
    const row = select.get(epoch.id, at)
    if (row === undefined) return
    const code = numberOrNull(row[1] ?? null) === events ? CLASS_EVENTS : (classOfSignificance[numberOf(row[0])] ?? 3)
    const tally = tallies[code]
    if (tally === undefined) continue
    tally.sampled++
    tally.sampledBytes += rowBytes + numberOf(row[2]) + numberOf(row[3]) * valueHeadBytes + numberOf(row[4])
  }
}
