import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../lib/core/clock'
import { openWriter } from '../../../lib/store'
import { hashOf } from '../../../lib/store/value/encoding'
import { chainedRecord } from './chainedRecord'
import { bytes, change, type TestRecord, testRecord, text } from './recordFixture'

const seed = 4_711

function opened({ path }: TestRecord): Database.Database {
  const db = new Database(path)
  onTestFinished(() => void db.close())
  db.pragma('foreign_keys = OFF')
  return db
}

const verified = (record: TestRecord, head?: string) => record.reader.verify(record.cluster, undefined, head)

interface Row {
  revision: number
  ordinal: number
  key: string
  value_id: number
}

/** A change in the middle of the first epoch that has a value of its own. */
function victim(db: Database.Database): Row {
  return db
    .prepare<[], Row>(
      `SELECT c.revision, c.ordinal, cast(k.key AS TEXT) AS key, c.value_id FROM change AS c JOIN key AS k ON k.id = c.key_id
       WHERE c.epoch_id = 1 AND c.ordinal = 0 AND c.op = 1 AND c.revision > 40 AND c.value_bytes > 100
         AND (SELECT count(*) FROM change WHERE value_id = c.value_id) = 1
         AND NOT EXISTS (SELECT 1 FROM value WHERE c.value_id IN (base_id, aid_id))
         AND c.summary_id IS NOT NULL
       ORDER BY c.revision LIMIT 1`,
    )
    .get() as Row
}

