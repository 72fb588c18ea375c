import { describe, expect, it } from 'vitest'
import type { ActivityBy, ChangeInput } from '../../../lib/store'
import { historyModel } from './historyModel'
import { testRecord, text } from './recordFixture'

const labelOf: Record<ActivityBy, (one: ChangeInput) => string> = {
  resource: (one) => one.resource ?? '',
  namespace: (one) => one.namespace ?? '',
  manager: (one) => one.manager ?? '',
  op: (one) => one.op,
  significance: (one) => one.significance,
  key: (one) => Buffer.from(one.key).toString('utf8'),
}
const dimensions = Object.keys(labelOf) as ActivityBy[]
const sums = (points: [number, number][]) => points.reduce((sum, [, value]) => sum + value, 0)

describe('activity', () => {
  it.each(dimensions)('by %s equals counting the changes, from the roll-up and from the changes alike', async (by) => {
    const { append, reader, cluster } = await testRecord()
    const model = historyModel(5, 300)
    const half = model.changes.findIndex((one) => one.revision > model.last / 2n)
    await append(model.changes.slice(0, half))
    await append(model.changes.slice(half))
    const [first, last] = [model.changes[0]?.atMs ?? 0, model.changes.at(-1)?.atMs ?? 0]
    const ranges = [
      [first - 50_000, last + 50_000],
      [first + 100_000, first + 300_000],
    ] as const
    for (const [fromMs, toMs] of ranges) {
      for (const stepMs of [7_000, 10_000, 60_000, 600_000]) {
        for (const metric of ['changes', 'bytes'] as const) {
          const query = { metric, by, fromMs, toMs, stepMs, top: 1000 }
          const { series, labels } = await reader.activity(cluster, query)
          const expected = counted(model.changes, by, metric, stepMs, fromMs, toMs)
          const found = new Map(series.map((one) => [one.label, new Map(one.points)]))
          expect(found).toEqual(expected)
          expect(labels).toBe(expected.size)
        }
      }
    }
  })

  it('lists the busiest labels first and joins the rest under null', async () => {
    const { append, reader, cluster } = await testRecord()
    const model = historyModel(6, 200)
    await append(model.changes)
    const query = { metric: 'changes', by: 'key', fromMs: 0, toMs: 2e12, stepMs: 86_400_000 } as const
    const all = await reader.activity(cluster, { ...query, top: 1000 })
    const top = await reader.activity(cluster, { ...query, top: 3 })
    expect(top.series.map((one) => one.label)).toEqual([...all.series.slice(0, 3).map((one) => one.label), null])
    expect(top.labels).toBe(all.labels)
    expect(top.series.flatMap((one) => one.points).reduce((sum, [, n]) => sum + n, 0)).toBe(model.changes.length)
    const totals = all.series.map((one) => sums(one.points))
    expect(totals).toEqual([...totals].sort((a, b) => b - a))
  })

  it('is told by the ledger with the share that changed nothing that matters', async () => {
    const { append, reader, cluster } = await testRecord()
    const model = historyModel(8, 300)
    await append(model.changes)
    for (const by of ['resource', 'namespace', 'manager', 'key'] as const) {
      const rows = await reader.ledger(cluster, { by, fromMs: 0, toMs: 2e12, limit: 1000 })
      for (const row of rows) {
        const mine = model.changes.filter((one) => labelOf[by](one) === row.label)
        expect(row.changes).toBe(mine.length)
        expect(row.bytes).toBe(mine.reduce((sum, one) => sum + one.valueBytes, 0))
        expect(row.meaningless).toBe(mine.filter((one) => ['heartbeat', 'none'].includes(one.significance)).length)
      }
      expect(new Set(rows.map((row) => row.label))).toEqual(new Set(model.changes.map(labelOf[by])))
      expect(rows.map((row) => row.bytes)).toEqual(rows.map((row) => row.bytes).sort((a, b) => b - a))
    }
  })

  it('names a key that is not UTF-8 by its base64', async () => {
    const { append, reader, cluster } = await testRecord()
    const model = historyModel(9, 1)
    const key = Uint8Array.of(0xff, 0xfe)
    await append(model.changes.slice(0, 1).map((one) => ({ ...one, key })))
    const [row] = await reader.ledger(cluster, { by: 'key', fromMs: 0, toMs: 2e12, limit: 1 })
    expect(row?.label).toBe(`base64:${Buffer.from(text(key), 'latin1').toString('base64')}`)
  })
})

function counted(
  changes: readonly ChangeInput[],
  by: ActivityBy,
  metric: 'changes' | 'bytes',
  stepMs: number,
  fromMs: number,
  toMs: number,
) {
  const start = Math.floor(fromMs / stepMs) * stepMs
  const end = Math.ceil(toMs / stepMs) * stepMs
  const all = new Map<string, Map<number, number>>()
  for (const one of changes) {
    if (one.atMs < start || one.atMs >= end) continue
    const label = labelOf[by](one)
    const bucket = Math.floor(one.atMs / stepMs) * stepMs
    const points = all.get(label) ?? new Map<number, number>()
    points.set(bucket, (points.get(bucket) ?? 0) + (metric === 'changes' ? 1 : one.valueBytes))
    all.set(label, points)
  }
  return all
}
