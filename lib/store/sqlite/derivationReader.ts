import { ScopeError } from '../../core/errors'
import { maxBigInt, minBigInt } from '../../core/int64'
import { codeOf, FIRST_MEANINGLESS, linkCodes, OP_DELETE, opCodes, roleCodes, wordOf } from '../codes'
import type { ClusterRef } from '../store'
import type {
  DerivationEpoch,
  DerivationGap,
  ObjectFilter,
  ObjectRow,
  TrackedRest,
  WorkloadStepRow,
  WorkloadWriter,
} from '../workloadStore'
import { nameFrom } from './keys'
import type { LabelReader } from './labels'
import { bigOf, bytesOf, numberOf, numberOrNull, type Row, type Statements, textOf, textOrNull } from './statements'
import type { ValueReader } from './valueReader'
import {
  bigOrNull,
  insightsOfText,
  ownedColumns,
  ownedOfRow,
  rolloutColumns,
  rolloutOfRow,
  stepColumns,
  stepOfRow,
} from './workloadColumns'

/** What the derivation of workloads reads of the record, over the writer's connection. */

type Reads = Omit<WorkloadWriter, 'writeDerived' | 'stepBackDerived'>

/** Keys looked at between two turns of the event loop. */
const keysPerPage = 300
/** Runs of one Job or CronJob that the next one is measured against. */
const runsKept = 20
/** Steps of one object read at first; more when they do not reach back far enough. */
const firstSteps = 40

const objectColumns = `c.revision, c.op, c.at_ms, c.create_revision, c.value_id, k.id, k.key, k.resource_id,
  k.namespace_id, k.name_tail, k.name`

