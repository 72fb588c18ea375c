import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { connectMember } from '../../lib/etcd'
import { type EtcdVersion, etcdBinary } from '../support/etcdBinaries'
import { headRevision, witnessEvents } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { clusterSettings } from '../support/etcdSettings'
import { asWitnessed, firstDifference, type Watching, watching } from '../support/etcdWatching'
import { writeSeededLoad } from '../support/seededLoad'
import { startTcpProxy } from '../support/tcpProxy'
import { until } from '../support/until'

const versions: EtcdVersion[] = ['3.4', '3.5']
let cluster: EtcdCluster | null = null
let watch: Watching | null = null
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await watch?.stop()
  for (const stop of stops.splice(0)) await stop()
  await cluster?.stop()
  watch = null
  cluster = null
})

const isOpen = (w: Watching) => w.items.some((item) => item.kind === 'connection' && item.state === 'open')
const putOne = (c: EtcdCluster, n: number) => c.etcdctl('put', 'failover/key', String(n))

describe('a lost member', () => {
  it.each(versions)(
    'etcd %s: the watch goes on elsewhere when the member it reads from is killed, leader or not',
    async (version) => {
      cluster = await startEtcd({ version, members: 3 })
      const { members } = cluster
      // The session prefers the first endpoint: the leader is put there.
      const leader = await leaderOf(cluster)
      const endpoints = [leader.endpoint, ...members.filter((m) => m !== leader).map((m) => m.endpoint)]
      watch = watching({ settings: clusterSettings(endpoints) })
      await until('the watch to be open', () => watch && isOpen(watch))
      await writeSeededLoad(cluster.endpoints, { seed: 31, operations: 200, leases: false })
      await leader.kill('SIGKILL')
      const rest = members.filter((m) => m !== leader).map((m) => m.endpoint)
      await until('a new leader', () => putThrough(cluster, rest), 30_000)
      await writeSeededLoad(rest, { seed: 32, operations: 200, leases: false })
      await leader.start()
      const head = await headRevision(cluster)
      await watch.through(head)
      const witnessed = await witnessEvents(cluster, (await etcdBinary(version)).etcdctl, 1n, head)
      const told = asWitnessed(watch.events).filter((event) => event.revision <= head)
      expect(firstDifference(told, witnessed)).toBeNull()
    },
  )

  it('a member cut off from the quorum is left, although it still answers', async () => {
    cluster = await startEtcd({ version: '3.5', members: 3 })
    const [first, ...others] = cluster.members
    if (!first) throw new Error('no members')
    const alone = await startEtcd({ version: '3.5', members: 3 })
    stops.push(() => alone.stop())
    const [stranded, ...peers] = alone.members
    // Three members of which two are down: the third answers Status but has no leader.
    for (const peer of peers) await peer.kill('SIGKILL')
    const connection = connectMember(stranded?.endpoint ?? '', clusterSettings(alone.endpoints))
    stops.push(async () => connection.close())
    await expect(connection.status()).resolves.toMatchObject({ version: expect.stringMatching(/^3\.5/) })
    await putOne(cluster, 1)
    watch = watching({ settings: clusterSettings([stranded?.endpoint ?? '', ...others.map((m) => m.endpoint)]) })
    await watch.through(await headRevision(cluster), 30_000)
    const lost = watch.items.find((item) => item.kind === 'connection' && item.state === 'lost')
    expect(lost).toMatchObject({ endpoint: stranded?.endpoint, error: { code: 'UNREACHABLE' } })
  })
})

