import { afterAll, beforeAll, expect, it } from 'vitest'
import { clusterSnapshot } from '../../lib/contract'
import type { ClusterRow, RecordReader } from '../../lib/store'
import { type CollectorHarness, createCollectorHarness } from '../support/collectorHarness'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { until } from '../support/until'

/** The members' part of the record, written by the whole collector and read back from the store. */

let cluster: EtcdCluster
let harness: CollectorHarness
let reader: RecordReader

beforeAll(async () => {
  cluster = await startEtcd({ version: '3.4', members: 3 })
  harness = await createCollectorHarness(cluster)
  await harness.start()
  reader = await harness.reader()
})
afterAll(async () => {
  await harness?.dispose()
  await cluster?.stop()
})

async function row(): Promise<ClusterRow> {
  return await until('the cluster', async () => (await reader.clusters())[0] ?? null)
}

async function snapshot() {
  const parsed = clusterSnapshot.safeParse((await row()).snapshot?.document)
  return parsed.success ? parsed.data : null
}

it('the snapshot fits its contract and knows members and leader', async () => {
  const known = await until('all members', async () => {
    const now = await snapshot()
    const complete = now?.members.length === 3 && now.members.every((m) => m.healthy) && now.leader !== null
    return complete && now.healthy === true ? now : null
  })
  expect(known).toMatchObject({ healthy: true, error: null, alarms: [] })
})

it('a killed leader is in the record: the change, its lane, up, and rates without a negative one', async () => {
  const fromMs = Date.now() - 60_000
  const ref = await row()
  const before = await until('a leader', async () => (await snapshot())?.leader ?? null)
  const process = cluster.members.find((m) => m.name === before.name)
  await process?.kill('SIGKILL')
  const changes = await until('the change', async () => {
    const found = await reader.leaderChanges(ref, fromMs, Date.now())
    return found.length > 0 ? found : null
  })
  expect(changes).toMatchObject([{ fromName: before.name, planned: false }])
  await process?.start()
  const lane = await until('the lane back', async () => {
    const lanes = await reader.memberStates(ref, fromMs, Date.now())
    const own = lanes.filter((s) => s.name === before.name).map((s) => s.state)
    return own.includes('down') && own.at(-1) === 'follower' ? own : null
  })
  expect(lane[0]).toBe('leader')
  const series = (metric: string, agg: 'min' | 'rate' | 'p99') =>
    reader.series(ref, { metric, fromMs, toMs: Date.now(), stepMs: 1_000, agg })
  const up = await until('up 0', async () => {
    const own = (await series('up', 'min')).find((s) => s.labels.member === before.name)
    return own?.points.some(([, value]) => value === 0) ? own : null
  })
  expect(up.points.some(([, value]) => value === 1)).toBe(true)
  for (const metric of ['etcd_mvcc_put_total', 'etcd_server_proposals_committed_total']) {
    const rates = await until(`${metric} of all three`, async () => {
      const found = await series(metric, 'rate')
      return found.length === 3 ? found : null
    })
    for (const { points } of rates) {
      for (const [, value] of points) {
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThan(1_000)
      }
    }
  }
  await until('fsync quantiles', async () => (await series('etcd_disk_wal_fsync_duration_seconds', 'p99')).length >= 2)
})

it('a collector that starts again goes on from the recorded leader and records no change', async () => {
  const ref = await row()
  const count = async () => (await reader.leaderChanges(ref, 0, Date.now())).length
  const before = await count()
  await harness.stop()
  await harness.start()
  const startedMs = Date.now()
  await until('looks of the new collector', async () => {
    const now = await snapshot()
    return now?.leader != null && now.members.every((m) => Date.parse(m.seenAt ?? '') > startedMs + 500)
  })
  expect(await count()).toBe(before)
})
