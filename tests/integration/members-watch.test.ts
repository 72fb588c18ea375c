import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { member as memberContract } from '../../lib/contract'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { type Watching, watchMembers } from '../support/memberWatching'
import { until } from '../support/until'

/** What the watch says of a real three-member cluster. */

let cluster: EtcdCluster
let watching: Watching

beforeAll(async () => {
  cluster = await startEtcd({ version: '3.4', members: 3 })
}, 60_000)
afterAll(async () => {
  await cluster?.stop()
})
beforeEach(async () => {
  watching = watchMembers(cluster)
  await watching.settled()
}, 30_000)
afterEach(async () => {
  await watching?.watch.stop()
})

const samples = () => watching.writer.samples.flatMap((s) => s.samples)
const samplesOf = (metric: string, member?: string) =>
  samples().filter((s) => s.metric === metric && (member === undefined || s.labels.member === member))

describe('members of a real cluster', () => {
  it('each is known by name, id, version, sizes, raft numbers and quota', async () => {
    await until('the quota of all', () => watching.view().members.every((m) => m.quotaBytes !== null))
    const view = watching.view()
    expect(view.members.map((m) => m.name)).toEqual(['m1', 'm2', 'm3'])
    expect(view.version).toMatch(/^3\.4\./)
    expect(view.error).toBeNull()
    expect(view.members.filter((m) => m.isLeader).map((m) => m.name)).toEqual([view.leader?.name])
    for (const member of view.members) {
      expect(member).toMatchObject({
        healthy: true,
        error: null,
        isLearner: false,
        raftTerm: view.raftTerm?.toString(),
      })
      expect(member.latencyMs).toBeGreaterThan(0)
      expect(member.dbSizeBytes).toBeGreaterThan(0)
      expect(member.quotaBytes).toBe(2 * 1024 ** 3)
      expect(Date.parse(member.seenAt ?? '')).toBeGreaterThan(Date.now() - 5_000)
      expect(member.knownBugs.length).toBeGreaterThan(0)
    }
    expect(watching.watch.headRevision()).toBeGreaterThan(0n)
  })

  it('the hash agrees on all of them, at one revision', async () => {
    await cluster.etcdctl('put', 'a', '1')
    await cluster.etcdctl('put', 'a', '2')
    await until('the hashes', () => watching.view().members.every((m) => m.hash?.agrees === true))
    for (const member of watching.view().members) memberContract.parse(member)
    const hashes = watching.view().members.map((m) => m.hash)
    expect(new Set(hashes.map((h) => h?.revision)).size).toBe(1)
    expect(new Set(hashes.map((h) => h?.value)).size).toBe(1)
  })

  it('puts become increases, fsyncs become bucket increases, peers carry names', async () => {
    await until('a first scrape', () => samplesOf('etcd_mvcc_db_total_size_in_bytes').length > 0)
    for (let i = 0; i < 20; i++) await cluster.etcdctl('put', `k${i}`, 'v')
    const total = (member: string) => samplesOf('etcd_mvcc_put_total', member).reduce((n, s) => n + s.value, 0)
    for (const member of ['m1', 'm2', 'm3']) {
      await until(`20 puts on ${member}`, () => total(member) >= 20)
      expect(total(member)).toBe(20)
    }
    const fsyncs = samplesOf('etcd_disk_wal_fsync_duration_seconds', 'm1').filter((s) => s.value > 0)
    expect(fsyncs.length).toBeGreaterThan(0)
    for (const { value, histogram, spanMs } of fsyncs) {
      expect(histogram?.counts.reduce((a, b) => a + b, 0)).toBe(value)
      expect(histogram?.bounds.at(-1)).toBe(Number.POSITIVE_INFINITY)
      expect(spanMs).toBeGreaterThan(500)
    }
    const peers = samplesOf('etcd_network_peer_round_trip_time_seconds', 'm1').map((s) => s.labels.to)
    for (const peer of peers) expect(['m2', 'm3']).toContain(peer)
    expect(samplesOf('up').every((s) => s.value === 1)).toBe(true)
  })

  it('a follower that hangs is unhealthy with one sentence within two seconds, the cluster stays healthy', async () => {
    const name = watching.view().members.find((m) => !m.isLeader)?.name ?? ''
    const process = cluster.members.find((m) => m.name === name)
    await process?.kill('SIGSTOP')
    const from = Date.now()
    try {
      await until('unhealthy', () => !watching.member(name).healthy)
      expect(Date.now() - from).toBeLessThan(2_000)
      expect(watching.member(name).error).toMatch(/answer/)
      await until('up is 0', () => samplesOf('up', name).some((s) => s.value === 0))
      expect(watching.view()).toMatchObject({ healthy: true, error: null })
      expect(watching.writer.changes).toEqual([])
    } finally {
      await process?.kill('SIGCONT')
    }
    const back = Date.now()
    await until('healthy again', () => watching.member(name).healthy)
    expect(Date.now() - back).toBeLessThan(2_000)
  }, 30_000)

  it('a restarted member starts a new life of its counters: nothing negative, nothing huge, seen at once', async () => {
    const name = watching.view().members.find((m) => !m.isLeader)?.name ?? ''
    const process = cluster.members.find((m) => m.name === name)
    for (let i = 0; i < 30; i++) await cluster.etcdctl('put', `r${i}`, 'v')
    await until('counted puts', () => samplesOf('etcd_mvcc_put_total', name).some((s) => s.value > 0))
    const before = watching.writer.samples.length
    await process?.restart()
    const back = Date.now()
    await until('healthy again', () => watching.member(name).healthy)
    expect(Date.now() - back).toBeLessThan(2_000)
    await until(
      'measured again',
      () => samplesOf('etcd_mvcc_put_total', name).length > 3 && watching.writer.samples.length > before + 4,
    )
    const after = watching.writer.samples.slice(before + 1).flatMap((s) => s.samples)
    const increases = after.filter((s) => s.kind !== 'gauge' && s.labels.member === name)
    expect(increases.length).toBeGreaterThan(0)
    for (const sample of increases) expect(sample.value).toBeGreaterThanOrEqual(0)
    const index = increases.filter((s) => s.metric === 'etcd_server_proposals_committed_total')
    for (const sample of index) expect(sample.value).toBeLessThan(30)
    const puts = increases.filter((s) => s.metric === 'etcd_mvcc_put_total')
    expect(puts.reduce((n, s) => n + s.value, 0)).toBe(0)
  }, 40_000)

  it('an alarm is seen without asking raft for it', async () => {
    const small = await startEtcd({ version: '3.4', members: 1, args: ['--quota-backend-bytes', '65536'] })
    const own = watchMembers(small)
    try {
      await own.settled()
      const value = 'x'.repeat(30_000)
      await until('NOSPACE', async () => {
        await small.etcdctl('put', `f${Math.floor(performance.now())}`, value).catch(() => undefined)
        return own.view().alarms.length > 0
      })
      expect(own.view().alarms).toEqual([{ memberId: own.member('m1').id, type: 'NOSPACE' }])
    } finally {
      await own.watch.stop()
      await small.stop()
    }
  }, 40_000)
})

describe('endpoints that are wrong', () => {
  it('an endpoint that nobody listens on is said, the rest is watched', async () => {
    const one = cluster.endpoints[0] ?? ''
    const own = watchMembers(cluster, { endpoints: ['http://127.0.0.1:9', one] })
    try {
      await until(
        'all members by their advertised addresses',
        () => own.watch.view()?.members.filter((m) => m.healthy).length === 3,
      )
      expect(own.view().error).toMatch(/127\.0\.0\.1:9/)
    } finally {
      await own.watch.stop()
    }
  })

  it('nothing reachable: one sentence, and stop returns', async () => {
    const own = watchMembers(cluster, { endpoints: ['http://127.0.0.1:9'] })
    try {
      await until('a view', () => own.watch.view() !== null)
      expect(own.view()).toMatchObject({ clusterId: null, leader: null, healthy: null, revision: null })
      expect(own.view().error).toMatch(/No member answers: .*127\.0\.0\.1:9/)
    } finally {
      await own.watch.stop()
    }
  })
})
