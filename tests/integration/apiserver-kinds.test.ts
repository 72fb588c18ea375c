import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { watchKinds } from '../../lib/collector/apiserver/watchKinds'
import { systemClock } from '../../lib/core/clock'
import { kindNames } from '../../lib/query/kinds'
import type { ChangeRow } from '../../lib/store'
import { clusterUid, database, databases, definition, paths, pod, smallCluster } from '../support/apiCluster'
import { type ApiRecording, createApiRecording, kubeconfigFor, quickLimits } from '../support/apiRecording'
import { type FakeApiserver, startApiserver } from '../support/apiserver'
import type { ApiserverModel } from '../support/apiserverModel'
import { testClusterName } from '../support/collectorHarness'
import { allChanges, recordedCluster } from '../support/recordReading'
import { until } from '../support/until'

/** Which kinds are recorded, and what happens as they come, go, are refused or live elsewhere. */

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function begin(
  model: ApiserverModel,
  prepare: (server: FakeApiserver) => void = () => undefined,
): Promise<[FakeApiserver, ApiRecording]> {
  const server = await startApiserver(model)
  cleanups.push(() => server.stop())
  prepare(server)
  const recording = await createApiRecording(server.url)
  cleanups.push(() => recording.dispose())
  recording.start()
  await until('the watches to be open', () => server.openWatches.includes(paths.pods))
  return [server, recording]
}

async function record({ reader }: ApiRecording) {
  const cluster = await recordedCluster(reader, testClusterName)
  const epoch = cluster.epochs.at(-1)?.epoch ?? 1
  const rows = await allChanges(reader, cluster, epoch)
  expect((await reader.verify(cluster)).firstBad).toBeNull()
  return { cluster, rows }
}

const shown = ({ revision, op, key }: ChangeRow) => `${revision} ${op} ${Buffer.from(key)}`

async function told(recording: ApiRecording, resource: string, revision: bigint) {
  const { writer, cluster } = recording
  await until(`${resource} to be told through ${revision}`, async () => {
    const { epoch } = await writer.cursor(cluster)
    return ((await writer.resourceCursors(cluster, epoch)).get(resource) ?? -1n) >= revision
  })
}

describe.each([
  ['aggregated discovery', true],
  ['discovery group by group, as before 1.26', false],
])('%s', (_name, aggregated) => {
  it('a kind that is defined while this watches is recorded from its first list on, behind a gap', async () => {
    const model = smallCluster()
    const [server, recording] = await begin(model, (started) => {
      started.aggregated = aggregated
    })
    const { revision: born } = model.write(paths.definitions, 'ADDED', definition())
    model.serve(databases)
    model.write(paths.databases, 'ADDED', database('orders', 1))
    model.write(paths.databases, 'MODIFIED', database('orders', 2))
    server.tellThrough(model.head)
    await until('the new kind to be watched', () => server.openWatches.includes(paths.databases))
    const listedAt = model.head
    model.write(paths.databases, 'MODIFIED', database('orders', 3))
    model.write(paths.databases, 'ADDED', database('users', 1))
    server.tellThrough(model.head)
    server.bookmark()
    await told(recording, 'databases.db.acme.example', model.head)
    const { cluster, rows } = await record(recording)
    const own = rows.filter(({ resource }) => resource === 'databases.db.acme.example')
    expect(own.map(shown)).toEqual([
      `${listedAt} update /registry/db.acme.example/databases/shop/orders`,
      `${listedAt + 1n} update /registry/db.acme.example/databases/shop/orders`,
      `${listedAt + 2n} create /registry/db.acme.example/databases/shop/users`,
    ])
    expect(cluster.gaps.map(({ fromRevision, toRevision }) => [fromRevision, toRevision])).toEqual([
      [1n, 3n],
      [born + 1n, listedAt],
    ])
  })
})

