import { inflateRawSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { maxBigInt } from '../../../lib/core/int64'
import type { ChangeInput, Cutoffs } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { chainedRecord } from './chainedRecord'
import { type HistoryModel, historyModel } from './historyModel'
import { bytes, change, noEnd, type TestRecord, testRecord, text } from './recordFixture'

const keepAll: Cutoffs = { heartbeats: null, events: null, status: null, configuration: null }
const noPause = async () => {}

async function retain(record: TestRecord, cutoffs: Partial<Cutoffs>, cluster = record.cluster) {
  const result = await record.writer.retain(cluster, {
    ownership: () => record.ownership,
    cutoffs: { ...keepAll, ...cutoffs },
    nowMs: () => 1_900_000_000_000,
    pause: noPause,
    signal: new AbortController().signal,
  })
  return { ...result, ...(await record.writer.sweepValues({ pause: noPause, signal: new AbortController().signal })) }
}

const verified = (record: TestRecord) => record.reader.verify(record.cluster)

function opened({ path }: TestRecord): Database.Database {
  const db = new Database(path)
  onTestFinished(() => void db.close())
  return db
}

async function recordOf(model: HistoryModel, random = seededRandom(7)): Promise<TestRecord> {
  const record = await testRecord()
  const { changes } = model
  for (let start = 0; start < changes.length; ) {
    let end = Math.min(changes.length, start + 1 + Math.floor(random() * 40))
    while (changes[end]?.revision === changes[end - 1]?.revision) end++
    await record.append(changes.slice(start, end))
    start = end
  }
  return record
}

const classOf = ({ significance }: ChangeInput) =>
  significance === 'status'
    ? 'status'
    : significance === 'heartbeat' || significance === 'none'
      ? 'heartbeats'
      : 'configuration'

describe('retention', () => {
  it.each([11, 12, 13, 14, 15, 16])(
    'keeps exactly what the rule keeps, and every state behind the horizon (seed %i)',
    async (seed) => {
      const model = historyModel(seed, 400)
      const record = await recordOf(model, seededRandom(seed))
      const random = seededRandom(seed + 100)
      const timeAt = (share: number) => model.changes[Math.floor(share * (model.changes.length - 1))]?.atMs ?? 0
      let last: Partial<Cutoffs> = {}
      // Three runs, as days pass: what was in force at an earlier horizon goes with a later one.
      for (const share of [0.3, 0.45, 0.6]) {
        last = { heartbeats: timeAt(share + 0.2), status: timeAt(share), configuration: timeAt(share - random() * 0.3) }
        const result = await retain(record, last)
        expect(result.problem).toBeNull()
        expect((await verified(record)).firstBad).toBeNull()
      }
      const horizons = new Map((await record.reader.horizons(record.cluster)).map((row) => [row.class, row.revision]))
      const rows = await record.reader.changes(record.cluster, {}, { order: 'asc', limit: 10_000, after: null })
      const kept = new Set(rows.map((row) => `${row.revision} ${text(row.key)}`))
      const gone = model.changes.filter((one) => !kept.has(`${one.revision} ${text(one.key)}`))
      expect(gone.length).toBeGreaterThan(50)
      for (const one of gone) {
        const horizon = horizons.get(classOf(one)) ?? -1n
        const next = model.changes.find((later) => later.revision > one.revision && text(later.key) === text(one.key))
        // In force at the horizon of its class, or newest of a live key: never removed.
        expect(one.revision <= horizon && (next === undefined ? one.op === 'delete' : next.revision <= horizon)).toBe(
          true,
        )
      }
      const newest = [...horizons.values()].reduce(maxBigInt)
      for (const at of [newest, (newest + model.last) / 2n, model.last]) {
        const wanted = model.liveAt(at)
        const found = await record.reader.keysAt(
          record.cluster,
          1,
          at,
          { from: noEnd, to: noEnd },
          { limit: 1000, afterKey: null },
        )
        expect(found.map((row) => [text(row.key), row.modRevision])).toEqual(
          wanted.map((one) => [text(one.key), one.revision]),
        )
        for (const one of wanted) {
          const value = await record.reader.valueAt(record.cluster, 1, one.key, at)
          expect(text(value?.value ?? noEnd)).toBe(text(one.value ?? noEnd))
        }
      }
    },
  )

  it('leaves no word of what was said of removed changes, and every word of what is left', async () => {
    const record = await testRecord()
    const said = (at: number) => `${at % 3 === 0 ? 'kept' : 'removed'} step ${at}`
    const put = (at: number) =>
      change({
        revision: BigInt(at) + 2n,
        key: bytes(at % 3 === 0 ? `k${at}` : 'heart'),
        op: at % 3 === 0 || at === 1 ? 'create' : 'update',
        createRevision: at % 3 === 0 ? BigInt(at) + 2n : 3n,
        version: at % 3 === 0 ? 1n : BigInt(at - Math.floor(at / 3)),
        significance: at % 3 === 0 ? 'spec' : 'heartbeat',
        summary: said(at),
      })
    for (let at = 0; at < 3_000; at += 500) await record.append(Array.from({ length: 500 }, (_, i) => put(at + i)))
    const cutoff = put(2_400).atMs
    expect((await retain(record, { heartbeats: cutoff })).removedChanges).toBeGreaterThan(1_000)
    const rows = await record.reader.changes(record.cluster, {}, { order: 'asc', limit: 3_000, after: null })
    for (const row of rows) expect(row.summary).toBe(said(Number(row.revision) - 2))
    const db = opened(record)
    const pages = db.prepare<[], Buffer>('SELECT texts FROM summary_page').pluck().all()
    const words = pages.map((page) => inflateRawSync(page).toString()).join('\n')
    expect(words).toContain('kept step 300')
    expect(
      words
        .match(/removed step (\d+)\n/g)
        ?.map((one) => Number(one.slice(13)))
        .filter((at) => at < 1_500),
    ).toEqual([])
    expect((await verified(record)).firstBad).toBeNull()
  })

  it.each([21, 22, 23])(
    'never answers with a state that was not: it is right, or says that it does not know (seed %i)',
    async (seed) => {
      const model = historyModel(seed, 300)
      const record = await recordOf(model, seededRandom(seed))
      const cutoff = model.changes[Math.floor(model.changes.length * 0.8)]?.atMs ?? 0
      await retain(record, { heartbeats: cutoff, status: cutoff })
      const keys = [...new Map(model.changes.map((one) => [text(one.key), one.key])).values()]
      let [right, unknown] = [0, 0]
      for (let at = 1n; at <= model.last; at += 23n) {
        for (const key of keys) {
          const wanted = model.newestOf(key, at)
          const found = await record.reader.valueAt(record.cluster, 1, key, at).catch((error: unknown) => {
            expect(error).toMatchObject({ code: 'NOT_COVERED' })
            return undefined
          })
          if (found === undefined) unknown++
          else {
            const [is, was] = [found?.op === 'delete' ? null : found, wanted?.op === 'delete' ? null : wanted]
            expect(`${text(key)} ${at} ${is?.revision ?? null}`).toBe(`${text(key)} ${at} ${was?.revision ?? null}`)
            right++
          }
        }
      }
      expect(right).toBeGreaterThan(unknown)
      expect(unknown).toBeGreaterThan(0)
    },
  )

  it('leaves a whole record with re-syncs, gaps and epochs provable, however often it runs', async () => {
    const record = await chainedRecord(4_711)
    const before = await verified(record)
    for (const atMs of [1_700_000_050_000, 1_700_000_100_000, 1_700_000_100_000, 1_800_000_000_000]) {
      await retain(record, { heartbeats: atMs, status: atMs, configuration: atMs - 40_000, events: atMs })
      expect((await verified(record)).firstBad).toBeNull()
    }
    const after = await verified(record)
    expect(after.checkedChanges).toBeLessThan(before.checkedChanges)
    // What was written down before is still in the chain, or is covered by what speaks for it.
    expect((await record.reader.verify(record.cluster, undefined, after.chain.head)).chain.holdsKnownHead).toBe(true)
  })

  it('removes a deleted key with all its changes once they are all behind the horizon', async () => {
    const record = await testRecord()
    const event = bytes('/registry/events/shop/web.1')
    const life = { key: event, resource: 'events', significance: 'heartbeat' as const, createRevision: 2n }
    await record.append([
      change({ revision: 2n, ...life }),
      change({ revision: 3n, ...life, op: 'update', version: 2n }),
      change({ revision: 4n, key: bytes('/app/lives') }),
      change({ revision: 5n, ...life, op: 'delete', version: 0n, value: null, createRevision: 0n }),
    ])
    await record.append([
      change({ revision: 6n, key: bytes('/app/lives'), op: 'update', version: 2n, createRevision: 4n }),
    ])
    const result = await retain(record, { events: 1_700_000_000_550 })
    expect(result).toMatchObject({ removedChanges: 3, removedKeys: 1, problem: null })
    const db = opened(record)
    expect(db.prepare('SELECT count(*) FROM key').pluck().get()).toBe(1)
    expect(db.prepare('SELECT count(*) FROM removed').pluck().get()).toBe(0)
    expect((await verified(record)).firstBad).toBeNull()
    // The same key again is a new one.
    await record.append([change({ revision: 7n, ...life, createRevision: 7n })])
    expect((await verified(record)).firstBad).toBeNull()
    const [row] = await record.reader.history(record.cluster, event, { limit: 5, after: null })
    expect(row?.revision).toBe(7n)
  })

  it('removes nothing of what somebody has altered', async () => {
    const model = historyModel(31, 200)
    const record = await recordOf(model)
    const db = opened(record)
    db.exec(
      'UPDATE change SET version = version + 1 WHERE revision = (SELECT max(revision) FROM change WHERE revision < 60)',
    )
    const before = await verified(record)
    expect(before.firstBad?.reason).toMatch(/altered/)
    const rows = db.prepare('SELECT count(*) FROM change').pluck()
    const stored = rows.get()
    const result = await retain(record, {
      heartbeats: 1_800_000_000_000,
      status: 1_800_000_000_000,
      configuration: 1_800_000_000_000,
    })
    expect(result.problem).toMatch(/does not follow from its changes/)
    expect(rows.get()).toBe(stored)
    expect((await verified(record)).firstBad).toEqual(before.firstBad)
  })
})

describe('a record that retention has been over', () => {
  async function thinned(): Promise<{ record: TestRecord; db: Database.Database }> {
    const model = historyModel(41, 400)
    const record = await recordOf(model)
    const at = (share: number) => model.changes[Math.floor(share * model.changes.length)]?.atMs ?? 0
    await retain(record, { heartbeats: at(0.5), status: at(0.4) })
    await retain(record, { heartbeats: at(0.7), status: at(0.6) })
    expect((await verified(record)).firstBad).toBeNull()
    return { record, db: opened(record) }
  }
  const inThinned =
    'SELECT revision, ordinal FROM change WHERE epoch_id = 1 AND revision > 60 AND ordinal = 0 ORDER BY revision LIMIT 1'

  it.each([
    [
      'a kept change altered',
      `UPDATE change SET version = version + 1 WHERE (revision, ordinal) = (${inThinned})`,
      /altered/,
    ],
    ['a kept change deleted', `DELETE FROM change WHERE (revision, ordinal) = (${inThinned})`, /missing/],
    [
      'a change of another key copied in',
      `INSERT INTO change SELECT epoch_id, revision, 900, key_id, kind, at_ms, age, version, value_bytes, value_id, manager_id, summary_id, lease_id, fingerprint
       FROM change WHERE (revision, ordinal) = (${inThinned})`,
      /not written by etcdscope/,
    ],
    [
      'what is said of removed changes moved',
      'UPDATE removed SET first_revision = first_revision + 1 WHERE last_revision > first_revision',
      /removed/,
    ],
    [
      'what is said of removed changes deleted',
      'DELETE FROM removed WHERE key_id = (SELECT min(key_id) FROM removed)',
      /removed|follows version/,
    ],
    ['the horizon moved', 'UPDATE horizon SET revision = revision - 1', /how far retention has gone/],
    [
      'the link that speaks for what is left deleted',
      'DELETE FROM chain_link WHERE kind = 8 AND seq = (SELECT max(seq) FROM chain_link WHERE kind = 8)',
      /speaks for|missing/,
    ],
    [
      'a thinned link pointed at another',
      `UPDATE chain_link SET body = json_set(body, '$.by', 1) WHERE kind = 9`,
      /speaks for/,
    ],
    [
      'a later statement hidden',
      `UPDATE chain_link SET body = json_set(body, '$.by', (SELECT min(seq) FROM chain_link WHERE kind = 8)) WHERE kind = 9 AND seq = (SELECT max(seq) FROM chain_link WHERE kind = 9)`,
      /speaks for|before retention/,
    ],
  ])('tells of %s', async (_, sql, reason) => {
    const { record, db } = await thinned()
    expect(db.prepare(sql).run().changes).toBeGreaterThan(0)
    const { firstBad } = await verified(record)
    expect(firstBad?.reason).toMatch(reason)
  })

  it('names the very change that was altered in a thinned stretch', async () => {
    const { record, db } = await thinned()
    const victim = db.prepare<[], { revision: number }>(inThinned).get()
    db.exec(`UPDATE change SET kind = kind + 64 - (kind & 64) * 2 WHERE (revision, ordinal) = (${inThinned})`)
    expect((await verified(record)).firstBad).toMatchObject({ revision: BigInt(victim?.revision ?? 0) })
  })
})
