import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type CollectorHarness, createCollectorHarness, testClusterName } from '../support/collectorHarness'
import { headRevision, witnessState } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { allChanges, recordedCluster, recordedState } from '../support/recordReading'
import { writeSeededLoad } from '../support/seededLoad'
import { until } from '../support/until'

/** What cannot be recorded is declared: one gap with exact bounds, and exact states again behind it. */

let etcd: EtcdCluster | null = null
let harness: CollectorHarness | null = null

afterEach(async () => {
  await harness?.dispose()
  await etcd?.stop()
  harness = null
  etcd = null
})

async function begin(version: '3.4' | '3.5') {
  etcd = await startEtcd({ version, members: 1 })
  harness = await createCollectorHarness(etcd)
  return { etcd, harness }
}

describe.each(['3.4', '3.5'] as const)('on etcd %s', (version) => {
  it('compaction while disconnected leaves exactly one gap with the right bounds', async () => {
    const { etcd, harness } = await begin(version)
    await writeSeededLoad(etcd.endpoints, { seed: 1, operations: 300, leases: false })
    await harness.start()
    const before = await headRevision(etcd)
    await harness.recorded(before)
    await harness.stop()

    await writeSeededLoad(etcd.endpoints, { seed: 2, operations: 300, leases: false })
    const compacted = await headRevision(etcd)
    await etcd.etcdctl('compaction', String(compacted))
    await writeSeededLoad(etcd.endpoints, { seed: 3, operations: 200, leases: false })
    const head = await headRevision(etcd)
    await harness.start()
    await harness.recorded(head)

    const reader = await harness.reader()
    const cluster = await recordedCluster(reader, testClusterName)
    expect(cluster.epochs.length).toBe(1)
    expect(cluster.gaps.map((g) => [g.epoch, g.fromRevision, g.toRevision])).toEqual([[1, before + 1n, compacted]])
    for (const revision of [compacted, compacted + 1n, head]) {
      expect(await recordedState(reader, cluster, 1, revision)).toEqual(await witnessState(etcd, revision))
    }
    expect((await reader.verify(cluster)).firstBad).toBeNull()
  })

  it('a record that begins after a compaction declares what lies before it', async () => {
    const { etcd, harness } = await begin(version)
    await writeSeededLoad(etcd.endpoints, { seed: 4, operations: 300, leases: false })
    const compacted = await headRevision(etcd)
    await etcd.etcdctl('compaction', String(compacted))
    await etcd.etcdctl('put', 'after', 'compaction')
    const head = await headRevision(etcd)
    await harness.start()
    await harness.recorded(head)

    const reader = await harness.reader()
    const cluster = await recordedCluster(reader, testClusterName)
    expect(cluster.gaps.map((g) => [g.fromRevision, g.toRevision])).toEqual([[1n, compacted]])
    expect(await recordedState(reader, cluster, 1, compacted)).toEqual(await witnessState(etcd, compacted))
    expect(await recordedState(reader, cluster, 1, head)).toEqual(await witnessState(etcd, head))
  })

  it.each([
    ['with the same cluster id and fewer revisions', undefined],
    ['with another cluster id', 'another-token'],
  ])('a snapshot restore %s starts a new epoch and mixes nothing', async (_, token) => {
    const { etcd, harness } = await begin(version)
    await writeSeededLoad(etcd.endpoints, { seed: 5, operations: 200, leases: false })
    const file = path.join(etcd.folder, 'snapshot.db')
    await etcd.etcdctl('snapshot', 'save', file)
    const saved = await headRevision(etcd)
    await writeSeededLoad(etcd.endpoints, { seed: 6, operations: 200, leases: false })
    const before = await headRevision(etcd)
    await harness.start()
    await harness.recorded(before)

    await etcd.restoreSnapshot(file, token === undefined ? {} : { token })
    await etcd.etcdctl('put', 'after', 'restore')
    const reader = await harness.reader()
    const cluster = await until('a second epoch that reached the head', async () => {
      const row = await recordedCluster(reader, testClusterName)
      const newest = row.epochs.at(-1)
      return newest?.epoch === 2 && newest.storedRevision >= saved + 1n ? row : null
    })
    expect(cluster.epochs.map((e) => e.epoch)).toEqual([1, 2])
    expect(cluster.epochs[0]?.storedRevision).toBe(before)
    const second = await allChanges(reader, cluster, 2)
    expect(second.at(-1)?.revision).toBe(saved + 1n)
    expect(await recordedState(reader, cluster, 2, saved + 1n)).toEqual(await witnessState(etcd, saved + 1n))
  })
})
