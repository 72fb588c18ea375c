import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordReader } from '../../lib/store'
import { type CollectorHarness, createCollectorHarness, testClusterName } from '../support/collectorHarness'
import { etcdBinary } from '../support/etcdBinaries'
import { headRevision, witnessEvents, witnessState } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { recordedCluster, recordedEvents, recordedState } from '../support/recordReading'
import { writeSeededLoad } from '../support/seededLoad'

/** Everything that etcd's own client witnesses is in the record: exactly once, in order, whole revisions. */

const cases = [
  { version: '3.4', members: 1 },
  { version: '3.5', members: 1 },
  { version: '3.4', members: 3 },
  { version: '3.5', members: 3 },
] as const

describe.each(cases)('the record of etcd $version with $members member(s)', ({ version, members }) => {
  const seed = 20_261_122 + members
  let etcd: EtcdCluster
  let harness: CollectorHarness
  let reader: RecordReader
  let head: bigint

  beforeAll(async () => {
    etcd = await startEtcd({ version, members })
    harness = await createCollectorHarness(etcd)
    // Written before the first start: the back-fill must bring it.
    await writeSeededLoad(etcd.endpoints, { seed, operations: 1_500 })
    await harness.start()
    // Written while the back-fill and then the live watch run.
    await writeSeededLoad(etcd.endpoints, { seed: seed + 1, operations: 1_500 })
    await harness.stop()
    // Written while nobody watches: the catch-up must bring it.
    await writeSeededLoad(etcd.endpoints, { seed: seed + 2, operations: 500 })
    await etcd.etcdctl('put', 'last', 'one')
    await harness.start()
    head = await headRevision(etcd)
    await harness.recorded(head)
    await harness.stop()
    reader = await harness.reader()
  })

  afterAll(async () => {
    await harness?.dispose()
    await etcd?.stop()
  })

  it(`holds every event exactly once and in order (seed ${seed})`, async () => {
    const { etcdctl } = await etcdBinary(version)
    const cluster = await recordedCluster(reader, testClusterName)
    const witness = await witnessEvents(etcd, etcdctl, 1n, head)
    const recorded = (await recordedEvents(reader, cluster, 1)).filter((e) => e.revision <= head)
    expect(witness.length).toBeGreaterThan(3_000)
    expect(recorded).toEqual(witness)
    expect(cluster.gaps).toEqual([])
  })

  it('gives the state at any revision as etcd gives it', async () => {
    const cluster = await recordedCluster(reader, testClusterName)
    for (const revision of [2n, head / 3n, head / 2n, head - 1n, head]) {
      expect(await recordedState(reader, cluster, 1, revision)).toEqual(await witnessState(etcd, revision))
    }
  })

  it('verifies', async () => {
    const cluster = await recordedCluster(reader, testClusterName)
    expect((await reader.verify(cluster)).firstBad).toBeNull()
  })
})