it('a kind that went away while nobody watched ends in the record, behind a gap', async () => {
  const model = smallCluster()
  model.serve(databases)
  model.write(paths.databases, 'ADDED', database('orders', 1))
  const [server, recording] = await begin(model)
  server.bookmark()
  await told(recording, 'databases.db.acme.example', model.head)
  await recording.stop()
  const before = model.head
  model.write(paths.databases, 'DELETED', database('orders', 1))
  model.kinds.delete(paths.databases)
  model.write(paths.pods, 'ADDED', pod('new'))
  server.tellThrough(model.head)
  recording.start()
  await until('the watches to be open', () => server.openWatches.length === model.kinds.size)
  server.bookmark()
  await told(recording, 'pods', model.head)
  const { cluster, rows } = await record(recording)
  expect(rows.map(shown)).toContain(`${model.head} delete /registry/db.acme.example/databases/shop/orders`)
  expect(rows.map(shown)).toContain(`${model.head} create /registry/pods/shop/new`)
  expect(cluster.gaps.at(-1)).toMatchObject({ fromRevision: before + 1n, toRevision: model.head })
})

it('a kind whose version moves while this watches goes on, and nothing of it ends', async () => {
  const model = smallCluster()
  model.serve(databases)
  model.write(paths.databases, 'ADDED', database('orders', 1))
  const [server, recording] = await begin(model)
  await until('the kind to be watched', () => server.openWatches.includes(paths.databases))
  const moved = '/apis/db.acme.example/v2/databases'
  model.kinds.delete(paths.databases)
  model.serve({ ...databases, path: moved })
  for (const change of model.changes) if (change.path === paths.databases) Object.assign(change, { path: moved })
  server.cut()
  await until('the new version to be watched', () => server.openWatches.includes(moved))
  model.write(moved, 'MODIFIED', { ...database('orders', 2), apiVersion: 'db.acme.example/v2' })
  server.tellThrough(model.head)
  await recording.recorded(model.head)
  const { cluster, rows } = await record(recording)
  expect(rows.filter(({ resource }) => resource?.startsWith('databases')).map(shown)).toEqual([
    `${model.head - 1n} update /registry/db.acme.example/databases/shop/orders`,
    `${model.head} update /registry/db.acme.example/databases/shop/orders`,
  ])
  expect(cluster.gaps).toHaveLength(1)
})

it('what may not be read or lives in another etcd is named, and the rest is recorded', async () => {
  const model = smallCluster()
  model.serve({
    path: '/apis/metrics.acme.example/v1/readings',
    kind: 'Reading',
    namespaced: true,
    ownRevision: 7_777_777n,
  })
  const [server, recording] = await begin(model, (started) =>
    started.refuse({ status: 403, times: Number.POSITIVE_INFINITY, match: ({ path }) => path === paths.secrets }),
  )
  await until('four watches', () => server.openWatches.length === 4)
  expect(recording.view.view()?.error).toBe(
    'Not recorded: secrets (not permitted), readings.metrics.acme.example (kept in another store)',
  )
  model.write(paths.pods, 'ADDED', pod('new'))
  server.tellThrough(model.head)
  await recording.recorded(model.head)
  expect((await record(recording)).rows.map(shown)).toContain(`${model.head} create /registry/pods/shop/new`)
})

describe('another past', () => {
  it.each([
    ['another cluster answers', 'ffffffff-0000-4000-8000-000000000000', 9, 'cluster id changed'],
    ['the cluster was set back', clusterUid, 0, 'the newest revision fell'],
  ])('%s: a new epoch begins', async (_name, uid, pods, words) => {
    const model = smallCluster()
    for (let i = 0; i < 5; i++) model.write(paths.pods, 'ADDED', pod(`p${i}`))
    const [server, recording] = await begin(model)
    await recording.recorded(model.head)
    await recording.stop()
    const other = smallCluster(uid)
    for (let i = 0; i < pods; i++) other.write(paths.pods, 'ADDED', pod(`q${i}`))
    model.changes.splice(0, model.changes.length, ...other.changes)
    model.head = other.head
    server.tellThrough(other.head)
    recording.start()
    await until('a second epoch', async () => {
      const cluster = await recording.reader.cluster(testClusterName)
      return (cluster?.epochs.at(-1)?.storedRevision ?? 0n) === other.head && cluster?.epochs.length === 2
    })
    const { cluster } = await record(recording)
    expect(cluster.epochs.at(-1)?.reason).toContain(words)
  })
})

