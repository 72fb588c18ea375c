import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importSnapshot } from '../../lib/archive/importSnapshot'
import { systemClock } from '../../lib/core/clock'
import { openReader, openWriter, type RecordReader, type RecordWriter } from '../../lib/store'
import { clusterSettings } from '../support/collectorHarness'
import { etcdBinary } from '../support/etcdBinaries'
import { headRevision, witnessState } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { allChanges, recordedCluster, recordedState } from '../support/recordReading'
import { writeSeededLoad } from '../support/seededLoad'

/** Snapshots become history: exact where they hold it, with a declared gap where they do not. */

const name = 'archive'
let folder: string
let writer: RecordWriter
let reader: RecordReader
const started: EtcdCluster[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-import-'))
  const databaseUrl = `file:${path.join(folder, 'record.db')}`
  writer = await openWriter({ databaseUrl, clock: systemClock })
  reader = await openReader({ databaseUrl })
})

afterEach(async () => {
  await reader.close()
  await writer.close()
  for (const etcd of started.splice(0)) await etcd.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(version: '3.4' | '3.5'): Promise<EtcdCluster> {
  const etcd = await startEtcd({ version, members: 1 })
  started.push(etcd)
  return etcd
}

async function snapshotOf(etcd: EtcdCluster, title: string): Promise<string> {
  const file = path.join(folder, `${title}.db`)
  await etcd.etcdctl('snapshot', 'save', file)
  return file
}

async function take(file: string, version: '3.4' | '3.5', cluster = name) {
  const { etcd } = await etcdBinary(version)
  return importSnapshot({
    file,
    settings: clusterSettings([], { name: cluster }),
    writer,
    reader,
    fingerprintKey: Buffer.alloc(32, 7),
    // A bare name is found in the path, as without the setting.
    env: { ...process.env, ETCD_BIN: path.isAbsolute(etcd) ? etcd : '' },
    clock: systemClock,
    signal: new AbortController().signal,
    log: () => undefined,
  })
}

describe.each(['3.4', '3.5'] as const)('with the tools of etcd %s', (version) => {
  it('several snapshots of one cluster join into one history, with the gap between them declared', async () => {
    const etcd = await start(version)
    await writeSeededLoad(etcd.endpoints, { seed: 1, operations: 200, leases: false })
    const compacted = await headRevision(etcd)
    await etcd.etcdctl('compaction', String(compacted))
    await writeSeededLoad(etcd.endpoints, { seed: 2, operations: 200, leases: false })
    const [firstHead, firstState] = [await headRevision(etcd), await witnessState(etcd, await headRevision(etcd))]
    const first = await snapshotOf(etcd, 'first')
    await writeSeededLoad(etcd.endpoints, { seed: 3, operations: 200, leases: false })
    const second = await snapshotOf(etcd, 'second')
    const secondHead = await headRevision(etcd)
    await writeSeededLoad(etcd.endpoints, { seed: 4, operations: 200, leases: false })
    const lost = await headRevision(etcd)
    await etcd.etcdctl('compaction', String(lost))
    await writeSeededLoad(etcd.endpoints, { seed: 5, operations: 100, leases: false })
    const [thirdHead, thirdState] = [await headRevision(etcd), await witnessState(etcd, await headRevision(etcd))]
    const third = await snapshotOf(etcd, 'third')

    expect(await take(first, version)).toEqual({ fromRevision: 1n, throughRevision: firstHead })
    expect(await take(second, version)).toEqual({ fromRevision: firstHead + 1n, throughRevision: secondHead })
    expect(await take(third, version)).toEqual({ fromRevision: secondHead + 1n, throughRevision: thirdHead })

    const cluster = await recordedCluster(reader, name)
    expect(cluster.epochs.map((epoch) => [epoch.epoch, epoch.storedRevision])).toEqual([[1, thirdHead]])
    expect(cluster.gaps.map((gap) => [gap.fromRevision, gap.toRevision])).toEqual([
      [1n, compacted],
      [secondHead + 1n, lost],
    ])
    expect(await recordedState(reader, cluster, 1, firstHead)).toEqual(firstState)
    expect(await recordedState(reader, cluster, 1, thirdHead)).toEqual(thirdState)
    expect(cluster.snapshot?.document).toMatchObject({ state: 'archived', error: null })
    expect((await reader.verify(cluster)).firstBad).toBeNull()
  })

  it('ends where the snapshot ends, although leases run out in the etcd that serves it', async () => {
    const etcd = await start(version)
    const lease = /lease (\w+)/.exec(await etcd.etcdctl('lease', 'grant', '1'))?.[1] ?? ''
    await etcd.etcdctl('put', `--lease=${lease}`, 'short', 'lived')
    const head = await headRevision(etcd)
    const file = await snapshotOf(etcd, 'leased')
    await take(file, version)
    const cluster = await recordedCluster(reader, name)
    const changes = await allChanges(reader, cluster, 1)
    expect(changes.map(({ revision, op }) => [revision, op])).toEqual([[head, 'create']])
  })
})

describe('what does not fit', () => {
  it('an older snapshot, another cluster, a watched cluster, and what is no snapshot are refused and change nothing', async () => {
    const etcd = await start('3.5')
    await etcd.etcdctl('put', 'a', '1')
    const old = await snapshotOf(etcd, 'old')
    await etcd.etcdctl('put', 'a', '2')
    const newer = await snapshotOf(etcd, 'newer')
    const other = await start('3.5')
    for (const value of ['1', '2', '3']) await other.etcdctl('put', 'b', value)
    const foreign = await snapshotOf(other, 'foreign')
    await take(newer, '3.5')
    const before = await recordedCluster(reader, name)

    await expect(take(old, '3.5')).rejects.toThrow('oldest first')
    await expect(take(foreign, '3.5')).rejects.toThrow('not of the cluster that is recorded as archive')
    const text = path.join(folder, 'text.db')
    await writeFile(text, 'no snapshot')
    await expect(take(text, '3.5')).rejects.toThrow(`snapshot status ${text} failed`)
    await expect(take(path.join(folder, 'none.db'), '3.5')).rejects.toThrow('There is no snapshot')
    expect(await recordedCluster(reader, name)).toEqual(before)
    expect((await reader.clusters()).map((row) => row.name)).toEqual([name])

    const watched = await writer.ensureCluster('watched', 'etcd', false)
    await writer.writeSnapshot(watched, { state: 'live', document: { state: 'live' }, atMs: 1 })
    await expect(take(newer, '3.5', 'watched')).rejects.toThrow('watched is a watched cluster')
  })
})
