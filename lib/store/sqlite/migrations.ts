import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ScopeError } from '../../core/errors'
import type { Sqlite } from './database'

/**
 * Applies `prisma/sqlite/migrations` in order, each in one transaction, and records them in `_prisma_migrations` the
 * way `prisma migrate deploy` does, so that Prisma's own command line agrees with the result. Prisma's engine for
 * this is a native download that not every machine can make.
 */

export interface Migration {
  readonly name: string
  readonly sql: string
  /** SHA-256 of the file, hex, as Prisma computes it. */
  readonly checksum: string
}

const bookkeeping = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
    "id"                    TEXT PRIMARY KEY NOT NULL,
    "checksum"              TEXT NOT NULL,
    "finished_at"           DATETIME,
    "migration_name"        TEXT NOT NULL,
    "logs"                  TEXT,
    "rolled_back_at"        DATETIME,
    "started_at"            DATETIME NOT NULL DEFAULT current_timestamp,
    "applied_steps_count"   INTEGER UNSIGNED NOT NULL DEFAULT 0
)`

/** Climbs from this file, wherever it was bundled to, to the folder that holds prisma/sqlite/migrations. */
export function findMigrations(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'prisma', 'sqlite', 'migrations')
    if (existsSync(candidate)) return candidate
    if (folder === dirname(folder)) {
      throw new ScopeError('INTERNAL', `No prisma/sqlite/migrations above ${from}: the installation is incomplete.`)
    }
  }
}

export function readMigrations(folder: string): Migration[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name, 'migration.sql'))
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') }
    })
}

/** Names of the finished migrations, oldest first; empty for a fresh database. */
export function appliedMigrations(db: Sqlite): string[] {
  const present = db.prepare(`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '_prisma_migrations'`).get()
  if (present === undefined) return []
  return db
    .prepare<[], string>(
      `SELECT migration_name FROM _prisma_migrations
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`,
    )
    .pluck()
    .all()
}

/** Refuses a database that a newer build has migrated: writing to it could break what that build relies on. */
export function refuseNewer(path: string, applied: readonly string[], known: readonly Migration[]): void {
  const unknown = applied.find((name) => !known.some((migration) => migration.name === name))
  if (unknown === undefined) return
  throw new ScopeError(
    'STORE_NEWER',
    `The database ${path} was written by a newer version of etcdscope (it has "${unknown}"); update etcdscope or choose another database.`,
    { detail: { migration: unknown } },
  )
}

/** Brings the database up to date and returns the names applied now. Two starts at once are harmless. */
export function migrate(db: Sqlite, path: string, migrations: readonly Migration[], nowMs: () => number): string[] {
  refuseNewer(path, appliedMigrations(db), migrations)
  const done: string[] = []
  for (const migration of migrations) {
    const apply = db.transaction(() => {
      db.exec(bookkeeping)
      if (appliedMigrations(db).includes(migration.name)) return false
      const startedAt = nowMs()
      db.exec(migration.sql)
      db.prepare(
        `INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, started_at, applied_steps_count)
         VALUES (?, ?, ?, ?, ?, 1)`,
      ).run(randomUUID(), migration.checksum, BigInt(nowMs()), migration.name, BigInt(startedAt))
      return true
    })
    if (apply.immediate()) done.push(migration.name)
  }
  return done
}
