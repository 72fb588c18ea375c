import { minBigInt } from '../../core/int64'
import { codeOf, FIRST_NO_STATUS, OP_DELETE, opCodes, roleCodes, stepStatusCodes, wordOf } from '../codes'
import type { ClusterRef } from '../store'
import type {
  KeyName,
  ObjectRow,
  OwnedRow,
  StatusLane,
  StatusStepRow,
  TrackedRow,
  WorkloadReader,
} from '../workloadStore'
import { justAfter } from './keyRange'
import { nameFrom } from './keys'
import type { LabelReader } from './labels'
import { bigOf, bytesOf, numberOf, numberOrNull, type Row, type Statements, textOrNull } from './statements'
import type { ValueReader } from './valueReader'
import {
  ownedColumns,
  ownedOfRow,
  podStepColumns,
  podStepOfRow,
  rolloutColumns,
  rolloutOfRow,
  stepColumns,
  stepOfRow,
} from './workloadColumns'

/** Reads what was derived about workloads. */

/** Objects looked at between two turns of the event loop. */
const perTurn = 2_000

export function createWorkloadReader(parts: {
  statements: Statements
  labels: LabelReader
  values: ValueReader
}): WorkloadReader {
  const { statements, labels, values } = parts

  function epochIdOf(cluster: ClusterRef, epoch: number): number {
    const row = statements.raw('SELECT id FROM epoch WHERE cluster_id = ? AND epoch = ?').get(cluster.id, epoch)
    return row === undefined ? -1 : numberOf(row[0])
  }

  function nameOfRow(row: Row, at: number): KeyName {
    const key = bytesOf(row[at + 1])
    return {
      keyId: numberOf(row[at]),
      key,
      resource: labels.textOf(numberOrNull(row[at + 2])),
      namespace: labels.textOf(numberOrNull(row[at + 3])),
      name: nameFrom(key, numberOrNull(row[at + 4]), textOrNull(row[at + 5])),
    }
  }

  async function forEachKey<T>(keyIds: readonly number[], read: (keyId: number) => T[]): Promise<T[]> {
    const found: T[] = []
    for (const [index, keyId] of keyIds.entries()) {
      for (const one of read(keyId)) found.push(one)
      if (index % perTurn === perTurn - 1) await new Promise(setImmediate)
    }
    return found
  }

  return {
    async derivedThrough(cluster, epoch) {
      const row = statements.big('SELECT through FROM derivation WHERE epoch_id = ?').get(epochIdOf(cluster, epoch))
      return row === undefined ? null : bigOf(row[0])
    },

    async trackedAt(cluster, epoch, revision, role) {
      const epochId = epochIdOf(cluster, epoch)
      const page = statements.raw(
        `SELECT w.kind_id, w.group_id, ${keyColumns}, ${stepColumns}, (SELECT insights FROM workload_insight
           WHERE key_id = w.key_id AND epoch_id = w.epoch_id AND revision <= ? ORDER BY revision DESC LIMIT 1)
         FROM workload AS w CROSS JOIN key AS k ON k.id = w.key_id
         CROSS JOIN workload_step AS s ON s.key_id = w.key_id AND s.epoch_id = w.epoch_id AND s.revision =
           (SELECT revision FROM workload_step WHERE key_id = w.key_id AND epoch_id = w.epoch_id AND revision <= ?
            ORDER BY revision DESC LIMIT 1)
         WHERE w.epoch_id = ? AND w.role = ? AND w.key_id > ? AND (w.ended_revision IS NULL OR w.ended_revision > ?)
           AND s.status < ${FIRST_NO_STATUS}
         ORDER BY w.key_id LIMIT ${perTurn}`,
      )
      const found: TrackedRow[] = []
      for (let after = 0; ; ) {
        const rows = page.all(revision, revision, epochId, codeOf(roleCodes, role), after, revision)
        for (const row of rows) {
          found.push({
            ...nameOfRow(row, 2),
            kind: labels.textOf(numberOf(row[0])) ?? '',
            group: labels.textOf(numberOf(row[1])) ?? '',
            step: stepOfRow(row, labels, { at: 8, insights: row.at(-1) }),
          })
        }
        const last = found.at(-1)
        if (rows.length < perTurn || last === undefined) return found
        after = last.keyId
        await new Promise(setImmediate)
      }
    },

    async trackedStep(cluster, epoch, keyId, revision) {
      const row = statements
        .raw(
          `SELECT ${stepColumns}, (SELECT insights FROM workload_insight
             WHERE key_id = ? AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1)
           FROM workload_step AS s WHERE s.key_id = ? AND s.epoch_id = ? AND s.revision <= ?
           ORDER BY s.revision DESC LIMIT 1`,
        )
        .get(...[0, 1].flatMap(() => [keyId, epochIdOf(cluster, epoch), revision]))
      const step = row === undefined ? null : stepOfRow(row, labels, { insights: row.at(-1) })
      return step === null || step.status === 'gone' || step.status === 'unrecorded' ? null : step
    },

    async findTracked(cluster, epoch, { kind, group, namespace, name }) {
      const epochId = epochIdOf(cluster, epoch)
      const [kindId] = labels.idsOf([kind])
      const groupId = group === null ? null : (labels.idsOf([group])[0] ?? -1)
      if (kindId === undefined) return null
      // All keys of a kind begin alike: any one of them shows how, and then the key is known.
      const samples = statements.big(
        `SELECT w.group_id, ${keyColumns} FROM workload AS w JOIN key AS k ON k.id = w.key_id
         WHERE w.epoch_id = ? AND w.role = 0 AND w.kind_id = ? ${groupId === null ? '' : 'AND w.group_id = ?'}
         GROUP BY w.group_id, k.resource_id`,
      )
      const exact = statements.big(
        `SELECT ${keyColumns} FROM key AS k JOIN workload AS w ON w.key_id = k.id AND w.epoch_id = ? AND w.role = 0
         WHERE k.cluster_id = ? AND k.key = ?`,
      )
      for (const row of samples.all(epochId, kindId, ...(groupId === null ? [] : [groupId]))) {
        const sample = nameOfRow(row, 1)
        const tail = `${sample.namespace === null ? '' : `${sample.namespace}/`}${sample.name ?? ''}`
        const prefix = sample.key.subarray(0, sample.key.byteLength - Buffer.byteLength(tail))
        const key = Buffer.concat([prefix, Buffer.from(`${namespace === null ? '' : `${namespace}/`}${name}`)])
        const found = exact.get(epochId, cluster.id, key)
        if (found !== undefined) return { ...nameOfRow(found, 0), kind, group: labels.textOf(numberOf(row[0])) ?? '' }
      }
      return null
    },

    async workloadSteps(cluster, epoch, keyId, { from, to, limit }) {
      const epochId = epochIdOf(cluster, epoch)
      const first = statements
        .big(
          'SELECT revision FROM workload_step WHERE key_id = ? AND epoch_id = ? AND revision <= ? ORDER BY revision DESC LIMIT 1',
        )
        .get(keyId, epochId, minBigInt(from, to))
      return statements
        .raw(
          `SELECT ${stepColumns} FROM workload_step AS s
           WHERE s.key_id = ? AND s.epoch_id = ? AND s.revision >= ? AND s.revision <= ? ORDER BY s.revision DESC LIMIT ?`,
        )
        .all(keyId, epochId, first === undefined ? from : bigOf(first[0]), to, limit)
        .map((row) => stepOfRow(row, labels))
        .reverse()
    },

    async statusSteps(cluster, epoch, role, { from, to }) {
      const epochId = epochIdOf(cluster, epoch)
      const workloads = statements
        .raw(
          `SELECT w.kind_id, ${keyColumns} FROM workload AS w JOIN key AS k ON k.id = w.key_id
           WHERE w.epoch_id = ? AND w.role = ? AND (w.ended_revision IS NULL OR w.ended_revision >= ?)`,
        )
        .all(epochId, codeOf(roleCodes, role), from)
      const select = statements.raw(
        `SELECT at_ms, status, since, reason_id FROM workload_step WHERE key_id = ? AND epoch_id = ? AND revision <= ?
           AND revision >= coalesce((SELECT revision FROM workload_step WHERE key_id = ? AND epoch_id = ? AND revision <= ?
             ORDER BY revision DESC LIMIT 1), 0)
         ORDER BY revision`,
      )
      const lanes: StatusLane[] = []
      for (const [index, row] of workloads.entries()) {
        const { keyId, namespace, name } = nameOfRow(row, 1)
        const steps: StatusStepRow[] = []
        for (const [at, code, since, reasonId] of select.all(keyId, epochId, to, keyId, epochId, from)) {
          const status = wordOf(stepStatusCodes, numberOf(code))
          if (steps.at(-1)?.status === status) continue
          const atMs = numberOf(at)
          const reason = labels.textOf(numberOrNull(reasonId))
          steps.push({ atMs, sinceMs: atMs - numberOf(since), status, reason })
        }
        const kind = labels.textOf(numberOf(row[0])) ?? ''
        lanes.push({ keyId, kind, namespace, name: name ?? '', steps })
        if (index % perTurn === perTurn - 1) await new Promise(setImmediate)
      }
      return lanes
    },

    async rolloutsWithin(cluster, epoch, { from, to }) {
      const epochId = epochIdOf(cluster, epoch)
      const keyIds = statements
        .raw('SELECT key_id FROM workload WHERE epoch_id = ? AND role = 0')
        .all(epochId)
        .map((row) => numberOf(row[0]))
      const select = statements.big(
        `SELECT ${rolloutColumns} FROM rollout WHERE key_id = ? AND epoch_id = ? AND from_revision <= ?
           AND (ended_revision IS NULL OR ended_revision >= ?) ORDER BY from_revision`,
      )
      return forEachKey(keyIds, (keyId) => select.all(keyId, epochId, to, from).map(rolloutOfRow))
    },

    async rollouts(cluster, epoch, keyIds, through) {
      const epochId = epochIdOf(cluster, epoch)
      const select = statements.big(
        `SELECT ${rolloutColumns} FROM rollout WHERE key_id = ? AND epoch_id = ? AND from_revision <= ?
         ORDER BY from_revision`,
      )
      return forEachKey(keyIds, (keyId) => select.all(keyId, epochId, through).map(rolloutOfRow))
    },

    async ownedBy(cluster, epoch, ownerIds, { from, to, limit }) {
      const epochId = epochIdOf(cluster, epoch)
      const select = statements.big(
        `SELECT ${ownedColumns} FROM owned_object WHERE owner_id = ? AND epoch_id = ? AND from_revision <= ?
           AND (to_revision IS NULL OR to_revision >= ?)`,
      )
      const found: OwnedRow[] = await forEachKey(ownerIds, (ownerId) =>
        select.all(ownerId, epochId, to, from).map((row) => ownedOfRow(row, labels)),
      )
      found.sort((a, b) =>
        a.fromRevision < b.fromRevision ? -1 : a.fromRevision > b.fromRevision ? 1 : a.keyId - b.keyId,
      )
      return found.slice(-limit)
    },

    async lastVersions(cluster, epoch, keys, { from, to, limit }) {
      const epochId = epochIdOf(cluster, epoch)
      const bounded = keys.to.byteLength > 0
      const page = statements.raw(
        `SELECT id, key FROM key WHERE cluster_id = ? AND key >= ? ${bounded ? 'AND key < ?' : ''} ORDER BY key
         LIMIT ${perTurn}`,
      )
      const newest = statements.big(
        `SELECT revision, at_ms, create_revision, value_id, op FROM change AS c INDEXED BY change_key
         WHERE key_id = ? AND epoch_id = ? AND revision >= ? AND revision <= ? AND op <> ${OP_DELETE}
         ORDER BY revision DESC LIMIT 1`,
      )
      const found: { keyId: number; row: Row }[] = []
      for (let first = keys.from; ; ) {
        const rows = page.all(cluster.id, first, ...(bounded ? [keys.to] : []))
        for (const key of rows) {
          const keyId = numberOf(key[0])
          const row = newest.get(keyId, epochId, from, to)
          if (row !== undefined) found.push({ keyId, row })
        }
        const last = rows.at(-1)
        if (last === undefined || rows.length < perTurn) break
        first = justAfter(bytesOf(last[1]))
        await new Promise(setImmediate)
      }
      found.sort((a, b) => (bigOf(a.row[0]) < bigOf(b.row[0]) ? 1 : -1))
      const names = statements.big(`SELECT ${keyColumns} FROM key AS k WHERE k.id = ?`)
      return found.slice(0, limit).flatMap(({ keyId, row }): ObjectRow[] => {
        const name = names.get(keyId)
        if (name === undefined) return []
        const valueId = numberOrNull(row[3])
        return [
          {
            ...nameOfRow(name, 0),
            revision: bigOf(row[0]),
            op: wordOf(opCodes, numberOf(row[4])),
            atMs: numberOf(row[1]),
            createRevision: bigOf(row[2]),
            value: valueId === null ? null : values.read(valueId).raw,
          },
        ]
      })
    },

    async podSteps(cluster, epoch, keyIds, through) {
      const epochId = epochIdOf(cluster, epoch)
      const select = statements.big(
        `SELECT ${podStepColumns} FROM pod_step WHERE key_id = ? AND epoch_id = ? AND revision <= ? ORDER BY revision`,
      )
      return forEachKey(keyIds, (keyId) => select.all(keyId, epochId, through).map((row) => podStepOfRow(row, labels)))
    },

    async keyNames(keyIds) {
      const select = statements.big(`SELECT ${keyColumns} FROM key AS k WHERE k.id = ?`)
      const found = await forEachKey([...new Set(keyIds)], (keyId) => select.all(keyId).map((row) => nameOfRow(row, 0)))
      return new Map(found.map((one) => [one.keyId, one]))
    },
  }
}

const keyColumns = 'k.id, k.key, k.resource_id, k.namespace_id, k.name_tail, k.name'