describe(`the chain of a record (seed ${seed})`, () => {
  it('fits, and the same inputs in the same batches give the same head', async () => {
    const [one, two, other] = [await chainedRecord(seed), await chainedRecord(seed), await chainedRecord(seed + 5)]
    const first = await verified(one)
    expect(first.firstBad).toBeNull()
    expect(first.chain.head).toMatch(/^[0-9a-f]{64}$/)
    expect((await verified(two)).chain).toEqual(first.chain)
    expect((await verified(other)).firstBad).toBeNull()
    expect((await verified(other)).chain.head).not.toBe(first.chain.head)
    const rows = opened(one).prepare('SELECT count(*) FROM change').pluck().get()
    expect(first.checkedChanges).toBe(rows)
  })

  it.each([1, 2, 3, 4, 5])('fits whatever the history was (seed %i)', async (other) => {
    expect((await verified(await chainedRecord(other))).firstBad).toBeNull()
  })

  it('fits with values of which parts were redacted, whose lengths are not those in etcd', async () => {
    const record = await testRecord()
    const redacted = { value: bytes('{"login":"redacted"}'), valueBytes: 400, fingerprint: new Uint8Array(16) }
    await record.append([change({ revision: 2n, ...redacted }), change({ revision: 3n })])
    expect(await verified(record)).toMatchObject({ firstBad: null, checkedChanges: 2 })
    opened(record).exec('UPDATE change SET value_bytes = 20 WHERE revision = 2')
    expect((await verified(record)).firstBad?.revision).toBe(2n)
  })

  it('holds a head of earlier for as long as nothing up to it is taken away', async () => {
    const record = await testRecord()
    await record.append([change({ revision: 2n }), change({ revision: 3n })])
    const { head } = (await verified(record)).chain
    await record.append([change({ revision: 4n })])
    expect((await verified(record, head)).chain.holdsKnownHead).toBe(true)
    const later = (await verified(record)).chain.head
    expect((await verified(record, 'ab'.repeat(32))).chain.holdsKnownHead).toBe(false)
    // Cut so carefully that the rest fits: only the head that was written down tells.
    opened(record).exec(`DELETE FROM change WHERE revision = 4;
      DELETE FROM chain_link WHERE seq = (SELECT max(seq) FROM chain_link);
      UPDATE epoch SET cursor_revision = 3, last_ms = (SELECT max(at_ms) FROM change)`)
    expect(await verified(record, later)).toMatchObject({ firstBad: null, chain: { head, holdsKnownHead: false } })
  })

  it('covers a record from before there was a chain as soon as a writer opens it, and what follows', async () => {
    const record = await chainedRecord(seed)
    const db = opened(record)
    db.exec('DELETE FROM chain_link; DELETE FROM late_change; DELETE FROM key_before')
    expect((await verified(record)).firstBad?.reason).toMatch(/no link of the chain opens/)
    const writer = await openWriter({ databaseUrl: record.databaseUrl, clock: systemClock })
    onTestFinished(() => writer.close())
    await writer.ensureCluster('prod', 'etcd', false)
    expect((await verified(record)).firstBad).toBeNull()
    const { revision } = victim(db)
    db.exec(`UPDATE change SET version = version + 1 WHERE epoch_id = 1 AND revision = ${revision} AND ordinal = 0`)
    expect((await verified(record)).firstBad).toMatchObject({ epoch: 1, revision: BigInt(revision) })
  })

  it('leaves no link behind when a write is rolled back', async () => {
    const record = await testRecord()
    await record.append([change({ revision: 2n })])
    const before = (await verified(record)).chain
    await expect(record.append([change({ revision: 2n })])).rejects.toThrow(/stored already/)
    expect((await verified(record)).chain).toEqual(before)
    await record.append([change({ revision: 3n })])
    expect((await verified(record)).firstBad).toBeNull()
  })

  it('is cut into links of some 2,000 changes at whole revisions', async () => {
    const record = await testRecord()
    const many = Array.from({ length: 5_001 }, (_, n) =>
      change({ revision: BigInt(n >> 1) + 2n, ordinal: n & 1, key: bytes(`k${n}`), value: bytes('v') }),
    )
    await record.append(many)
    const lengths = opened(record).prepare('SELECT length(checksums) / 4 FROM chain_link ORDER BY seq').pluck().all()
    expect(lengths).toEqual([0, 2000, 2000, 1001])
    expect((await verified(record)).firstBad).toBeNull()
  })

  it('makes no false finding while a writer appends, re-syncs and opens epochs', async () => {
    const record = await chainedRecord(seed)
    const { writer, cluster, ownership } = record
    let done = false
    const reading = (async () => {
      let walks = 0
      for (; !done || walks < 2; walks++) expect((await verified(record)).firstBad).toBeNull()
      return walks
    })()
    for (let round = 0; round < 12; round++) {
      const { epoch, revision } = await writer.cursor(cluster)
      const key = bytes(`/live/${round}`)
      const resource = round % 2 === 0 ? 'widgets' : null
      await record.append([change({ revision: revision + 1n, key, resource, atMs: 1_800_000_000_000 + round })])
      const late = { origin: 'resync', atSource: 'bound', key: bytes(`/late/${round}`) } as const
      const changes = [change({ revision: revision + 1n, ...late })]
      await writer.appendResync({ cluster, epoch, ownership, changes })
      const gap = { fromRevision: revision + 2n, toRevision: revision + 9n, reason: 'compacted', atMs: round }
      await writer.finishResync(cluster, epoch, ownership, { through: revision + 9n, gap })
      if (round % 5 === 4) await writer.openEpoch(cluster, ownership, { etcdClusterId: 'cc', reason: 'x', atMs: round })
      await new Promise(setImmediate)
    }
    done = true
    expect(await reading).toBeGreaterThan(1)
  })
})

const columns: [string, string][] = [
  ['kind', 'kind - op'],
  ['kind', 'kind + ((significance + 1) % 5 - significance) * 4'],
  ['kind', 'kind + 32 - origin * 64'],
  ['kind', 'kind + 64 - at_source * 128'],
  ['at_ms', 'at_ms + 1'],
  ['age', 'age + 1'],
  ['version', 'version + 1'],
  ['value_bytes', 'value_bytes + 1'],
  ['value_id', 'NULL'],
  ['manager_id', '(SELECT max(id) FROM label)'],
  ['lease_id', '99'],
  ['fingerprint', "x'00'"],
  ['summary_id', 'summary_id + 1'],
  ['key_id', '(SELECT id FROM key WHERE id <> key_id ORDER BY id DESC LIMIT 1)'],
]

