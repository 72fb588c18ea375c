import { describe, expect, it } from 'vitest'
import type { ChangeInput } from '../../../lib/store'
import { bytes, change, noEnd, type TestRecord, testRecord, text } from './recordFixture'

const everything = { order: 'asc', limit: 1000, after: null } as const
const gap = { fromRevision: 11n, toRevision: 30n, reason: 'compacted', atMs: 9000 }

/** a and b live, c deleted, cursor 10. */
async function beforeTheGap(): Promise<TestRecord> {
  const record = await testRecord()
  await record.append(
    [
      change({ revision: 2n, key: bytes('a'), atMs: 1000 }),
      change({ revision: 3n, key: bytes('b'), atMs: 2000 }),
      change({ revision: 4n, key: bytes('c'), atMs: 2000 }),
      change({ revision: 5n, key: bytes('c'), op: 'delete', value: null, version: 0n, createRevision: 0n, atMs: 3000 }),
    ],
    10n,
  )
  return record
}

const draft = (revision: bigint, key: string, given: Partial<ChangeInput> = {}) =>
  change({ revision, key: bytes(key), origin: 'resync', atSource: 'bound', version: 4n, createRevision: 2n, ...given })
const removed = (revision: bigint, key: string) => draft(revision, key, { op: 'delete', value: null, version: 0n })

async function resync(record: TestRecord, changes: ChangeInput[]): Promise<number> {
  const { writer, cluster, ownership } = record
  return (await writer.appendResync({ cluster, epoch: 1, ownership, changes })).appended
}

async function rows(record: TestRecord): Promise<string[]> {
  const found = await record.reader.changes(record.cluster, {}, everything)
  return found.map((c) => `${c.revision}.${c.ordinal} ${c.op} ${text(c.key)} ${c.origin}`)
}

const recordedBefore = ['2.0 create a watch', '3.0 create b watch', '4.0 create c watch', '5.0 delete c watch']

describe('re-sync', () => {
  it('becomes part of the record only when it is finished, with its gap', async () => {
    const record = await beforeTheGap()
    expect(
      await resync(record, [draft(20n, 'a', { atMs: 5 }), removed(30n, 'b'), draft(18n, 'd', { atMs: 8000 })]),
    ).toBe(3)
    expect(await rows(record)).toEqual(recordedBefore)
    expect((await record.writer.cursor(record.cluster)).revision).toBe(10n)
    await record.writer.finishResync(record.cluster, 1, record.ownership, { through: 30n, gap })
    expect(await rows(record)).toEqual([
      ...recordedBefore,
      '18.0 create d resync',
      '20.0 create a resync',
      '30.0 delete b resync',
    ])
    const times = (await record.reader.changes(record.cluster, {}, everything)).map((c) => c.atMs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(await record.writer.cursor(record.cluster)).toMatchObject({ revision: 30n, lastAtMs: times.at(-1) })
    const row = await record.reader.cluster('prod')
    expect(row?.gaps).toEqual([{ ...gap, epoch: 1, beforeMs: 3000, afterMs: null }])
    expect((await record.reader.verify(record.cluster)).firstBad).toBeNull()
  })

  it('may be cut off and run again any number of times, at a later revision and with other ordinals', async () => {
    const record = await beforeTheGap()
    await resync(record, [draft(20n, 'a'), draft(20n, 'x', { ordinal: 1 })])
    expect(await resync(record, [draft(20n, 'a'), draft(20n, 'x', { ordinal: 1 })])).toBe(0)
    // On the second run `a` has moved on, so `x` and `y` get other ordinals; `b` vanished twice.
    expect(await resync(record, [draft(20n, 'x'), draft(20n, 'y', { ordinal: 1 }), draft(25n, 'a')])).toBe(2)
    expect(await resync(record, [removed(26n, 'b')])).toBe(1)
    expect(await resync(record, [removed(30n, 'b')])).toBe(0)
    await record.writer.finishResync(record.cluster, 1, record.ownership, { through: 30n, gap })
    await record.writer.finishResync(record.cluster, 1, record.ownership, { through: 30n, gap })
    expect((await rows(record)).slice(recordedBefore.length)).toEqual([
      '20.0 create a resync',
      '20.1 create x resync',
      '20.2 create y resync',
      '25.0 create a resync',
      '26.0 delete b resync',
    ])
    expect((await record.reader.cluster('prod'))?.gaps).toHaveLength(1)
  })

  it('is replaced by the watch when the watch covers those revisions after all', async () => {
    const record = await beforeTheGap()
    await resync(record, [draft(20n, 'a'), removed(30n, 'b')])
    await record.append([
      change({ revision: 11n, key: bytes('a'), op: 'update', version: 2n, createRevision: 2n }),
      change({ revision: 20n, key: bytes('a'), op: 'update', version: 3n, createRevision: 2n }),
    ])
    expect(await rows(record)).toEqual([...recordedBefore, '11.0 update a watch', '20.0 update a watch'])
    expect((await record.reader.verify(record.cluster)).firstBad).toBeNull()
  })

  it('sees its own drafts as the live keys, so that a second run removes what vanished in between', async () => {
    const record = await beforeTheGap()
    const { writer, cluster } = record
    const live = async (from: Uint8Array, to: Uint8Array) =>
      (await writer.liveKeys(cluster, 1, from, to)).map((one) => `${text(one.key)}@${one.modRevision}`)
    expect(await live(noEnd, noEnd)).toEqual(['a@2', 'b@3'])
    await resync(record, [draft(20n, 'a'), removed(30n, 'b'), draft(21n, 'new')])
    expect(await live(noEnd, noEnd)).toEqual(['a@20', 'new@21'])
    expect(await live(bytes('b'), noEnd)).toEqual(['new@21'])
    expect(await live(noEnd, bytes('b'))).toEqual(['a@20'])
  })

  it('does not count as activity: it reconstructs, nobody wrote then', async () => {
    const record = await beforeTheGap()
    await resync(record, [draft(20n, 'a', { atMs: 8000 })])
    await record.writer.finishResync(record.cluster, 1, record.ownership, { through: 30n, gap })
    for (const stepMs of [10_000, 1_000]) {
      const query = { metric: 'changes', by: 'op', fromMs: 0, toMs: 20_000, stepMs, top: 9 } as const
      const { series } = await record.reader.activity(record.cluster, query)
      expect(series.flatMap((one) => one.points).reduce((sum, [, n]) => sum + n, 0)).toBe(4)
    }
  })
})