describe('a cluster that is not the one it was', () => {
  it.each(versions)(
    'etcd %s: restored from an older snapshot, the watch says so instead of mixing both pasts',
    async (version) => {
      cluster = await startEtcd({ version })
      await putOne(cluster, 1)
      const file = path.join(cluster.folder, 'snapshot')
      await cluster.etcdctl('snapshot', 'save', file)
      for (let i = 0; i < 5; i++) await putOne(cluster, i)
      const head = await headRevision(cluster)
      watch = watching({ settings: clusterSettings(cluster.endpoints) })
      await watch.through(head)
      await cluster.restoreSnapshot(file)
      expect(await watch.end()).toBeNull()
      expect(watch.items.at(-1)).toMatchObject({
        kind: 'restored',
        headRevision: head - 5n,
        reason: expect.stringMatching(/head is revision \d+, below/),
      })
    },
  )

  it('restored and written beyond the old head meanwhile: the fallen raft term still gives it away', async () => {
    cluster = await startEtcd({ version: '3.5' })
    await putOne(cluster, 1)
    const file = path.join(cluster.folder, 'snapshot')
    await cluster.etcdctl('snapshot', 'save', file)
    for (let i = 0; i < 3; i++) await cluster.members[0]?.restart()
    await putOne(cluster, 2)
    const port = Number(new URL(cluster.endpoints[0] ?? '').port)
    const proxy = await startTcpProxy(port)
    stops.push(() => proxy.stop())
    watch = watching({ settings: clusterSettings([proxy.endpoint]) })
    await watch.through(await headRevision(cluster))
    proxy.refuse(true)
    proxy.cut()
    await cluster.restoreSnapshot(file)
    for (let i = 0; i < 10; i++) await putOne(cluster, i)
    proxy.refuse(false)
    await watch.end()
    expect(watch.items.at(-1)).toMatchObject({ kind: 'restored', reason: expect.stringMatching(/term is \d+, below/) })
  })

  it('with another cluster id it is another cluster, whatever its revision', async () => {
    cluster = await startEtcd({ version: '3.5' })
    await putOne(cluster, 1)
    watch = watching({ settings: clusterSettings(cluster.endpoints), clusterId: 'abc123' })
    expect(await watch.end()).toBeNull()
    expect(watch.events).toEqual([])
    expect(watch.items.at(-1)).toMatchObject({ kind: 'restored', reason: expect.stringMatching(/instead of abc123/) })
  })
})

describe('a slow consumer', () => {
  it('makes the member wait: what is buffered stays bounded, and nothing is lost', async () => {
    cluster = await startEtcd({ version: '3.5', args: ['--unsafe-no-fsync'] })
    const value = 'x'.repeat(100_000)
    const keys = 1_200
    const writer = await import('etcd3').then(({ Etcd3 }) => new Etcd3({ hosts: [...(cluster?.endpoints ?? [])] }))
    for (let i = 0; i < keys; i += 20) {
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          writer
            .put(`slow/${i + n}`)
            .value(value)
            .exec(),
        ),
      )
    }
    writer.close()
    const head = await headRevision(cluster)
    const proxy = await startTcpProxy(Number(new URL(cluster.endpoints[0] ?? '').port))
    stops.push(() => proxy.stop())
    let letGo: () => void = () => undefined
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    watch = watching({
      settings: clusterSettings([proxy.endpoint]),
      limits: { queueBytes: 2_000_000, reorderBytes: 4_000_000 },
      consume: (item) => (item.kind === 'events' ? held : Promise.resolve()),
    })
    await until('the first events', () => (watch?.events.length ?? 0) > 0)
    let settledAt = { bytes: proxy.bytesDown, sinceMs: Date.now() }
    await until('the member to stop sending', () => {
      if (proxy.bytesDown !== settledAt.bytes) settledAt = { bytes: proxy.bytesDown, sinceMs: Date.now() }
      return Date.now() - settledAt.sinceMs > 1_500
    })
    // 120 MB wait at the member. Passed the proxy: the queue, sixteen messages of 2 MiB, two windows of 8 MiB.
    expect(proxy.bytesDown).toBeLessThan(70_000_000)
    letGo()
    await watch.through(head)
    expect(watch.events).toHaveLength(keys)
    expect(watch.events.map((event) => event.modRevision)).toEqual(
      Array.from({ length: keys }, (_, i) => BigInt(i + 2)),
    )
  })
})

async function leaderOf(c: EtcdCluster) {
  for (const member of c.members) {
    const connection = connectMember(member.endpoint, clusterSettings(c.endpoints))
    try {
      const status = await connection.status()
      if (status.leaderId === status.header.memberId) return member
    } finally {
      connection.close()
    }
  }
  throw new Error('no member leads')
}

async function putThrough(c: EtcdCluster | null, endpoints: readonly string[]): Promise<boolean> {
  const answer = await c?.etcdctl(`--endpoints=${endpoints.join(',')}`, 'put', 'failover/key', 'x').catch(() => null)
  return typeof answer === 'string'
}
