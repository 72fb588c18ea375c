import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../../lib/core/clock'
import { openReader, openWriter, type RecordReader } from '../../../lib/store'
import { seededRandom } from '../../support/seededRandom'
import { until } from '../../support/until'
import { changesOfRevision } from './crashModel'
import { bytes, temporaryFolder, text } from './recordFixture'

const kills = 6

interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>
  /** The newest cursor that it acknowledged; 0n before the first. */
  acknowledged(): bigint
}

function startWriter(databaseUrl: string, seed: number): Child {
  const script = fileURLToPath(new URL('./crashingWriter.ts', import.meta.url))
  const args = ['--import', 'tsx', script, databaseUrl, String(seed), `child-${seed}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let acknowledged = 0n
  createInterface({ input: child.stdout }).on('line', (line) => {
    acknowledged = BigInt(line)
  })
  return { process: child, acknowledged: () => acknowledged }
}

describe('a writer in a process of its own', () => {
  it(`loses nothing that it acknowledged and leaves no part of a revision, killed ${kills} times at random`, async () => {
    const seed = 41
    const random = seededRandom(seed)
    const databaseUrl = `file:${join(temporaryFolder(), 'record.db')}`
    let reader: RecordReader | null = null
    onTestFinished(() => reader?.close())
    for (let kill = 0; kill < kills; kill++) {
      const child = startWriter(databaseUrl, seed + kill)
      await until('the first acknowledged batch', () => child.acknowledged() > 0n, 60_000)
      const killAtMs = Date.now() + random() * 120
      await until('the moment to kill', () => Date.now() >= killAtMs)
      child.process.kill('SIGKILL')
      await once(child.process, 'close')
      reader ??= await openReader({ databaseUrl })
      await everythingIsThere(databaseUrl, reader, child.acknowledged())
    }
  }, 180_000)

  it('is seen by a reader in another process: versions move, pulses tell where to', async () => {
    const databaseUrl = `file:${join(temporaryFolder(), 'record.db')}`
    const opening = openReader({ databaseUrl, waitMs: 60_000 })
    const child = startWriter(databaseUrl, 99)
    const reader = await opening
    onTestFinished(() => reader.close())
    await until('a pulse', async () => (await reader.pulses()).some((one) => one.topic === 'changes'), 60_000)
    for (let look = 0; look < 5; look++) {
      const version = reader.version()
      const seen = async () => (await reader.pulses()).find((one) => one.topic === 'changes')
      const before = await seen()
      await until('another version', () => reader.version() !== version)
      const after = await until('a greater sequence', async () => {
        const now = await seen()
        return now !== undefined && now.seq > (before?.seq ?? 0) ? now : null
      })
      const [epoch, revision] = after.cursor.split(':')
      const cluster = await reader.cluster('prod')
      if (cluster === null) throw new Error('the cluster is not there')
      const stored = await reader.valueAt(cluster, Number(epoch), bytes(`/crash/${revision}/0`), BigInt(revision ?? 0))
      expect(stored?.revision).toBe(BigInt(revision ?? 0))
    }
    child.process.kill('SIGKILL')
  }, 120_000)
})

async function everythingIsThere(databaseUrl: string, reader: RecordReader, acknowledged: bigint): Promise<void> {
  const writer = await openWriter({ databaseUrl, clock: systemClock })
  try {
    const cluster = await writer.ensureCluster('prod', 'etcd', false)
    const { revision: cursor } = await writer.cursor(cluster)
    expect(cursor).toBeGreaterThanOrEqual(acknowledged)
    const expected: string[] = []
    for (let revision = 1n; revision <= cursor; revision++) {
      expected.push(...changesOfRevision(revision).map((one) => text(one.key)))
    }
    const found: string[] = []
    for (;;) {
      const after = found.length === 0 ? null : positionOf(found.at(-1) ?? '')
      const page = await reader.changes(cluster, {}, { order: 'asc', limit: 1000, after })
      found.push(...page.map((one) => text(one.key)))
      if (page.length < 1000) break
    }
    expect(found).toEqual(expected)
    expect(await reader.verify(cluster)).toMatchObject({ checkedChanges: expected.length, firstBad: null })
  } finally {
    await writer.close()
  }
}

function positionOf(key: string) {
  const [, , revision, ordinal] = key.split('/')
  return { epoch: 1, revision: BigInt(revision ?? 0), ordinal: Number(ordinal) }
}
