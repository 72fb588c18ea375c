import { OP_DELETE } from '../codes'
import type { KeyVersion, RecordWriter } from '../store'
import type { KeyWriter } from './keys'
import { bigOf, bytesOf, bytesOrNull, numberOf, numberOrNull, type Statements } from './statements'
import type { ValueWriter } from './valueWriter'

/** What the collector asks of the record while it writes: the newest state of keys, drafts of a re-sync included. */

type LiveKey = Awaited<ReturnType<RecordWriter['liveKeys']>>[number]

/** Keys per statement; between them the event loop gets a turn. */
const keysPerStep = 2_000

export async function liveKeys(
  statements: Statements,
  clusterId: number,
  epochId: number,
  fromKey: Uint8Array,
  toKey: Uint8Array,
): Promise<LiveKey[]> {
  const bounded = toKey.byteLength > 0
  const step = statements.big(
    `SELECT k.key, c.revision, c.create_revision, c.version, c.op
     FROM (SELECT id, key FROM key WHERE cluster_id = ? AND key >= ? ${bounded ? 'AND key < ?' : ''}
           ORDER BY key LIMIT ${keysPerStep}) AS k
     LEFT JOIN change AS c ON c.key_id = k.id AND c.epoch_id = ? AND c.revision =
       (SELECT max(revision) FROM change INDEXED BY change_key WHERE key_id = k.id AND epoch_id = ?)
     ORDER BY k.key`,
  )
  const live: LiveKey[] = []
  for (let from = fromKey; ; ) {
    const range = bounded ? [clusterId, from, toKey] : [clusterId, from]
    const rows = step.all(...range, epochId, epochId)
    for (const row of rows) {
      if (row[1] === null || numberOf(row[4]) === OP_DELETE) continue
      live.push({
        key: bytesOf(row[0]),
        modRevision: bigOf(row[1]),
        createRevision: bigOf(row[2]),
        version: bigOf(row[3]),
      })
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < keysPerStep) return live
    from = Buffer.concat([bytesOf(last[0]), Buffer.of(0)])
    await new Promise(setImmediate)
  }
}

export function newestVersions(
  parts: { statements: Statements; keys: KeyWriter; values: ValueWriter },
  clusterId: number,
  epochId: number,
  keys: readonly Uint8Array[],
): KeyVersion[] {
  const select = parts.statements.big(
    `SELECT revision, version, op, value_id, fingerprint FROM change INDEXED BY change_key
     WHERE key_id = ? AND epoch_id = ? ORDER BY revision DESC LIMIT 1`,
  )
  const newest: KeyVersion[] = []
  for (const key of keys) {
    const keyId = parts.keys.find(clusterId, key)
    const row = keyId === null ? undefined : select.get(keyId, epochId)
    if (keyId === null || row === undefined || numberOf(row[2]) === OP_DELETE) continue
    const valueId = numberOrNull(row[3])
    newest.push({
      key,
      modRevision: bigOf(row[0]),
      version: bigOf(row[1]),
      value: valueId === null ? null : parts.values.newestOfKey(keyId, valueId).raw,
      fingerprint: bytesOrNull(row[4]),
    })
  }
  return newest
}
