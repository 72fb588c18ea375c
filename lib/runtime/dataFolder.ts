import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScopeError } from '../core/errors'

/**
 * The folder of the record: made when it is missing, checked for writing before anything starts. What lies in it is
 * as confidential as the clusters, so nobody else may read it.
 */
export function prepareDataFolder(dataDir: string): void {
  const probe = join(dataDir, `.probe-${process.pid}`)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(probe, '')
    rmSync(probe)
  } catch (error) {
    throw unwritable(dataDir, error)
  }
}

const keyBytes = 32

/**
 * The key of the fingerprints that stand in place of secret values. It lies beside the database, not in it, and is
 * made once: with another key, equal secrets would no longer have equal fingerprints.
 */
export function loadFingerprintKey(dataDir: string): Buffer {
  return loadKey(dataDir, 'fingerprint.key')
}

/** The key that encrypts the secrets of channels. With another key they would have to be entered again. */
export function loadChannelKey(dataDir: string): Buffer {
  return loadKey(dataDir, 'channels.key')
}

function loadKey(dataDir: string, name: string): Buffer {
  const path = join(dataDir, name)
  const existing = readIfThere(path, dataDir)
  if (existing !== null) return checked(existing, path)
  const draft = `${path}.${process.pid}`
  try {
    writeFileSync(draft, randomBytes(keyBytes), { mode: 0o600, flag: 'wx' })
    // A link appears whole or not at all, and only once: of two starts at the same moment the first wins.
    linkSync(draft, path)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw unwritable(dataDir, error)
  } finally {
    rmSync(draft, { force: true })
  }
  return checked(readFileSync(path), path)
}

function readIfThere(path: string, dataDir: string): Buffer | null {
  try {
    return readFileSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw unwritable(dataDir, error)
  }
}

function checked(key: Buffer, path: string): Buffer {
  if (key.length === keyBytes) return key
  throw new ScopeError(
    'STORE_UNWRITABLE',
    `${path} holds ${key.length} bytes where a key of ${keyBytes} must be; bring back the original, or remove it to start with a new one.`,
  )
}

function unwritable(dataDir: string, error: unknown): ScopeError {
  return new ScopeError(
    'STORE_UNWRITABLE',
    `The data folder ${dataDir} cannot be written (${codeOf(error)}); make it writable or set DATABASE_URL to another place.`,
    { subject: 'DATABASE_URL', cause: error },
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
