import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { describeEvents } from '../../../lib/collector/describeEvents'
import { systemClock } from '../../../lib/core/clock'
import { createDescriber } from '../../../lib/kubernetes'
import { openReader, openWriter } from '../../../lib/store'
import { readRecordedHistory } from '../../support/recordedHistory'
import { temporaryFolder } from './recordFixture'

/** The first 600 changes of the recorded history, as the version before the migration "size" stored them. */
const stored = 600
const all = 1_500

describe('a record of the version before values were spliced and summaries paged', () => {
  it('reads the same after the migration, goes on, and proves', async () => {
    const path = join(temporaryFolder(), 'record.db')
    const file = new URL('../../fixtures/store/record-before-size.db.gz', import.meta.url)
    writeFileSync(path, gunzipSync(readFileSync(file)))
    const databaseUrl = `file:${path}`
    const head = (db: Database.Database) => db.prepare('SELECT max(seq), hash FROM chain_link').get()
    const before = new Database(path)
    const headBefore = head(before)
    before.close()

    const writer = await openWriter({ databaseUrl, clock: systemClock })
    const reader = await openReader({ databaseUrl })
    onTestFinished(async () => {
      await reader.close()
      await writer.close()
    })
    const cluster = await writer.ensureCluster('bench', 'etcd', false)
    const db = new Database(path, { readonly: true })
    onTestFinished(() => void db.close())
    expect(head(db)).toEqual(headBefore)
    expect((await reader.verify(cluster)).firstBad).toBeNull()

    const events = readRecordedHistory().slice(0, all)
    const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 7) })
    const context = { describer, writer, cluster, epoch: 1 }
    const later = events.slice(stored).map(({ op, ...event }) => ({ type: op, ...event }))
    const ownership = await writer.acquire(cluster, 'test', 60_000, systemClock.nowMs())
    if (ownership === null) throw new Error('the lease was refused')
    for (let start = 0; start < later.length; start += 300) {
      const { lastAtMs } = await writer.cursor(cluster)
      const timing = { receivedAtMs: systemClock.nowMs(), lastAtMs, catchingUp: true }
      const changes = await describeEvents(later.slice(start, start + 300), timing, context)
      const through = changes.at(-1)?.revision ?? 0n
      await writer.append({ cluster, epoch: 1, ownership, changes, through })
    }
    expect(Number(db.prepare('SELECT count(*) FROM summary_page').pluck().get())).toBeGreaterThan(0)

    const rows = await reader.changes(cluster, {}, { order: 'asc', limit: all, after: null })
    expect(rows).toHaveLength(all)
    for (const [at, row] of rows.entries()) {
      const event = events[at]
      if (event === undefined) throw new Error('more rows than events')
      expect(row).toMatchObject({ revision: event.modRevision, version: event.version, leaseId: event.leaseId })
      expect(Buffer.compare(row.key, event.key)).toBe(0)
      const value = event.op === 'put' && row.fingerprint === null ? event.value : null
      const read = (await reader.valueAt(cluster, 1, row.key, row.revision))?.value ?? null
      expect(read === null ? null : Buffer.compare(read, value ?? Buffer.of(0))).toBe(value === null ? null : 0)
    }
    const described = await describedAnew(events)
    expect(rows.map((row) => row.summary)).toEqual(described)
    expect((await reader.verify(cluster)).firstBad).toBeNull()
  }, 30_000)
})

/** Summaries as a describer that sees the whole history makes them. */
async function describedAnew(events: ReturnType<typeof readRecordedHistory>): Promise<(string | null)[]> {
  const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32, 7) })
  const previous = new Map<string, ReturnType<typeof describer.describe>>()
  return events.map(({ op, key, value, version, leaseId }) => {
    const id = key.toString('latin1')
    const before = previous.get(id)
    const created = version === 1n
    const sources = { previous: before?.value ?? null, previousFingerprint: before?.fingerprint ?? null }
    const described = describer.describe({ op, key, value, created, leaseId, ...sources })
    if (op === 'put') previous.set(id, described)
    else previous.delete(id)
    return described.summary
  })
}
