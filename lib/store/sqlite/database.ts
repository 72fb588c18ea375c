import { mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import Database from 'better-sqlite3'
import { ScopeError } from '../../core/errors'

export type Sqlite = Database.Database

/** Waits for another process's transaction before giving up; the longest of ours is far below. */
const busyTimeoutMs = 10_000
const writerCacheKib = 48 * 1024
const readerCacheKib = 24 * 1024
/** WAL pages (4 KiB) before a checkpoint: each checkpoint costs an fsync of the database file. */
const checkpointPages = 4_000
const walLimitBytes = 64 * 1024 * 1024

/** `file:/abs/path.db`, `file:./relative.db` or a bare path, as an absolute path. */
export function databasePath(databaseUrl: string): string {
  if (!databaseUrl.startsWith('file:')) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(databaseUrl)) {
      const scheme = databaseUrl.slice(0, databaseUrl.indexOf(':'))
      throw new ScopeError('BAD_SETTING', `DATABASE_URL: "${scheme}:" is not a SQLite database; use file:<path>.`, {
        subject: 'DATABASE_URL',
      })
    }
    return resolve(databaseUrl)
  }
  if (databaseUrl.startsWith('file://')) return decodeURIComponent(new URL(databaseUrl).pathname)
  return resolve(databaseUrl.slice('file:'.length))
}

/** Opens for writing, creating folder and file. Committed means on disk: synchronous=FULL. */
export function openForWriting(path: string): Sqlite {
  return guarded(path, () => {
    mkdirSync(dirname(path), { recursive: true })
    const db = new Database(path, { timeout: busyTimeoutMs })
    try {
      db.pragma('journal_mode = WAL')
      db.pragma('synchronous = FULL')
      db.pragma(`wal_autocheckpoint = ${checkpointPages}`)
      db.pragma(`journal_size_limit = ${walLimitBytes}`)
      db.pragma(`cache_size = -${writerCacheKib}`)
      db.pragma('temp_store = MEMORY')
      db.prepare('BEGIN IMMEDIATE').run()
      db.prepare('ROLLBACK').run()
    } catch (error) {
      db.close()
      throw error
    }
    return db
  })
}

/** Opens an existing database for reading only. */
export function openForReading(path: string): Sqlite {
  return guarded(path, () => {
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
    db.pragma(`cache_size = -${readerCacheKib}`)
    db.pragma('temp_store = MEMORY')
    return db
  })
}

/** Runs `work`, turning SQLite's and the file system's refusals into one sentence that names the path. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw storeError(path, error)
  }
}

export function storeError(path: string, error: unknown): unknown {
  if (error instanceof ScopeError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new ScopeError(
      'STORE_UNWRITABLE',
      `The database ${path} is damaged or not a SQLite file; move it away to start a new one, or restore a copy.`,
      { cause: error },
    )
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') {
    return new ScopeError('STORE_UNWRITABLE', `The disk of ${path} is full.`, { cause: error })
  }
  if (refusals.some((refusal) => code.startsWith(refusal)) || error instanceof TypeError) {
    return new ScopeError('STORE_UNWRITABLE', `The database ${path} cannot be opened for writing: ${error.message}.`, {
      cause: error,
    })
  }
  return error
}

/** better-sqlite3 throws a TypeError when the folder is missing. */
const refusals = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'EEXIST',
  'ENOENT',
  'EISDIR',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'SQLITE_PERM',
  'SQLITE_AUTH',
  'SQLITE_IOERR',
]
