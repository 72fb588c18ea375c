import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ClusterSettings } from '../../lib/config/settings'
import { ScopeError } from '../../lib/core/errors'
import {
  connectMember,
  findCompactRevision,
  linearizableRead,
  type MemberConnection,
  RevisionCompactedError,
  readKeyspace,
  scrapeMetrics,
} from '../../lib/etcd'
import type { EtcdVersion } from '../support/etcdBinaries'
import { headRevision } from '../support/etcdOracle'
import { type EtcdCluster, startEtcd } from '../support/etcdServer'
import { clientTls, clusterSettings } from '../support/etcdSettings'
import { watching } from '../support/etcdWatching'
import { freePorts } from '../support/freePorts'
import { until } from '../support/until'

const opened: { close(): void }[] = []
afterAll(() => {
  for (const connection of opened) connection.close()
})

function open(settings: ClusterSettings): MemberConnection {
  const connection = connectMember(settings.endpoints[0] ?? '', settings)
  opened.push(connection)
  return connection
}

async function failureOf(call: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error = await call.then(
    () => new Error('it worked'),
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(ScopeError)
  const { code, message } = error instanceof ScopeError ? error : { code: '', message: String(error) }
  return { code, message }
}

const portOf = (cluster: EtcdCluster) => new URL(cluster.endpoints[0] ?? '').port

describe.each<EtcdVersion>(['3.4', '3.5'])('reading from etcd %s', (version) => {
  let cluster: EtcdCluster
  let connection: MemberConnection

  beforeAll(async () => {
    cluster = await startEtcd({ version, members: 3 })
    connection = open(clusterSettings(cluster.endpoints))
  })
  afterAll(() => cluster?.stop())

  it('never compacted is 0, also on an empty store; afterwards it is the compacted revision', async () => {
    expect(await findCompactRevision(connection)).toBe(0n)
    for (let i = 0; i < 6; i++) await cluster.etcdctl('put', 'compact/key', String(i))
    expect(await findCompactRevision(connection)).toBe(0n)
    await cluster.etcdctl('compact', '4')
    await until('the compaction to be known', async () => (await findCompactRevision(connection)) === 4n)
  })

  it('Status says what etcdctl says', async () => {
    const answer = await cluster.etcdctl(`--endpoints=${connection.endpoint}`, 'endpoint', 'status', '-w', 'json')
    const [theirs] = JSON.parse(answer.replace(/:(\d{15,})/g, ':"$1"'))
    const ours = await connection.status()
    expect(ours.version).toBe(cluster.version)
    expect(ours.header.memberId).toBe(BigInt(theirs.Status.header.member_id).toString(16))
    expect(ours.header.clusterId).toBe(BigInt(theirs.Status.header.cluster_id).toString(16))
    expect(ours.leaderId).toBe(BigInt(theirs.Status.leader).toString(16))
    expect(ours.raftTerm).toBe(BigInt(theirs.Status.raftTerm))
    expect(ours.dbSizeBytes).toBe(theirs.Status.dbSize)
    expect(ours.dbSizeInUseBytes).toBeGreaterThan(0)
  })

  it('lists the members, and their hashes agree at one revision', async () => {
    const { members } = await connection.memberList()
    expect(members.map((member) => member.name).sort()).toEqual(['m1', 'm2', 'm3'])
    expect(members.flatMap((member) => member.clientUrls).sort()).toEqual([...cluster.endpoints].sort())
    const head = (await linearizableRead(connection)).revision
    const hashes = await Promise.all(
      cluster.endpoints.map(async (endpoint) => {
        const member = connectMember(endpoint, clusterSettings([endpoint]))
        opened.push(member)
        await linearizableRead(member)
        return await member.hashKv(head)
      }),
    )
    expect(new Set(hashes.map(({ hash, compactRevision }) => `${hash} ${compactRevision}`)).size).toBe(1)
    expect(hashes[0]?.hash).toBeGreaterThan(0)
    expect((await connection.alarms()).alarms).toEqual([])
  })

  it('reads the whole keyspace as it was at one revision, in pages, while it changes', async () => {
    for (let i = 0; i < 60; i++) await cluster.etcdctl('put', `pages/${String(i).padStart(2, '0')}`, 'x'.repeat(50_000))
    const revision = await headRevision(cluster)
    const keys: string[] = []
    let pages = 0
    for await (const page of readKeyspace(connection, { revision, pageBytes: 500_000 })) {
      pages++
      keys.push(...page.kvs.map((kv) => Buffer.from(kv.key).toString()))
      expect(page.kvs.every((kv) => kv.modRevision <= revision)).toBe(true)
      await cluster.etcdctl('put', 'pages/10', 'changed')
      await cluster.etcdctl('del', 'pages/50')
    }
    expect(pages).toBeGreaterThan(3)
    expect(keys.filter((key) => key.startsWith('pages/'))).toHaveLength(60)
    expect(keys).toEqual([...keys].sort())
  })

  it('a revision that is compacted while it is read is a typed failure', async () => {
    const revision = await headRevision(cluster)
    const reading = async () => {
      for await (const _ of readKeyspace(connection, { revision, pageBytes: 100_000 })) {
        await cluster.etcdctl('put', 'pages/compact', 'now')
        await cluster.etcdctl('compact', String(await headRevision(cluster))).catch(() => null)
      }
    }
    await expect(reading()).rejects.toBeInstanceOf(RevisionCompactedError)
  })

  it('scrapes the metrics', async () => {
    const wanted = new Set(['etcd_server_has_leader', 'etcd_disk_wal_fsync_duration_seconds'])
    const families = await scrapeMetrics(connection.endpoint, null, { wanted })
    expect(families.map((family) => [family.name, family.type])).toEqual([
      ['etcd_disk_wal_fsync_duration_seconds', 'histogram'],
      ['etcd_server_has_leader', 'gauge'],
    ])
    expect(families[1]?.series).toEqual([{ labels: {}, value: 1 }])
  })
})

describe('an endpoint that cannot be used is named with its cause', () => {
  it('nobody listens', async () => {
    const [port] = await freePorts(1)
    const endpoint = `http://127.0.0.1:${port}`
    const refused = { code: 'UNREACHABLE', message: `Connection refused at 127.0.0.1:${port}.` }
    expect(await failureOf(open(clusterSettings([endpoint])).status())).toEqual(refused)
    expect(await failureOf(scrapeMetrics(endpoint, null))).toEqual(refused)
  })

  it('the name does not exist', async () => {
    const { code, message } = await failureOf(open(clusterSettings(['http://no-such-host.invalid:2379'])).status())
    expect(code).toBe('UNREACHABLE')
    expect(message).toBe('The name of no-such-host.invalid:2379 cannot be resolved.')
  })

  it('somebody else listens and never answers', async () => {
    const { createServer } = await import('node:net')
    const server = createServer(() => undefined)
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        resolve(typeof address === 'object' && address ? address.port : 0)
      })
    })
    try {
      const call = open(clusterSettings([`http://127.0.0.1:${port}`])).status({ deadlineMs: 500 })
      expect(await failureOf(call)).toEqual({
        code: 'UNREACHABLE',
        message: `No answer from 127.0.0.1:${port} within 0.5 s.`,
      })
    } finally {
      server.close()
      connect(port, '127.0.0.1').on('error', () => undefined)
    }
  })

  it('a call given up by its signal ends at once', async () => {
    const { code } = await failureOf(
      open(clusterSettings(['http://127.0.0.1:1'])).status({ signal: AbortSignal.abort() }),
    )
    expect(code).toBe('UNREACHABLE')
  })
})

