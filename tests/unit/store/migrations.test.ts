import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../lib/core/clock'
import { openReader, openWriter } from '../../../lib/store'
import { findMigrations, readMigrations } from '../../../lib/store/sqlite/migrations'
import { temporaryFolder } from './recordFixture'

const clock = systemClock
const first = readMigrations(findMigrations())[0]

function applied(path: string): Record<string, unknown>[] {
  const db = new Database(path, { readonly: true })
  onTestFinished(() => void db.close())
  return db.prepare<[], Record<string, unknown>>('SELECT * FROM _prisma_migrations ORDER BY migration_name').all()
}

describe('migrations', () => {
  it('are applied to a fresh database and recorded as prisma migrate deploy records them', async () => {
    const path = join(temporaryFolder(), 'deep', 'er', 'record.db')
    const before = Date.now()
    await (await openWriter({ databaseUrl: `file:${path}`, clock })).close()
    const rows = applied(path)
    expect(rows.map((row) => row.migration_name)).toEqual(readMigrations(findMigrations()).map((one) => one.name))
    const sql = readFileSync(join(findMigrations(), String(first?.name), 'migration.sql'))
    expect(rows[0]).toMatchObject({
      checksum: createHash('sha256').update(sql).digest('hex'),
      applied_steps_count: 1,
      rolled_back_at: null,
      logs: null,
    })
    expect(rows[0]?.finished_at).toBeGreaterThanOrEqual(before)
    expect(rows[0]?.id).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('are not applied again at a second start, and what is recorded stays', async () => {
    const path = join(temporaryFolder(), 'record.db')
    const one = await openWriter({ databaseUrl: `file:${path}`, clock })
    const cluster = await one.ensureCluster('prod', 'etcd', false)
    await one.close()
    const rows = applied(path)
    const two = await openWriter({ databaseUrl: path, clock })
    expect(await two.ensureCluster('prod', 'etcd', false)).toEqual(cluster)
    await two.close()
    expect(applied(path)).toEqual(rows)
  })

  it('that a later build adds are applied to an existing database', async () => {
    const folder = temporaryFolder()
    const migrationsDir = join(folder, 'migrations')
    cpSync(findMigrations(), migrationsDir, { recursive: true })
    const databaseUrl = `file:${join(folder, 'record.db')}`
    await (await openWriter({ databaseUrl, clock, migrationsDir })).close()
    mkdirSync(join(migrationsDir, '99990101000000_later'))
    writeFileSync(join(migrationsDir, '99990101000000_later', 'migration.sql'), 'CREATE TABLE later (id INTEGER);\n')
    await (await openWriter({ databaseUrl, clock, migrationsDir })).close()
    expect(applied(join(folder, 'record.db'))).toHaveLength(readMigrations(findMigrations()).length + 1)
    // This build does not know that one: it must not write, nor read.
    await expect(openWriter({ databaseUrl, clock })).rejects.toMatchObject({ code: 'STORE_NEWER' })
    await expect(openReader({ databaseUrl })).rejects.toThrow(/newer version .*99990101000000_later/)
  })

  it('that fail leave nothing behind', async () => {
    const folder = temporaryFolder()
    const migrationsDir = join(folder, 'migrations')
    cpSync(findMigrations(), migrationsDir, { recursive: true })
    mkdirSync(join(migrationsDir, '99990101000000_broken'))
    const sql = 'CREATE TABLE half (id INTEGER); CREATE TABLE cluster (id INTEGER);'
    writeFileSync(join(migrationsDir, '99990101000000_broken', 'migration.sql'), sql)
    const databaseUrl = `file:${join(folder, 'record.db')}`
    await expect(openWriter({ databaseUrl, clock, migrationsDir })).rejects.toThrow(/already exists/)
    await (await openWriter({ databaseUrl, clock })).close()
  })
})

describe('a database that cannot be used is named in one sentence', () => {
  it('when the file is not a database', async () => {
    const path = join(temporaryFolder(), 'record.db')
    writeFileSync(path, 'this is no database, but it is long enough to be looked at '.repeat(40))
    await expect(openWriter({ databaseUrl: path, clock })).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining(`${path} is damaged or not a SQLite file`),
    })
    await expect(openReader({ databaseUrl: path })).rejects.toThrow(/damaged/)
  })

  it('when its folder is a file', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'data'), '')
    const path = join(folder, 'data', 'record.db')
    await expect(openWriter({ databaseUrl: path, clock })).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining(path),
    })
  })

  it.skipIf(process.getuid?.() === 0)('when its folder is read-only', async () => {
    const folder = temporaryFolder()
    chmodSync(folder, 0o500)
    onTestFinished(() => chmodSync(folder, 0o700))
    const path = join(folder, 'record.db')
    await expect(openWriter({ databaseUrl: path, clock })).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining(path),
    })
  })

  it('when it belongs to another engine', async () => {
    await expect(openWriter({ databaseUrl: 'mysql://u:secret@h/db', clock })).rejects.toMatchObject({
      code: 'BAD_SETTING',
      message: expect.not.stringContaining('secret'),
    })
  })

  it('when a reader finds none in time, and is opened as soon as there is one', async () => {
    const databaseUrl = `file:${join(temporaryFolder(), 'record.db')}`
    await expect(openReader({ databaseUrl, waitMs: 0 })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    const opening = openReader({ databaseUrl })
    const writer = await openWriter({ databaseUrl, clock })
    const reader = await opening
    expect(await reader.clusters()).toEqual([])
    await reader.close()
    await writer.close()
  })
})
