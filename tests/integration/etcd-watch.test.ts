import { Etcd3 } from 'etcd3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectMember } from '../../lib/etcd'
import { type EtcdVersion, etcdBinary } from '../support/etcdBinaries'
import { headRevision, type WitnessEvent, witnessEvents } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { clusterSettings } from '../support/etcdSettings'
import { asWitnessed, firstDifference, watching } from '../support/etcdWatching'
import { writeSeededLoad } from '../support/seededLoad'
import { seededRandom } from '../support/seededRandom'
import { startTcpProxy } from '../support/tcpProxy'
import { until } from '../support/until'

const seed = 4711
/** Small stretches, so that a short history already takes many watchers and etcd sends beyond each stretch. */
const small = {
  segmentRevisions: 150n,
  staggerAboveRevisions: 300n,
  relapseRevisions: 2_000n,
  firstWatchers: 3,
  maxWatchers: 6,
}

describe.each<EtcdVersion>(['3.4', '3.5'])(`a watch of etcd %s (seed ${seed})`, (version) => {
  let cluster: EtcdCluster
  let witnessed: WitnessEvent[]
  let head: bigint

  beforeAll(async () => {
    cluster = await startEtcd({ version })
    await writeSeededLoad(cluster.endpoints, { seed, operations: 600, leases: false })
    await writeLargeValues(cluster.endpoints)
    // More than one batch apart: etcd takes quadratic time to cut a batch that is both large and has many events.
    await writeSeededLoad(cluster.endpoints, { seed: seed + 1, operations: 1_400, leases: false })
    await writeManyAtOnce(cluster.endpoints)
    await leasesToExpire(cluster)
    head = await headRevision(cluster)
    witnessed = await witnessEvents(cluster, (await etcdBinary(version)).etcdctl, 1n, head)
  })
  afterAll(() => cluster?.stop())

  it('the history holds what is hard: large values, 10,000 deletes in one revision, keys beyond UTF-8', () => {
    const perRevision = new Map<bigint, number>()
    for (const event of witnessed) perRevision.set(event.revision, (perRevision.get(event.revision) ?? 0) + 1)
    expect(Math.max(...perRevision.values())).toBe(10_000)
    expect(Math.max(...witnessed.map((event) => event.value.length))).toBeGreaterThan(2_000_000)
    expect(witnessed.some((event) => event.type === 'put' && event.value === '')).toBe(true)
    expect(witnessed.some((event) => event.leaseId > 2n ** 53n)).toBe(true)
  })

  it.each([
    ['one row of full stretches', {}],
    ['many small stretches', small],
    ['hardly any room to reorder', { ...small, reorderBytes: 200_000 }],
    ['one watcher', { ...small, maxWatchers: 1, firstWatchers: 1 }],
  ])('catching up tells exactly what etcd’s own client witnesses: %s', async (_, limits) => {
    const watch = watching({ settings: clusterSettings(cluster.endpoints), limits })
    await watch.through(head)
    await watch.stop()
    expect(firstDifference(asWitnessed(watch.events).slice(0, witnessed.length), witnessed)).toBeNull()
    const caughtUp = watch.items.filter((item) => item.kind === 'events' && item.through <= head)
    expect(caughtUp.every((item) => item.kind === 'events' && item.catchingUp)).toBe(true)
  })

  it('a catch-up whose connections are cut again and again loses nothing and repeats nothing', async () => {
    const random = seededRandom(seed)
    const proxy = await startTcpProxy(Number(new URL(cluster.endpoints[0] ?? '').port))
    try {
      const watch = watching({
        settings: clusterSettings([proxy.endpoint]),
        limits: small,
        consume: async (item) => {
          if (item.kind === 'connection' && item.state === 'open' && proxy.accepted < 12) {
            proxy.cutAfter(proxy.bytesDown + Math.floor(random() * 250_000))
          }
        },
      })
      await watch.through(head)
      await watch.stop()
      expect(watch.items.filter((item) => item.kind === 'connection' && item.state === 'lost').length).toBeGreaterThan(
        3,
      )
      expect(firstDifference(asWitnessed(watch.events).slice(0, witnessed.length), witnessed)).toBeNull()
    } finally {
      await proxy.stop()
    }
  })

  it('negative control: a client that resumes from the header, cut once while catching up, loses events', async () => {
    const proxy = await startTcpProxy(Number(new URL(cluster.endpoints[0] ?? '').port))
    try {
      const told = await watchLikeTheStockClient(proxy.endpoint, head, () => proxy.cut())
      expect(told).toBeLessThan(witnessed.length - 1_000)
    } finally {
      await proxy.stop()
    }
  })

  it('live events over cut connections: nothing lost, nothing twice, and seen live where it was connected', async () => {
    const from = await headRevision(cluster)
    const proxy = await startTcpProxy(Number(new URL(cluster.endpoints[0] ?? '').port))
    const watch = watching({ settings: clusterSettings([proxy.endpoint]), after: from, limits: small })
    try {
      await until('the watch to be open', () => isOpen(watch.items))
      let cutting = true
      const writing = (async () => {
        for (let part = 2; cutting; part++) {
          await writeSeededLoad(cluster.endpoints, {
            seed: seed + part,
            operations: 100,
            prefix: 'live/',
            leases: false,
          })
        }
      })()
      for (let cuts = 1; cuts <= 6; cuts++) {
        const seen = watch.events.length
        await until('more live events', () => watch.events.length > seen + 40)
        proxy.cut()
      }
      cutting = false
      await writing
      const end = await headRevision(cluster)
      await watch.through(end)
      const expected = await witnessEvents(cluster, (await etcdBinary(version)).etcdctl, from + 1n, end)
      expect(
        firstDifference(
          asWitnessed(watch.events).filter((event) => event.revision <= end),
          expected,
        ),
      ).toBeNull()
      expect(watch.items.some((item) => item.kind === 'events' && !item.catchingUp)).toBe(true)
    } finally {
      await watch.stop()
      await proxy.stop()
    }
  })

  it('a member that falls silent is left when the others are ahead', async () => {
    const port = Number(new URL(cluster.endpoints[0] ?? '').port)
    const [silent, good] = [await startTcpProxy(port), await startTcpProxy(port)]
    const from = await headRevision(cluster)
    let others: bigint | null = from
    const watch = watching({
      settings: clusterSettings([silent.endpoint, good.endpoint]),
      after: from,
      headRevision: () => others,
      limits: { stallMs: 300 },
    })
    try {
      await until('the watch to be open', () => isOpen(watch.items))
      silent.stall(true)
      await cluster.etcdctl('put', 'after/stall', '1')
      others = from + 1n
      await watch.through(from + 1n, 20_000)
      const lost = await watch
        .item('connection')
        .then(() => watch.items.find((i) => i.kind === 'connection' && i.state === 'lost'))
      expect(lost?.kind === 'connection' ? lost.error?.message : '').toMatch(/stands still at revision/)
    } finally {
      await watch.stop()
      await silent.stop()
      await good.stop()
    }
  })

  it('compaction while it was away ends the watch with the revision that is gone', async () => {
    const from = await headRevision(cluster)
    const proxy = await startTcpProxy(Number(new URL(cluster.endpoints[0] ?? '').port))
    const watch = watching({ settings: clusterSettings([proxy.endpoint]), after: from })
    try {
      await until('the watch to be open', () => isOpen(watch.items))
      await cluster.etcdctl('put', 'compaction/seen', '1')
      await watch.through(from + 1n)
      proxy.refuse(true)
      proxy.cut()
      for (let i = 0; i < 5; i++) await cluster.etcdctl('put', 'compaction/unseen', String(i))
      await cluster.etcdctl('compact', String(from + 5n))
      proxy.refuse(false)
      expect(await watch.end()).toBeNull()
      expect(watch.items.at(-1)).toEqual({ kind: 'compacted', compactRevision: from + 5n })
      expect(watch.events.map((event) => event.modRevision)).toEqual([from + 1n])
    } finally {
      await watch.stop()
      await proxy.stop()
    }
  })
})