describe('a change altered by hand is named by revision', () => {
  it.each(columns)('%s to %s', async (column, to) => {
    const record = await chainedRecord(seed)
    const db = opened(record)
    const { revision, key } = victim(db)
    db.exec(`UPDATE change SET ${column} = ${to} WHERE epoch_id = 1 AND revision = ${revision} AND ordinal = 0`)
    const { firstBad } = await verified(record)
    expect(firstBad).toMatchObject({ epoch: 1, revision: BigInt(revision), toRevision: BigInt(revision) })
    if (column !== 'key_id') expect(text(firstBad?.key ?? bytes(''))).toBe(key)
  })

  it.each([
    ['revision', 'revision + 100000'],
    ['ordinal', '77'],
    ['epoch_id', '99'],
    ['revision', "'no number'"],
    ['at_ms', "'no number'"],
  ])('%s moved to %s', async (column, to) => {
    const record = await chainedRecord(seed)
    const db = opened(record)
    const { revision } = victim(db)
    db.exec(`UPDATE change SET ${column} = ${to} WHERE epoch_id = 1 AND revision = ${revision} AND ordinal = 0`)
    const { firstBad } = await verified(record)
    expect(firstBad?.epoch).toBe(1)
    expect(firstBad?.revision).toBeLessThanOrEqual(BigInt(revision))
    expect(firstBad?.toRevision).toBeGreaterThanOrEqual(BigInt(revision) - 1n)
  })
})

const deeds: [string, (at: Row) => string, RegExp][] = [
  [
    'a row deleted',
    (at) => `DELETE FROM change WHERE epoch_id = 1 AND revision = ${at.revision} AND ordinal = 0`,
    /missing/,
  ],
  [
    'a row inserted',
    (
      at,
    ) => `INSERT INTO change SELECT epoch_id, revision, ordinal + 50, key_id, kind, at_ms, age, version, value_bytes, value_id, manager_id, summary_id, lease_id, fingerprint
      FROM change WHERE epoch_id = 1 AND revision = ${at.revision} AND ordinal = 0`,
    /not written by etcdscope/,
  ],
  [
    'the values of two rows swapped',
    (at) => `UPDATE change SET value_id = (SELECT value_id FROM change WHERE epoch_id = 1 AND revision > ${at.revision}
      AND value_id IS NOT NULL LIMIT 1) WHERE epoch_id = 1 AND revision = ${at.revision} AND ordinal = 0`,
    /altered|bytes instead/,
  ],
  ['the bytes of a value', (at) => `UPDATE value SET bytes = zeroblob(9) WHERE id = ${at.value_id}`, /damaged/],
]

