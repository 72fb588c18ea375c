import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Clock, systemClock } from '../../../lib/core/clock'
import type { ChangeInput, ClusterRef, Ownership, RecordReader, RecordWriter } from '../../../lib/store'
import { openReader, openWriter } from '../../../lib/store'

/** A record of its own in a temporary folder, gone when the test ends. */
export interface TestRecord {
  readonly writer: RecordWriter
  readonly reader: RecordReader
  readonly cluster: ClusterRef
  readonly ownership: Ownership
  readonly path: string
  readonly databaseUrl: string
  /** Appends at the cursor's epoch through the last change's revision. */
  append(changes: readonly ChangeInput[], through?: bigint): Promise<void>
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'etcdscope-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export async function testRecord(clock: Clock = systemClock): Promise<TestRecord> {
  const path = join(temporaryFolder(), 'record.db')
  const databaseUrl = `file:${path}`
  const writer = await openWriter({ databaseUrl, clock })
  const reader = await openReader({ databaseUrl })
  onTestFinished(async () => {
    await reader.close()
    await writer.close()
  })
  const cluster = await writer.ensureCluster('prod', 'etcd', false)
  const ownership = await writer.acquire(cluster, 'test', 3_600_000, clock.nowMs())
  if (ownership === null) throw new Error('the fresh lease was refused')
  const append = async (changes: readonly ChangeInput[], through?: bigint) => {
    const { epoch } = await writer.cursor(cluster)
    const end = through ?? changes.at(-1)?.revision ?? 0n
    await writer.append({ cluster, epoch, ownership, changes, through: end })
  }
  return { writer, reader, cluster, ownership, path, databaseUrl, append }
}

/** A put of a plain key; the fields that matter are given. */
export function change(given: Partial<ChangeInput> & { revision: bigint }): ChangeInput {
  const value = given.value === undefined ? Buffer.from(`value ${given.revision}`) : given.value
  return {
    ordinal: 0,
    op: 'create',
    key: Buffer.from(`/app/key-${given.revision}`),
    valueBytes: value?.byteLength ?? 0,
    fingerprint: null,
    createRevision: given.revision,
    version: 1n,
    leaseId: 0n,
    atMs: 1_700_000_000_000 + Number(given.revision) * 100,
    atSource: 'observed',
    origin: 'watch',
    resource: null,
    namespace: null,
    name: null,
    manager: null,
    significance: 'spec',
    summary: null,
    ...given,
    value,
  }
}

export const bytes = (text: string): Uint8Array => Buffer.from(text)
export const text = (value: Uint8Array): string => Buffer.from(value).toString('latin1')
export const noEnd = new Uint8Array(0)