function isOpen(items: readonly { kind: string; state?: string }[]): boolean {
  return items.some((item) => item.kind === 'connection' && item.state === 'open')
}

/** What a load of small random operations would rarely hit. */
async function writeLargeValues(endpoints: readonly string[]): Promise<void> {
  const client = new Etcd3({ hosts: [...endpoints] })
  try {
    const large = Buffer.alloc(1_572_000, 7)
    for (let i = 0; i < 12; i++)
      await client
        .put(`extreme/large/${i % 3}`)
        .value(large)
        .exec()
    await client
      .put(Buffer.from([0xff, 0xff, 0x00, 0x80]))
      .value(Buffer.alloc(0))
      .exec()
  } finally {
    client.close()
  }
}

/** One revision of 10,000 events, and keys that a lease takes with it. */
async function writeManyAtOnce(endpoints: readonly string[]): Promise<void> {
  const client = new Etcd3({ hosts: [...endpoints] })
  try {
    for (let block = 0; block < 10_000; block += 100) {
      const puts = Array.from({ length: 100 }, (_, i) => client.put(`extreme/many/${block + i}`).value('x'))
      await client
        .if('never/there', 'Create', '==', 0)
        .then(...puts)
        .commit()
    }
    await client.delete().prefix('extreme/many/').exec()
    const lease = client.lease(5, { autoKeepAlive: false })
    for (let i = 0; i < 30; i++) await lease.put(`extreme/leased/${i}`).value('short-lived').exec()
  } finally {
    client.close()
  }
}

async function leasesToExpire(cluster: EtcdCluster): Promise<void> {
  await until('the leases of the load to expire', async () => {
    const leases = JSON.parse(await cluster.etcdctl('lease', 'list', '-w', 'json')) as { leases?: unknown[] }
    return (leases.leases ?? []).length === 0
  })
}

/** Models the stock library's watcher: after each response it would resume behind the response's header. */
async function watchLikeTheStockClient(endpoint: string, until: bigint, cut: () => void): Promise<number> {
  const connection = connectMember(endpoint, clusterSettings([endpoint]))
  const whole = { key: new Uint8Array(1), rangeEnd: new Uint8Array(1), progressNotify: false, fragment: false }
  let told = 0
  let next = 1n
  try {
    for (let first = true; next <= until; first = false) {
      await new Promise<void>((resolve, reject) => {
        // What this machine had buffered already is dropped with the connection, as a network would have dropped it.
        let isCut = false
        const opening = connection.openWatch({
          onResponse: (response) => {
            if (response.events.length === 0 || isCut) return
            told += response.events.length
            next = response.header.revision + 1n
            isCut = first
            if (first) cut()
            else if (next > until) resolve()
          },
          onEnd: () => resolve(),
        })
        opening.then((stream) => {
          stream.send({ create: { ...whole, startRevision: next, watchId: 1n } })
        }, reject)
      })
    }
    return told
  } finally {
    connection.close()
  }
}