it('no part of a Secret reaches the database, nor the log', async () => {
  const canary = 'c4n4ry-7f1d'
  const model = smallCluster()
  const secret = (name: string, value: string, annotations: object = {}) => ({
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name, namespace: 'shop', annotations },
    data: {
      password: Buffer.from(value).toString('base64'),
      [`${name}.release`]: Buffer.from(`H4sI${value}`).toString('base64'),
    },
    type: 'helm.sh/release.v1',
  })
  const applied = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data: { password: canary } }) }
  model.write(paths.secrets, 'ADDED', secret('listed', `${canary}-1`, applied))
  model.write(paths.configmaps, 'ADDED', {
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'sh.helm.release.v1.web.v1', namespace: 'shop' },
    data: { release: `${canary}-2` },
  })
  const [server, recording] = await begin(model)
  model.write(paths.secrets, 'ADDED', secret('watched', `${canary}-3`, applied))
  model.write(paths.secrets, 'MODIFIED', secret('listed', `${canary}-4`, applied))
  model.write(paths.secrets, 'DELETED', secret('watched', `${canary}-3`, applied))
  server.tellThrough(model.head)
  await recording.recorded(model.head)
  const { rows } = await record(recording)
  const secrets = rows.filter(({ resource }) => resource === 'secrets')
  expect(secrets.map(({ op, fingerprint }) => [op, fingerprint !== null])).toEqual([
    ['update', true],
    ['create', true],
    ['update', true],
    ['delete', false],
  ])
  expect(secrets[2]?.summary).toContain('Secret entry listed.release replaced')
  await recording.stop()
  const file = recording.databaseUrl.slice('file:'.length)
  const bytes = Buffer.concat(
    await Promise.all([file, `${file}-wal`].map((path) => readFile(path).catch(() => Buffer.alloc(0)))),
  )
  expect(bytes.length).toBeGreaterThan(1_000)
  for (const form of [
    canary,
    Buffer.from(canary).toString('base64').slice(0, 12),
    Buffer.from(`H4sI${canary}`).toString('base64').slice(0, 12),
  ]) {
    expect(bytes.includes(form)).toBe(false)
    expect(recording.log.join('\n')).not.toContain(form)
  }
})

it('beside etcd as the record, discovery gives custom resources the name of their kind', async () => {
  const model = smallCluster()
  model.serve(databases)
  const server = await startApiserver(model)
  cleanups.push(() => server.stop())
  const recording = await createApiRecording(server.url)
  cleanups.push(() => recording.dispose())
  const { writer, reader } = recording
  const cluster = await writer.ensureCluster('through-etcd', 'etcd', false)
  const ownership = await writer.acquire(cluster, 'test', 3_600_000, Date.now())
  if (ownership === null) throw new Error('the fresh lease was refused')
  const abort = new AbortController()
  const watching = watchKinds({
    kubernetes: await kubeconfigFor(recording.folder, server.url),
    cluster,
    ownership: () => ownership,
    writer,
    clock: systemClock,
    signal: abort.signal,
    log: () => undefined,
    limits: { ...quickLimits, discoverEveryMs: 10 },
  })
  cleanups.push(async () => {
    abort.abort()
    await watching
  })
  await until('the kinds to be known', async () => (await reader.apiResources(cluster)).length === model.kinds.size)
  expect((await reader.apiResources(cluster)).slice(1, 3)).toEqual([
    {
      resource: 'customresourcedefinitions',
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      namespaced: false,
      shortNames: [],
    },
    {
      resource: 'databases.db.acme.example',
      apiVersion: 'db.acme.example/v1',
      kind: 'Database',
      namespaced: true,
      shortNames: [],
    },
  ])
  const row = await recordedCluster(reader, 'through-etcd')
  const names = await kindNames({ reader }, row)
  expect([...names]).toEqual([['databases.db.acme.example', 'Database']])
})
