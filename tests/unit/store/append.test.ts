import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../lib/core/clock'
import { openForWriting } from '../../../lib/store/sqlite/database'
import { createWriter } from '../../../lib/store/sqlite/writer'
import { bytes, change, testRecord, text } from './recordFixture'

const everything = { order: 'asc', limit: 1000, after: null } as const

describe('append', () => {
  it('stores each change once: a revision that is stored already is refused and nothing moves', async () => {
    const { append, reader, cluster, writer } = await testRecord()
    await append([change({ revision: 2n }), change({ revision: 3n })])
    await expect(append([change({ revision: 3n })])).rejects.toMatchObject({ code: 'INTERNAL' })
    await expect(append([change({ revision: 2n }), change({ revision: 4n })])).rejects.toThrow(/stored already/)
    expect((await reader.changes(cluster, {}, everything)).map((c) => c.revision)).toEqual([2n, 3n])
    expect((await writer.cursor(cluster)).revision).toBe(3n)
  })

  it.each([
    ['ordinals that do not count up', [change({ revision: 2n, ordinal: 1 })], 2n, /ordinal 1 where 0 is due/],
    ['revisions out of order', [change({ revision: 3n }), change({ revision: 2n })], 3n, /out of order/],
    ['an end below its last change', [change({ revision: 3n })], 2n, /lies above its end/],
    [
      'a key that changes twice in one revision',
      [change({ revision: 2n, key: bytes('k') }), change({ revision: 2n, ordinal: 1, key: bytes('k') })],
      2n,
      /changes twice in revision 2/,
    ],
  ])('refuses %s', async (_, changes, through, message) => {
    const { append, reader, cluster } = await testRecord()
    await expect(append(changes, through)).rejects.toThrow(message)
    expect(await reader.changes(cluster, {}, everything)).toEqual([])
  })

  it('moves changes, counts, values and cursor together or not at all when a write fails half-way', async () => {
    const { path, cluster, ownership, reader } = await testRecord()
    const db = openForWriting(path)
    const writer = createWriter(db, path, systemClock)
    onTestFinished(() => writer.close())
    const batch = (...revisions: bigint[]) => ({
      cluster,
      epoch: 1,
      ownership,
      changes: revisions.map((revision) => change({ revision, key: bytes(`k${revision}`) })),
      through: revisions.at(-1) ?? 0n,
    })
    await writer.append(batch(2n))
    db.exec(`CREATE TEMP TRIGGER fault BEFORE INSERT ON change WHEN NEW.revision = 5
             BEGIN SELECT RAISE(ABORT, 'injected'); END`)
    await expect(writer.append(batch(3n, 4n, 5n))).rejects.toThrow(/injected/)
    expect((await writer.cursor(cluster)).revision).toBe(2n)
    const counts = ['change', 'value', 'key'].map((table) => db.prepare(`SELECT count(*) FROM ${table}`).pluck().get())
    expect(counts).toEqual([1, 1, 1])
    db.exec('DROP TRIGGER fault')
    await writer.append(batch(3n, 4n, 5n))
    expect((await reader.changes(cluster, {}, everything)).map((c) => text(c.key))).toEqual(['k2', 'k3', 'k4', 'k5'])
    expect((await reader.verify(cluster)).firstBad).toBeNull()
    const { series } = await reader.activity(cluster, {
      metric: 'changes',
      by: 'op',
      fromMs: 1_700_000_000_000,
      toMs: 1_700_000_010_000,
      stepMs: 10_000,
      top: 5,
    })
    expect(series).toEqual([{ label: 'create', points: [[1_700_000_000_000, 4]] }])
  })

  it('lets a progress move the cursor without changes, never back', async () => {
    const { append, writer, cluster } = await testRecord()
    await append([], 40n)
    expect((await writer.cursor(cluster)).revision).toBe(40n)
    await expect(append([], 39n)).rejects.toThrow(/before the cursor/)
  })

  it('never lets time run backwards within an epoch', async () => {
    const { append, reader, writer, cluster } = await testRecord()
    await append([change({ revision: 2n, atMs: 5000 }), change({ revision: 3n, atMs: 4000 })])
    await append([change({ revision: 4n, atMs: 4500 }), change({ revision: 5n, atMs: 6000 })])
    expect((await reader.changes(cluster, {}, everything)).map((c) => c.atMs)).toEqual([5000, 5000, 5000, 6000])
    expect((await writer.cursor(cluster)).lastAtMs).toBe(6000)
  })

  it('keeps int64 exactly: revisions, versions and leases beyond 2^53', async () => {
    const { append, reader, cluster } = await testRecord()
    const huge = 9_223_372_036_854_775_800n
    await append([
      change({ revision: huge, createRevision: huge - 1n, version: huge - 2n, leaseId: huge - 3n, atMs: 5 }),
    ])
    const [stored] = await reader.changes(cluster, {}, everything)
    expect(stored).toMatchObject({
      revision: huge,
      createRevision: huge - 1n,
      version: huge - 2n,
      leaseId: huge - 3n,
    })
    expect(await reader.revisionAt(cluster, 1, Number.MAX_SAFE_INTEGER)).toBe(huge)
  })
})