describe('the record tampered with is found and located', () => {
  it('a value replaced so well that it fits its own hash', async () => {
    const record = await chainedRecord(seed)
    const db = opened(record)
    const { revision, key, value_id } = victim(db)
    const length = Number(db.prepare('SELECT hash >> 32 FROM value WHERE id = ?').pluck().get(value_id))
    const forged = Buffer.alloc(length, 'x')
    db.prepare(
      'UPDATE value SET encoding = 4, bytes = ?, hash = ?, base_back = NULL, aid_back = NULL WHERE id = ?',
    ).run(forged, hashOf(forged), value_id)
    const { firstBad } = await verified(record)
    expect(firstBad).toMatchObject({ revision: BigInt(revision), reason: expect.stringMatching(/altered/) })
    expect(text(firstBad?.key ?? bytes(''))).toBe(key)
  })

  it('a page of summaries emptied, at the first change that it says nothing of any more', async () => {
    const record = await chainedRecord(seed)
    opened(record).exec("UPDATE summary_page SET texts = x'630000' WHERE epoch_id = 1")
    const { firstBad } = await verified(record)
    expect(firstBad).toMatchObject({ epoch: 1, reason: expect.stringMatching(/altered/) })
  })

  it.each(deeds)('%s', async (_, sql, reason) => {
    const record = await chainedRecord(seed)
    const db = opened(record)
    const at = victim(db)
    db.exec(sql(at))
    const { firstBad } = await verified(record)
    expect(firstBad).toMatchObject({ epoch: 1, reason: expect.stringMatching(reason) })
    expect(firstBad?.revision).toBeLessThanOrEqual(BigInt(at.revision))
    expect(firstBad?.toRevision).toBeGreaterThanOrEqual(BigInt(at.revision) - 1n)
  })

  it.each([
    [
      "a key's bytes",
      `UPDATE key SET key = CAST(key || 'x' AS BLOB) WHERE key = CAST('/app/resynced' AS BLOB)`,
      /altered/,
    ],
    ['a label', `UPDATE label SET text = 'forged' WHERE text = 'kubectl'`, /altered/],
    ["a key's resource", `UPDATE key SET resource_id = (SELECT max(id) FROM label) WHERE name_tail IS NULL`, /altered/],
    ["a key's earlier description", 'DELETE FROM key_before', /altered/],
    ['a late row', 'DELETE FROM change WHERE epoch_id = 1 AND revision = 1', /missing/],
    ['the mark of a late row', 'DELETE FROM late_change', /not written|missing/],
    ['a deleted gap', 'DELETE FROM gap', /declared gap is missing/],
    ['a widened gap', 'UPDATE gap SET to_revision = to_revision + 1', /gap was altered/],
    ['a made-up gap', `INSERT INTO gap VALUES (9, 1, 3, 9, 'made up', 0)`, /not declared/],
    ['the cluster of an epoch', `UPDATE epoch SET etcd_cluster_id = 'dddd' WHERE epoch = 1`, /another etcd cluster/],
    ['the reason of an epoch', `UPDATE epoch SET reason = 'none' WHERE epoch = 2`, /not as it was/],
    ['a deleted epoch', 'DELETE FROM epoch WHERE epoch = 2', /epoch that is not there/],
    [
      'a cursor moved on',
      'UPDATE epoch SET cursor_revision = cursor_revision + 10 WHERE epoch = 2',
      /links or changes/,
    ],
    [
      'a cursor moved back',
      'UPDATE epoch SET cursor_revision = 3 WHERE epoch = 2',
      /links or changes|above the cursor/,
    ],
    ['the last link', 'DELETE FROM chain_link WHERE seq = (SELECT max(seq) FROM chain_link)', /links or changes/],
    ['a link in between', 'DELETE FROM chain_link WHERE seq = 5', /link 5 of the chain is missing/],
    ['the first link', 'DELETE FROM chain_link WHERE seq = 1', /link 1 of the chain is missing/],
    ["a link's hash", 'UPDATE chain_link SET hash = zeroblob(32) WHERE seq = 5', /link 5 .* was altered/],
    ["a link's checksums", 'UPDATE chain_link SET checksums = zeroblob(length(checksums)) WHERE seq = 5', /altered/],
    ["a link's body", `UPDATE chain_link SET body = body || ' ' WHERE kind = 2`, /altered/],
    ["a link's kind", 'UPDATE chain_link SET kind = 4 WHERE seq = 5', /link 5 .* was altered/],
    ["the cluster's name", `UPDATE cluster SET name = 'other'`, /not as it was/],
  ])('%s', async (_, sql, reason) => {
    const record = await chainedRecord(seed)
    opened(record).exec(sql)
    const [cluster] = await record.reader.clusters()
    const { firstBad } = await record.reader.verify(cluster ?? record.cluster)
    expect(firstBad?.reason).toMatch(reason)
  })
})