export function createDerivationReader(parts: {
  statements: Statements
  labels: LabelReader
  values: ValueReader
}): Reads {
  const { statements, labels, values } = parts
  const resources = createResourceIds(statements)

  function epochIdOf(cluster: ClusterRef, epoch: number): number {
    const row = statements.raw('SELECT id FROM epoch WHERE cluster_id = ? AND epoch = ?').get(cluster.id, epoch)
    if (row === undefined) throw new ScopeError('INTERNAL', `${cluster.name} has no epoch ${epoch}.`)
    return numberOf(row[0])
  }

  function objectOf(row: Row): ObjectRow {
    const op = wordOf(opCodes, numberOf(row[1]))
    const key = bytesOf(row[6])
    const valueId = numberOrNull(row[4])
    return {
      revision: bigOf(row[0]),
      op,
      atMs: numberOf(row[2]),
      createRevision: bigOf(row[3]),
      value: op === 'delete' || valueId === null ? null : readable(valueId),
      keyId: numberOf(row[5]),
      key,
      resource: labels.textOf(numberOrNull(row[7])),
      namespace: labels.textOf(numberOrNull(row[8])),
      name: nameFrom(key, numberOrNull(row[9]), textOrNull(row[10])),
    }
  }

  /** A damaged value must not hold up the others: verify names it, here it counts as not readable. */
  function readable(valueId: number): Uint8Array | null {
    try {
      return values.read(valueId).raw
    } catch (error) {
      if (error instanceof ScopeError) return null
      throw error
    }
  }

  function recentSteps(keyId: number, epochId: number, sinceMs: number, insights: Row | undefined): WorkloadStepRow[] {
    const newestFirst = statements.raw(
      `SELECT ${stepColumns} FROM workload_step AS s WHERE s.key_id = ? AND s.epoch_id = ?
       ORDER BY s.revision DESC LIMIT ?`,
    )
    for (let limit = firstSteps; ; limit *= 4) {
      const steps = newestFirst.all(keyId, epochId, limit).map((row) => stepOfRow(row, labels))
      const outside = steps.findIndex((step) => step.atMs < sinceMs)
      if (outside === -1 && steps.length === limit) continue
      const recent = outside === -1 ? steps : steps.slice(0, outside + 1)
      const life = recent.findIndex(({ status }, at) => status === 'gone' || (status === 'unrecorded' && at > 0))
      const lived = (life === -1 ? recent : recent.slice(0, life)).reverse()
      const newest = lived.pop()
      if (newest === undefined) return []
      // Insights move without a step too: the newest of them are what holds.
      return [...lived, { ...newest, insights: insightsOfText(insights?.[0]) }]
    }
  }

  /** What retention removed before it was read is a gap like any other: behind the horizon the state is exact. */
  function gapsOf(epochId: number, through: bigint): DerivationGap[] {
    const declared = statements
      .big(
        `SELECT from_revision, to_revision, at_ms,
           (SELECT c.at_ms FROM change AS c WHERE c.epoch_id = gap.epoch_id AND c.revision < gap.from_revision
            ORDER BY c.revision DESC LIMIT 1)
         FROM gap WHERE epoch_id = ? ORDER BY from_revision`,
      )
      .all(epochId)
    const removed = statements
      .big(
        `SELECT ?, revision, at_ms,
           (SELECT c.at_ms FROM change AS c WHERE c.epoch_id = horizon.epoch_id AND c.revision <= ?
            ORDER BY c.revision DESC LIMIT 1)
         FROM horizon WHERE epoch_id = ? AND revision > ? ORDER BY revision DESC LIMIT 1`,
      )
      .all(through + 1n, through, epochId, through)
    const horizon = removed[0] === undefined ? through : bigOf(removed[0][1])
    return [...removed, ...declared.filter((row) => horizon === through || bigOf(row[1]) > horizon)]
      .map((row) => ({
        fromRevision: bigOf(row[0]),
        toRevision: bigOf(row[1]),
        atMs: numberOf(row[2]),
        beforeMs: numberOrNull(row[3]),
      }))
      .sort((a, b) => (a.fromRevision < b.fromRevision ? -1 : 1))
      .reduce(joinedGaps, [])
  }

  function rolloutRest(keyId: number, epochId: number): Pick<TrackedRest, 'open' | 'templates' | 'runs'> {
    const rows = statements
      .big(`SELECT ${rolloutColumns} FROM rollout WHERE key_id = ? AND epoch_id = ? ORDER BY ended_revision`)
      .all(keyId, epochId)
      .map(rolloutOfRow)
    const runs = rows.flatMap((row) => (row.cause === 'run' && row.convergedMs !== null ? [row.convergedMs] : []))
    return {
      open: rows.find((row) => row.endedRevision === null) ?? null,
      templates: [...new Set(rows.flatMap(({ template }) => (template === null ? [] : [template])))],
      runs: runs.slice(-runsKept),
    }
  }

  /** Whatever else it selects, `c` is the change and `k` its key; bound by the two lists of {@link wantedIds}. */
  const wantedRows = `k.resource_id IN (SELECT value FROM json_each(?))
    AND (c.significance < ${FIRST_MEANINGLESS} OR c.op = ${OP_DELETE}
         OR k.resource_id IN (SELECT value FROM json_each(?)))`

  function wantedIds(filter: ObjectFilter): [all: string, noisy: string] {
    const wanted = resources.of(filter)
    const noisy = wanted.filter(({ text }) => filter.withHeartbeats.has(text))
    return [JSON.stringify(wanted.map(({ id }) => id)), JSON.stringify(noisy.map(({ id }) => id))]
  }

  /**
   * The lowest revision at which rows came late or a gap begins that was declared, by links after `seq`. The newest row
   * before a gap counts whatever it is: from its time on nothing is said.
   */
  function lateFrom(cluster: ClusterRef, epochId: number, seq: number, filter: ObjectFilter): bigint | null {
    const row = statements
      .big(
        `SELECT min(l.revision) FROM late_change AS l
         CROSS JOIN change AS c ON c.epoch_id = l.epoch_id AND c.revision = l.revision AND c.ordinal = l.ordinal
         CROSS JOIN key AS k ON k.id = c.key_id
         WHERE l.epoch_id = ? AND l.seq > ? AND ((${wantedRows}) OR EXISTS (
           SELECT 1 FROM gap AS g WHERE g.epoch_id = l.epoch_id AND g.from_revision > l.revision AND NOT EXISTS (
             SELECT 1 FROM change AS n
             WHERE n.epoch_id = l.epoch_id AND n.revision > l.revision AND n.revision < g.from_revision)))`,
      )
      .get(epochId, seq, ...wantedIds(filter))
    const gap = statements
      .big(
        `SELECT min(CAST(json_extract(body, '$.from') AS INTEGER)) FROM chain_link
         WHERE cluster_id = ? AND seq > ? AND epoch_id = ? AND kind = ?`,
      )
      .get(cluster.id, seq, epochId, codeOf(linkCodes, 'gap'))
    const found = [row, gap].flatMap((one) => bigOrNull(one?.[0] ?? null) ?? [])
    if (found.length === 0) return null
    // What was derived below a horizon cannot be derived anew.
    const horizon = statements.big('SELECT max(revision) FROM horizon WHERE epoch_id = ?').get(epochId)
    return maxBigInt(found.reduce(minBigInt), bigOrNull(horizon?.[0] ?? null) ?? 0n)
  }

  return {
    async derivation(cluster, filter, taken) {
      const head = statements.raw('SELECT max(seq) FROM chain_link WHERE cluster_id = ?').get(cluster.id)
      const chainSeq = numberOrNull(head?.[0] ?? null) ?? 0
      return statements
        .big(
          `SELECT e.id, e.epoch, e.cursor_revision, d.through, coalesce(d.late_seq, 0)
           FROM epoch AS e LEFT JOIN derivation AS d ON d.epoch_id = e.id WHERE e.cluster_id = ? ORDER BY e.epoch`,
        )
        .all(cluster.id)
        .map((row): DerivationEpoch => {
          const [epochId, derivedThrough] = [numberOf(row[0]), bigOrNull(row[3])]
          const takenSeq = Math.max(numberOf(row[4]), taken?.epoch === numberOf(row[1]) ? taken.chainSeq : 0)
          return {
            epoch: numberOf(row[1]),
            storedRevision: bigOf(row[2]),
            derivedThrough,
            gaps: gapsOf(epochId, derivedThrough ?? 0n),
            lateFrom: lateFrom(cluster, epochId, takenSeq, filter),
            chainSeq,
          }
        })
    },

    async underived() {
      return statements
        .raw(
          `SELECT DISTINCT c.id, c.name FROM cluster AS c JOIN epoch AS e ON e.cluster_id = c.id
           LEFT JOIN derivation AS d ON d.epoch_id = e.id
           WHERE e.cursor_revision > coalesce(d.through, 0) ORDER BY c.id`,
        )
        .all()
        .map((row) => ({ id: numberOf(row[0]), name: textOf(row[1]) }))
    },

    async derivationRest(cluster, epoch, recentMs) {
      const epochId = epochIdOf(cluster, epoch)
      const alive = statements
        .big(
          `SELECT w.key_id, w.role, kind.text, grp.text, w.first_revision FROM workload AS w
           JOIN label AS kind ON kind.id = w.kind_id JOIN label AS grp ON grp.id = w.group_id
           WHERE w.epoch_id = ? AND w.ended_revision IS NULL`,
        )
        .all(epochId)
      const newestMs = statements
        .raw(
          `SELECT at_ms FROM change WHERE epoch_id = ? AND revision <= (SELECT through FROM derivation WHERE epoch_id = ?)
           ORDER BY revision DESC LIMIT 1`,
        )
        .get(epochId, epochId)
      const sinceMs = numberOf(newestMs?.[0] ?? 0) - recentMs
      const newestInsights = statements.big(
        'SELECT insights, revision FROM workload_insight WHERE key_id = ? AND epoch_id = ? ORDER BY revision DESC LIMIT 1',
      )
      const tracked: TrackedRest[] = []
      for (const [index, row] of alive.entries()) {
        const keyId = numberOf(row[0])
        const insights = newestInsights.get(keyId, epochId)
        tracked.push({
          keyId,
          role: wordOf(roleCodes, numberOf(row[1])),
          kind: textOf(row[2]),
          group: textOf(row[3]),
          firstRevision: bigOf(row[4]),
          endedRevision: null,
          recent: recentSteps(keyId, epochId, sinceMs, insights),
          insightRevision: insights === undefined ? null : bigOf(insights[1]),
          ...rolloutRest(keyId, epochId),
        })
        if (index % keysPerPage === keysPerPage - 1) await new Promise(setImmediate)
      }
      const owned = statements
        .big(`SELECT ${ownedColumns} FROM owned_object WHERE epoch_id = ? AND to_revision IS NULL`)
        .all(epochId)
        .map((row) => ownedOfRow(row, labels))
      return { tracked, owned }
    },

    async *objectsAt(cluster, epoch, revision, filter) {
      const epochId = epochIdOf(cluster, epoch)
      const keys = statements.raw('SELECT id FROM key WHERE cluster_id = ? AND resource_id = ?')
      const newest = statements.big(
        `SELECT ${objectColumns} FROM key AS k CROSS JOIN change AS c INDEXED BY change_key ON c.key_id = k.id
         WHERE k.id = ? AND c.epoch_id = ? AND c.revision <= ? ORDER BY c.revision DESC LIMIT 1`,
      )
      for (const { id } of resources.of(filter)) {
        const ids = keys.all(cluster.id, id).map((row) => numberOf(row[0]))
        for (let at = 0; at < ids.length; at += keysPerPage) {
          const page: ObjectRow[] = []
          for (const keyId of ids.slice(at, at + keysPerPage)) {
            const row = newest.get(keyId, epochId, revision)
            if (row !== undefined && numberOf(row[1]) !== OP_DELETE) page.push(objectOf(row))
          }
          yield page
          await new Promise(setImmediate)
        }
      }
    },

    async objectChanges(cluster, epoch, { after, through }, filter, limit) {
      const epochId = epochIdOf(cluster, epoch)
      const [all, noisy] = wantedIds(filter)
      const select = statements.big(
        `SELECT ${objectColumns} FROM change AS c CROSS JOIN key AS k ON k.id = c.key_id
         WHERE c.epoch_id = ? AND c.revision > ? AND c.revision <= ?
           AND ${wantedRows}
         ORDER BY c.revision, c.ordinal LIMIT ?`,
      )
      let rows = select.all(epochId, after, through, all, noisy, limit)
      let reached = through
      const last = rows.at(-1)
      if (rows.length === limit && last !== undefined) {
        // The last revision may go on beyond the limit: it comes whole, now if it is the only one, else next time.
        const cut = bigOf(last[0])
        const whole = rows.filter((row) => bigOf(row[0]) < cut)
        reached = whole.length > 0 ? cut - 1n : cut
        rows = whole.length > 0 ? whole : select.all(epochId, after, cut, all, noisy, -1)
      }
      return { rows: rows.map(objectOf), through: reached }
    },
  }
}

