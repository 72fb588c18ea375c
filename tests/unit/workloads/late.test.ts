import { expect, it } from 'vitest'
import { systemClock } from '../../../lib/core/clock'
import type { ChangeInput, RecordWriter } from '../../../lib/store'
import { createDeriver, type Deriver } from '../../../lib/workloads/deriver'
import { seededRandom } from '../../support/seededRandom'
import { openWorkloadRecord, recordedChanges, type WorkloadRecord } from '../../support/workloadRecord'
import { derivedRows } from './derivedRows'

/** Rows and gaps that come below what is derived already leave what would have been derived in their order. */

const end = 4_500n

/** Ids of keys follow the order in which they were met, and remarks name objects in that order: the same for all here. */
async function openNumbered(changes: readonly ChangeInput[]): Promise<WorkloadRecord> {
  const record = await openWorkloadRecord()
  const first = [...new Map(changes.map((one) => [Buffer.from(one.key).toString(), one])).values()]
  await record.append(
    first.map((one, at) => ({ ...one, revision: BigInt(at + 1), ordinal: 0, op: 'delete', value: null, atMs: at })),
  )
  const { writer, cluster, ownership } = record
  await writer.openEpoch(cluster, ownership, { etcdClusterId: 'b', reason: 'test', atMs: 0 })
  return record
}

const gapOf = (from: bigint, to: bigint, changes: readonly ChangeInput[]) => ({
  fromRevision: from,
  toRevision: to,
  reason: 'dropped before it was read',
  // When the state behind it was read.
  atMs: changes.findLast(({ revision }) => revision <= to)?.atMs ?? 0,
})

it.each([1, 12, 14])(
  'streams that fall behind and come back in any order, and a gap (seed %i)',
  {
    timeout: 60_000,
  },
  async (seed) => {
    const random = seededRandom(seed)
    const pick = (below: number) => Math.floor(random() * below)
    const changes = recordedChanges().filter(({ revision }) => revision <= end)
    const resources = [...new Set(changes.map(({ resource }) => resource))]
    const [whole, late] = [await openNumbered(changes), await openNumbered(changes)]
    const { writer, cluster, ownership } = late
    const from = BigInt(1_000 + pick(1_500))
    const gap = gapOf(from, from + BigInt(pick(60)), changes)
    try {
      await whole.append(changes.filter(({ revision }) => revision <= gap.toRevision))
      await whole.writer.finishResync(whole.cluster, 2, whole.ownership, { through: gap.toRevision, gap })
      await whole.append(changes.filter(({ revision }) => revision > gap.toRevision))
      await whole.derive()

      const waiting = new Map<string | null, ChangeInput[]>()
      let isDeclared = false
      let failures = 0
      let stepsBack = 0
      const failing: RecordWriter = {
        ...writer,
        async writeDerived(batch) {
          if (random() < 0.1) {
            failures++
            throw new Error('the disk is full')
          }
          await writer.writeDerived(batch)
        },
        async stepBackDerived(to) {
          stepsBack++
          await writer.stepBackDerived(to)
        },
      }
      let deriver: Deriver | null = null
      async function derive() {
        deriver ??= createDeriver({
          cluster,
          writer: failing,
          ownership: () => ownership,
          clock: systemClock,
          signal: new AbortController().signal,
          log: () => undefined,
        })
        await deriver.catchUp().catch(() => undefined)
        if (random() < 0.3) deriver = null
      }
      async function tellLate(resource: string | null) {
        const rows = waiting.get(resource) ?? []
        const some = rows.splice(0, 1 + pick(rows.length))
        if (rows.length === 0) waiting.delete(resource)
        await writer.appendResync({ cluster, epoch: 2, ownership, changes: some })
      }
      for (let at = 0; at < changes.length; ) {
        let to = Math.min(changes.length, at + 1 + pick(500))
        while (to < changes.length && changes[to]?.revision === changes[to - 1]?.revision) to++
        for (let n = pick(4); n > 0; n--) {
          const resource = resources[pick(resources.length)] ?? null
          if (!waiting.has(resource)) waiting.set(resource, [])
        }
        const inTime: ChangeInput[] = []
        for (const one of changes.slice(at, to)) (waiting.get(one.resource) ?? inTime).push(one)
        const through = changes[to - 1]?.revision ?? 0n
        await writer.append({ cluster, epoch: 2, ownership, changes: inTime, through })
        at = to
        if (random() < 0.8) await derive()
        if (!isDeclared && through >= gap.toRevision + 200n) {
          await writer.finishResync(cluster, 2, ownership, { through, gap })
          isDeclared = true
        }
        for (const resource of [...waiting.keys()]) if (random() < 0.5) await tellLate(resource)
      }
      while (waiting.size > 0) {
        await tellLate([...waiting.keys()][pick(waiting.size)] ?? null)
        if (random() < 0.3) await derive()
      }
      await late.derive()
      expect(stepsBack).toBeGreaterThan(2)
      expect(failures).toBeGreaterThan(0)
      const [told, wanted] = [derivedRows(late.databaseUrl), derivedRows(whole.databaseUrl)]
      expect(told.filter((row) => !wanted.includes(row))).toEqual([])
      expect(told).toEqual(wanted)
    } finally {
      await whole.close()
      await late.close()
    }
  },
)