describe('TLS', () => {
  let cluster: EtcdCluster
  beforeAll(async () => {
    cluster = await startEtcd({ version: '3.5', tls: 'mutual' })
  })
  afterAll(() => cluster?.stop())

  it('reads, watches and scrapes with CA and client certificate', async () => {
    const tls = clientTls(cluster)
    const settings = clusterSettings(cluster.endpoints, { tls })
    expect((await open(settings).status()).version).toBe(cluster.version)
    expect((await scrapeMetrics(cluster.endpoints[0] ?? '', tls)).length).toBeGreaterThan(50)
    await cluster.etcdctl('put', 'tls/key', '1')
    const watch = watching({ settings })
    await watch.through(await headRevision(cluster))
    await watch.stop()
    expect(watch.events).toHaveLength(1)
  })

  it('checks the given server name instead of the address', async () => {
    const named = clusterSettings(cluster.endpoints, { tls: clientTls(cluster, { serverName: 'etcd.test' }) })
    expect((await open(named).status()).version).toBe(cluster.version)
    await expect(scrapeMetrics(cluster.endpoints[0] ?? '', named.tls)).resolves.toBeDefined()
  })

  it.each<[string, () => ClusterSettings, RegExp]>([
    [
      'a CA that did not sign it',
      () =>
        clusterSettings(cluster.endpoints, { tls: clientTls(cluster, { ca: cluster.certificates?.otherCa ?? null }) }),
      /^The certificate of 127\.0\.0\.1:\d+ is not signed by the given CA \(ETCDCTL_CACERT\)\.$/,
    ],
    [
      'no CA at all',
      () => clusterSettings(cluster.endpoints, { tls: clientTls(cluster, { ca: null }) }),
      /is not signed by the given CA/,
    ],
    [
      'no client certificate',
      () => clusterSettings(cluster.endpoints, { tls: clientTls(cluster, { cert: null, key: null }) }),
      /asks for one signed by its own CA \(ETCDCTL_CERT, ETCDCTL_KEY\)\.$/,
    ],
    [
      'another name in the certificate',
      () => clusterSettings(cluster.endpoints, { tls: clientTls(cluster, { serverName: 'other.test' }) }),
      /^The certificate of 127\.0\.0\.1:\d+ is for another name/,
    ],
    [
      'plain http to https',
      () => clusterSettings([`http://127.0.0.1:${portOf(cluster)}`]),
      /^127\.0\.0\.1:\d+ speaks https: write https:\/\/ before it in ETCDCTL_ENDPOINTS\.$/,
    ],
  ])('%s: calls, scrapes and the watch all say so', async (_, settingsOf, sentence) => {
    const settings = settingsOf()
    const failures = [
      await failureOf(open(settings).status()),
      await failureOf(scrapeMetrics(settings.endpoints[0] ?? '', settings.tls)),
    ]
    for (const { code, message } of failures) {
      expect(message).toMatch(sentence)
      expect(code).toBe('TLS')
    }
    const watch = watching({ settings })
    expect(await watch.end()).toMatchObject({ code: 'TLS', message: expect.stringMatching(sentence) })
  })

  it('https to plain http', async () => {
    const plain = await startEtcd({ version: '3.5' })
    try {
      const settings = clusterSettings([`https://127.0.0.1:${portOf(plain)}`], { tls: clientTls(cluster) })
      const { code, message } = await failureOf(open(settings).status())
      expect([code, message]).toEqual(['TLS', expect.stringMatching(/does not speak TLS: write http:\/\/ before it/)])
    } finally {
      await plain.stop()
    }
  })

  it('a certificate that is no PEM, or without its key, is a wrong setting', () => {
    for (const parts of [{ cert: Buffer.from('nonsense') }, { key: null }]) {
      const settings = clusterSettings(cluster.endpoints, { tls: clientTls(cluster, parts) })
      expect(() => open(settings)).toThrow(expect.objectContaining({ code: 'BAD_SETTING' }))
    }
  })
})

