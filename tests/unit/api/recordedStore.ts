import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../lib/core/clock'
import { type ChangeInput, openReader, openWriter, type RecordReader, type RecordWriter } from '../../../lib/store'

/** A real database in a folder of its own. */
export async function openTemporaryStore(): Promise<{
  writer: RecordWriter
  reader: RecordReader
  databaseUrl: string
  close: () => Promise<void>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'etcdscope-api-'))
  const databaseUrl = `file:${join(folder, 'record.db')}`
  const writer = await openWriter({ databaseUrl, clock: systemClock })
  const reader = await openReader({ databaseUrl })
  return {
    writer,
    reader,
    databaseUrl,
    async close() {
      await reader.close()
      await writer.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const bytes = (text: string) => new TextEncoder().encode(text)

export function put(
  revision: number,
  key: string | Uint8Array,
  value: string | Uint8Array | null,
  more: Partial<ChangeInput> = {},
): ChangeInput {
  const content = typeof value === 'string' ? bytes(value) : value
  return {
    revision: BigInt(revision),
    ordinal: 0,
    op: 'create',
    key: typeof key === 'string' ? bytes(key) : key,
    value: content,
    valueBytes: content?.length ?? 0,
    fingerprint: null,
    createRevision: BigInt(revision),
    version: 1n,
    leaseId: 0n,
    atMs: startMs + revision * 1000,
    atSource: 'observed',
    origin: 'watch',
    resource: null,
    namespace: null,
    name: null,
    manager: null,
    significance: 'spec',
    summary: null,
    ...more,
  }
}

/** Revision r of the scenario was written r seconds after this. */
export const startMs = Date.now() - 600_000

const pod = { resource: 'pods', namespace: 'shop', name: 'web-1', manager: 'kubelet' }
const podJson = (image: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'shop' },
    spec: { containers: [{ name: 'app', image }] },
  })

/** Twelve revisions with everything that an answer has to cope with: see the comments. */
export const scenario: readonly ChangeInput[] = [
  put(1, 'app/name', 'etcdscope'),
  put(2, 'app/flags', '{"a":1,"list":[1,2]}'),
  put(3, '/registry/pods/shop/web-1', podJson('app:1'), pod),
  // A secret: length and fingerprint only.
  put(4, '/registry/secrets/shop/db', null, {
    fingerprint: bytes('fingerprint-one!'),
    valueBytes: 14_541,
    resource: 'secrets',
    namespace: 'shop',
    name: 'db',
  }),
  put(5, new Uint8Array([0xff, 0xfe, 0x01]), new Uint8Array([0, 1, 2, 0xff])),
  put(6, 'app/empty', ''),
  put(7, '/registry/pods/shop/web-1', podJson('app:2'), { ...pod, op: 'update', version: 2n, createRevision: 3n }),
  put(8, '/registry/secrets/shop/db', null, {
    op: 'update',
    version: 2n,
    createRevision: 4n,
    fingerprint: bytes('fingerprint-two!'),
    valueBytes: 14_600,
    resource: 'secrets',
    namespace: 'shop',
    name: 'db',
  }),
  put(9, 'app/name', null, { op: 'delete', version: 0n, createRevision: 0n, valueBytes: 0 }),
  put(10, 'app/flags', '{"a":2,"list":[1,2]}', {
    op: 'update',
    version: 2n,
    createRevision: 2n,
    leaseId: 7_587_848_391_234_567n,
  }),
  // One transaction, two keys.
  put(11, 'app/x', 'x'),
  put(11, 'app/y', 'y', { ordinal: 1 }),
  put(12, '/registry/leases/kube-system/l', '{}', {
    resource: 'leases',
    namespace: 'kube-system',
    name: 'l',
    significance: 'heartbeat',
  }),
]