describe('ownership', () => {
  it('refuses every write of a collector whose lease another one took over', async () => {
    const { writer, cluster, ownership, append } = await testRecord()
    const nowMs = Date.now()
    expect(await writer.acquire(cluster, 'other', 1000, nowMs)).toBeNull()
    const taken = await writer.acquire(cluster, 'other', 1000, nowMs + 4_000_000)
    expect(taken?.token).toBeGreaterThan(ownership.token)
    await expect(append([change({ revision: 2n })])).rejects.toMatchObject({ code: 'NOT_OWNER' })
    const refused = [
      writer.nameEpoch(cluster, ownership, 'abc'),
      writer.openEpoch(cluster, ownership, { etcdClusterId: 'abc', reason: 'x', atMs: 1 }),
      writer.appendResync({ cluster, epoch: 1, ownership, changes: [] }),
      writer.finishResync(cluster, 1, ownership, { through: 9n, gap: null }),
    ]
    for (const write of refused) await expect(write).rejects.toMatchObject({ code: 'NOT_OWNER' })
  })

  it('keeps its token when renewed, and gives a greater one after a release', async () => {
    const { writer, cluster, ownership, append } = await testRecord()
    expect(await writer.acquire(cluster, 'test', 1000, Date.now())).toEqual(ownership)
    await writer.release(cluster, ownership)
    await expect(append([change({ revision: 2n })])).rejects.toMatchObject({ code: 'NOT_OWNER' })
    const next = await writer.acquire(cluster, 'next', 1000, Date.now())
    expect(next?.token).toBe(ownership.token + 1n)
    await writer.release(cluster, ownership)
    expect(await writer.acquire(cluster, 'late', 1000, Date.now())).toBeNull()
  })
})

describe('epochs', () => {
  it('are never mixed: the same key and revision live once in each', async () => {
    const { writer, reader, cluster, ownership, append } = await testRecord()
    await writer.nameEpoch(cluster, ownership, 'aaaa')
    await writer.nameEpoch(cluster, ownership, 'bbbb')
    await append([change({ revision: 2n, key: bytes('k'), value: bytes('old') })], 10n)
    const next = await writer.openEpoch(cluster, ownership, { etcdClusterId: 'cccc', reason: 'restored', atMs: 77 })
    expect(next).toEqual({ epoch: 2, revision: 0n, etcdClusterId: 'cccc', lastAtMs: null })
    const stale = { cluster, epoch: 1, ownership, changes: [change({ revision: 11n })], through: 11n }
    await expect(writer.append(stale)).rejects.toThrow(/epoch 1/)
    await append([change({ revision: 2n, key: bytes('k'), value: bytes('new'), atMs: 5 })])
    const [newest] = await writer.newest(cluster, 2, [bytes('k')])
    expect(text(newest?.value ?? bytes(''))).toBe('new')
    expect(text((await reader.valueAt(cluster, 1, bytes('k'), 9n))?.value ?? bytes(''))).toBe('old')
    expect(text((await reader.valueAt(cluster, 2, bytes('k'), 2n))?.value ?? bytes(''))).toBe('new')
    const history = await reader.history(cluster, bytes('k'), { limit: 10, after: null })
    expect(history.map((c) => [c.epoch, c.revision])).toEqual([
      [2, 2n],
      [1, 2n],
    ])
    const row = await reader.cluster('prod')
    expect(row?.epochs.map((e) => [e.epoch, e.etcdClusterId, e.storedRevision, e.reason])).toEqual([
      [1, 'aaaa', 10n, null],
      [2, 'cccc', 2n, 'restored'],
    ])
  })
})

describe('values', () => {
  it('are stored once per content, however many keys hold it', async () => {
    const { append, path } = await testRecord()
    const value = bytes(JSON.stringify({ config: 'the same for all '.repeat(20) }))
    const others = (n: bigint) => bytes(`${'something else entirely '.repeat(8)}${n}`)
    const puts = Array.from({ length: 40 }, (_, n) => BigInt(n) + 2n)
    await append(puts.map((revision) => change({ revision, value: revision % 2n === 0n ? value : others(revision) })))
    const db = new Database(path, { readonly: true })
    onTestFinished(() => void db.close())
    const ids = db.prepare('SELECT DISTINCT value_id FROM change WHERE revision % 2 = 0').pluck().all()
    expect(ids).toHaveLength(1)
  })
})