describe.each<EtcdVersion>(['3.4', '3.5'])('login at etcd %s', (version) => {
  let cluster: EtcdCluster
  const auth = { user: 'root', password: 'a right password' }
  beforeAll(async () => {
    cluster = await startEtcd({ version, auth: { password: auth.password }, args: ['--auth-token-ttl', '1'] })
    await cluster.etcdctl('user', 'add', 'reader:reads')
    await cluster.etcdctl('role', 'add', 'narrow')
    await cluster.etcdctl('role', 'grant-permission', 'narrow', 'read', 'a', 'b')
    await cluster.etcdctl('user', 'grant-role', 'reader', 'narrow')
  })
  afterAll(() => cluster?.stop())

  it('a token that has expired, or that the member forgot, is renewed without a word', async () => {
    const connection = open(clusterSettings(cluster.endpoints, { auth }))
    await linearizableRead(connection)
    await cluster.members[0]?.restart()
    await until('the member to answer', () =>
      linearizableRead(connection).then(
        () => true,
        () => false,
      ),
    )
    const startedMs = Date.now()
    await until('the token to expire', () => Date.now() - startedMs > 2_500)
    await linearizableRead(connection)
  })

  it('a catch-up that outlives its token goes on with a new one', async () => {
    for (let i = 0; i < 30; i++) await cluster.etcdctl('put', 'login/key', String(i))
    const head = await headRevision(cluster)
    let waited = false
    const watch = watching({
      settings: clusterSettings(cluster.endpoints, { auth }),
      limits: { segmentRevisions: 5n, staggerAboveRevisions: 10n, maxWatchers: 2, firstWatchers: 2, queueEvents: 5 },
      consume: async (item) => {
        if (waited || item.kind !== 'events') return
        waited = true
        const startedMs = Date.now()
        await until('the token to expire', () => Date.now() - startedMs > 2_500)
      },
    })
    await watch.through(head)
    await watch.stop()
    expect(watch.events.map((event) => event.modRevision)).toEqual(watch.events.map((_, i) => BigInt(i + 2)))
  })

  it.each<[string, { user: string; password: string } | null, string, RegExp]>([
    [
      'a wrong password',
      { user: 'root', password: 'wrong' },
      'UNAUTHENTICATED',
      /^The password of user root was refused by /,
    ],
    [
      'an unknown user',
      { user: 'nobody', password: 'x' },
      'UNAUTHENTICATED',
      /^The password of user nobody was refused by /,
    ],
    ['no user', null, 'UNAUTHENTICATED', /asks for a user: set ETCDCTL_USER and ETCDCTL_PASSWORD\.$/],
    [
      'a user who may read only part',
      { user: 'reader', password: 'reads' },
      'PERMISSION_DENIED',
      /^User reader may not read the whole key space of .*: grant a role with read on '' to '\\0'\.$/,
    ],
  ])('%s ends the watch with one sentence, free of the password', async (_, who, code, sentence) => {
    const watch = watching({ settings: clusterSettings(cluster.endpoints, who ? { auth: who } : {}) })
    const error = await watch.end()
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) })
    if (who) expect(String(error)).not.toContain(who.password === 'x' ? ' x ' : who.password)
  })

  it('a user for a cluster without login does no harm', async () => {
    const free = await startEtcd({ version })
    try {
      await linearizableRead(open(clusterSettings(free.endpoints, { auth })))
    } finally {
      await free.stop()
    }
  })
})

describe('alarms', () => {
  it('NOSPACE is told with the member that raised it', async () => {
    const cluster = await startEtcd({ version: '3.5', args: ['--quota-backend-bytes', '4000000'] })
    try {
      const connection = open(clusterSettings(cluster.endpoints))
      const value = 'x'.repeat(100_000)
      await until('the quota to be exceeded', () =>
        cluster.etcdctl('put', 'full/key', value).then(
          () => false,
          () => true,
        ),
      )
      const alarms = await until('the alarm', async () => {
        const raised = (await connection.alarms()).alarms
        return raised.length > 0 && raised
      })
      const { header } = await connection.status()
      expect(alarms).toEqual([{ memberId: header.memberId, type: 'NOSPACE' }])
    } finally {
      await cluster.stop()
    }
  })
})
