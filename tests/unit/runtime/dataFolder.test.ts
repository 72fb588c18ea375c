import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ScopeError } from '../../../lib/core/errors'
import { loadFingerprintKey, prepareDataFolder } from '../../../lib/runtime/dataFolder'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'etcdscope-data-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof ScopeError && error.code === 'STORE_UNWRITABLE') return error.message
    throw error
  }
  throw new Error('was accepted')
}

describe('the data folder', () => {
  it('is made with all its parents, for nobody else to read', () => {
    const deep = join(folder, 'a/b')
    prepareDataFolder(deep)
    expect(statSync(deep).mode & 0o777).toBe(0o700)
    prepareDataFolder(deep)
  })

  it('that cannot be made is named in one sentence', () => {
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, 'file/data')
    expect(refusal(() => prepareDataFolder(path))).toBe(
      `The data folder ${path} cannot be written (ENOTDIR); make it writable or set DATABASE_URL to another place.`,
    )
  })
})

describe('the fingerprint key', () => {
  it('is made once, 32 bytes, for nobody else to read', () => {
    const first = loadFingerprintKey(folder)
    expect(first).toHaveLength(32)
    expect(statSync(join(folder, 'fingerprint.key')).mode & 0o777).toBe(0o600)
    expect(loadFingerprintKey(folder).equals(first)).toBe(true)
    expect(readFileSync(join(folder, 'fingerprint.key')).equals(first)).toBe(true)
    expect(existsSync(join(folder, `fingerprint.key.${process.pid}`))).toBe(false)
  })

  it('of a wrong length is refused, not replaced', () => {
    writeFileSync(join(folder, 'fingerprint.key'), 'short')
    expect(refusal(() => loadFingerprintKey(folder))).toContain('holds 5 bytes where a key of 32 must be')
    expect(readFileSync(join(folder, 'fingerprint.key'), 'utf8')).toBe('short')
  })
})