/** Gaps of several resources may overlap: nothing is whole again before the last of them ends. */
function joinedGaps(gaps: readonly DerivationGap[], next: DerivationGap): DerivationGap[] {
  const last = gaps.at(-1)
  if (last === undefined || next.fromRevision > last.toRevision) return [...gaps, next]
  const end = next.toRevision > last.toRevision ? next : last
  return [...gaps.slice(0, -1), { ...last, toRevision: end.toRevision, atMs: end.atMs }]
}

/** Ids of the resources that a filter names. Labels never change, so each is looked at once. */
function createResourceIds(statements: Statements) {
  const kept = new WeakMap<ObjectFilter, { through: number; ids: { id: number; text: string }[] }>()
  const newer = statements.raw('SELECT id, text FROM label WHERE id > ? ORDER BY id')
  return {
    of(filter: ObjectFilter): readonly { readonly id: number; readonly text: string }[] {
      const known = kept.get(filter) ?? { through: 0, ids: [] }
      kept.set(filter, known)
      for (const row of newer.all(known.through)) {
        const [id, text] = [numberOf(row[0]), textOf(row[1])]
        known.through = id
        if (filter.resources.has(text) || (filter.custom && customResource.test(text))) known.ids.push({ id, text })
      }
      return known.ids
    },
  }
}

/** Labels are also namespaces and managers, of which some look alike: no key has those as its resource. */
const customResource = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/
