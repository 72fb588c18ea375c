import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { provideServing } from '../../../lib/query/serving'
import type { ChangeInput, RecordReader } from '../../../lib/store'
import { fakeOperator, noChannels } from '../../support/fakeOperator'
import { openTemporaryStore, put, scenario, startMs } from './recordedStore'
import { ask } from './routes'

/** Compare and export from a real database to the bytes of the answer. */

const canary = 'c4n4ry-s3cr3t'
const undo: (() => Promise<void> | void)[] = []
let reads = 0

const object = (kind: string, name: string, more: object = {}, metadata: object = {}) =>
  JSON.stringify({
    kind,
    apiVersion: 'v1',
    metadata: {
      name,
      namespace: 'shop',
      uid: '6c5f2e0a-0000-4000-8000-000000000001',
      generation: 4,
      creationTimestamp: '2026-01-01T00:00:00Z',
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: {} }],
      ...metadata,
    },
    ...more,
    status: { observed: true },
  })
const placed = (resource: string, name: string) => ({ resource, namespace: 'shop', name })
const many = 1_300

const changes: readonly ChangeInput[] = [
  ...scenario,
  put(
    13,
    '/registry/services/specs/shop/web',
    object('Service', 'web', { spec: { clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7'], ports: [{ port: 80 }] } }),
    placed('services', 'web'),
  ),
  put(
    14,
    '/registry/services/specs/shop/headless',
    object('Service', 'headless', { spec: { clusterIP: 'None', clusterIPs: ['None'] } }),
    placed('services', 'headless'),
  ),
  put(
    15,
    '/registry/configmaps/shop/settings',
    object(
      'ConfigMap',
      'settings',
      { data: { mode: 'on', version: '1.10' } },
      {
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', team: 'shop' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'App', name: 'shop\nkind: Evil', uid: 'u-1' }],
      },
    ),
    placed('configmaps', 'settings'),
  ),
  // A Secret that redaction missed (older recorder, unknown prefix) must not become a document either.
  put(16, '/other/secret', object('Secret', 'stray', { data: { password: canary } })),
  ...Array.from({ length: many }, (_, n) => put(17, `bulk/${String(n).padStart(5, '0')}`, `v${n}`, { ordinal: n })),
  put(18, '/registry/configmaps/shop/settings', object('ConfigMap', 'settings', { data: { mode: 'off' } }), {
    ...placed('configmaps', 'settings'),
    op: 'update',
    version: 2n,
    createRevision: 15n,
  }),
  put(19, '/registry/configmaps/shop/settings', object('ConfigMap', 'settings', { data: { mode: 'auto' } }), {
    ...placed('configmaps', 'settings'),
    op: 'update',
    version: 3n,
    createRevision: 15n,
    summary: 'mode off → auto',
  }),
]

beforeAll(async () => {
  const store = await openTemporaryStore()
  const prod = await store.writer.ensureCluster('prod', 'etcd', false)
  const ownership = await store.writer.acquire(prod, 'test', 600_000, Date.now())
  if (!ownership) throw new Error('the lease of a new cluster was refused')
  await store.writer.append({ cluster: prod, epoch: 1, ownership, changes, through: 19n })
  const counted: RecordReader = {
    ...store.reader,
    valueAt: (...input) => {
      reads += 1
      return store.reader.valueAt(...input)
    },
  }
  const withdraw = provideServing({
    notify: noChannels,
    operator: fakeOperator(),
    reader: counted,
    version: '9.8.7',
    startedAtMs: Date.now(),
    settings: {
      databaseUrl: 'file:record.db',
      clusters: [{ name: 'prod', endpoints: ['http://10.0.0.1:2379'] }],
      insecure: false,
    },
  })
  undo.push(withdraw, store.close)
})
afterAll(async () => {
  for (const step of undo) await step()
})

const lineShape = z.looseObject({ key: z.string().optional(), keyBase64: z.string().optional() })
async function linesOf(query: Record<string, string>) {
  const response = await ask('export', { format: 'ndjson', ...query })
  expect(response.status).toBe(200)
  const text = await response.text()
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => lineShape.parse(JSON.parse(line)))
}
async function yamlOf(query: Record<string, string> = {}) {
  const response = await ask('export', query)
  const text = await response.text()
  expect(response.status, text).toBe(200)
  const documents = parseAllDocuments(text)
  if (!Array.isArray(documents)) throw new Error('the stream holds nothing')
  for (const document of documents) expect(document.errors).toEqual([])
  const objects = documents.map((document) => document.toJS()).filter((found) => found !== null)
  return { text, objects, response }
}

describe('an NDJSON export', () => {
  it('says of every key what the value endpoint says', async () => {
    const lines = await linesOf({ at: '16' })
    expect(lines).toHaveLength(12)
    for (const line of lines) {
      const query = line.key === undefined ? { keyBase64: line.keyBase64 ?? '' } : { key: line.key }
      const value = z.record(z.string(), z.unknown()).parse(await (await ask('value', { ...query, at: '16' })).json())
      expect(value).toMatchObject(line)
      expect(Object.keys(line).filter((name) => ['object', 'text', 'base64', 'redacted'].includes(name))).toHaveLength(
        1,
      )
    }
  })
  it('holds every key once, in key order, over many pages', async () => {
    const lines = await linesOf({ prefix: 'bulk/' })
    expect(lines.map((line) => line.key)).toEqual(
      Array.from({ length: many }, (_, n) => `bulk/${String(n).padStart(5, '0')}`),
    )
  })
  it('reads no further than the client takes it, and stops when the client goes', async () => {
    const before = reads
    const body = (await ask('export', { prefix: 'bulk/', format: 'ndjson' })).body?.getReader()
    await body?.read()
    await body?.cancel()
    expect(reads - before).toBeGreaterThan(0)
    expect(reads - before).toBeLessThan(many)
  })
  it('of one key at a moment is its one line', async () => {
    expect(await linesOf({ key: 'app/flags', at: '5' })).toMatchObject([
      { key: 'app/flags', modRevision: '2', text: '{"a":1,"list":[1,2]}' },
    ])
  })
})

describe('a YAML export', () => {
  it('is objects for kubectl apply, without what the server keeps', async () => {
    const { objects, text, response } = await yamlOf({ prefix: '/registry/', at: '16' })
    expect(objects.map((one) => `${one.kind}/${one.metadata.name}`)).toEqual([
      'ConfigMap/settings',
      'Pod/web-1',
      'Service/headless',
      'Service/web',
    ])
    for (const one of objects) {
      expect(one).not.toHaveProperty('status')
      expect(Object.keys(one.metadata).sort()).toEqual(
        one.kind === 'ConfigMap' ? ['annotations', 'name', 'namespace'] : ['name', 'namespace'],
      )
    }
    const [settings, , headless, web] = objects
    expect(settings.metadata.annotations).toEqual({ team: 'shop' })
    expect(settings.data).toEqual({ mode: 'on', version: '1.10' })
    expect(web.spec).toEqual({ ports: [{ port: 80 }] })
    expect(headless.spec.clusterIP).toBe('None')
    expect(text).toContain('# owned by App shop kind: Evil (uid u-1): the reference is left out\n')
    expect(text).toMatch(/^# etcdscope 9\.8\.7 .*\n# cluster prod, epoch 1, revision 16\n# time 2\d{3}-/)
    expect(text).toContain(`# time ${new Date(startMs + 16_000).toISOString()}\n`)
    expect(text).toMatch(/# end: objects 4, redacted values withheld 1, other keys 1\n$/)
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="prod-registry-r16.yaml"')
    expect(response.headers.get('content-type')).toBe('application/yaml; charset=utf-8')
  })
  it('names a Secret in a comment, and never in a document', async () => {
    const { objects, text } = await yamlOf({ at: '16' })
    const fingerprint = Buffer.from('fingerprint-two!').toString('hex')
    expect(text).toContain(`# Secret shop/db, revision 8, fingerprint ${fingerprint}: its data is not in the record`)
    expect(text).toContain('# Secret "/other/secret"')
    expect(objects.some((one) => one.kind === 'Secret')).toBe(false)
    expect(text).not.toContain(canary)
  })
  it('tells of keys that are no objects in comments that no key can end', async () => {
    const { text } = await yamlOf({ prefix: 'app/', at: '12' })
    expect(text).toContain('# "app/x", revision 11: not a Kubernetes object, use ndjson\n')
    expect(text).toMatch(/# end: objects 0, redacted values withheld 0, other keys 4\n$/)
  })
})

describe('an export that cannot be', () => {
  it.each<[Record<string, string>, number, string]>([
    [{ at: '99' }, 409, 'NOT_COVERED'],
    [{ key: 'app/none' }, 404, 'NOT_FOUND'],
    [{ key: 'app/name' }, 404, 'NOT_FOUND'],
    [{ key: 'app/x', prefix: 'app/' }, 400, 'BAD_REQUEST'],
    [{ format: 'xml' }, 400, 'BAD_REQUEST'],
  ])('%j is a problem and not an empty file', async (query, status, code) => {
    const response = await ask('export', query)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
  })
})

describe('compare', () => {
  const compared = async (query: Record<string, string>) => {
    const response = await ask('compare', query)
    expect(response.status).toBe(200)
    return z
      .looseObject({ items: z.array(z.looseObject({})), nextCursor: z.string().nullable() })
      .parse(await response.json())
  }
  it('gives one change its own words, and several the net of them', async () => {
    const key = { key: '/registry/configmaps/shop/settings', op: 'update', resource: 'configmaps', name: 'settings' }
    expect((await compared({ from: '18' })).items).toMatchObject([
      { ...key, fromRevision: '18', toRevision: '19', summary: 'mode off → auto' },
    ])
    expect((await compared({ from: '17' })).items).toMatchObject([
      { ...key, fromRevision: '15', toRevision: '19', summary: expect.stringContaining('mode on → auto') },
    ])
    expect((await compared({ from: '19', to: '17' })).items).toMatchObject([
      { ...key, fromRevision: '19', toRevision: '15', summary: expect.stringContaining('mode auto → on') },
    ])
  })
  it('says what was created and deleted, and that a Secret changed without saying to what', async () => {
    const { items } = await compared({ from: '6', to: '12' })
    expect(items.map((item) => `${item.op} ${item.key}: ${item.summary}`)).toEqual([
      'create /registry/leases/kube-system/l: created, 2 B',
      'update /registry/pods/shop/web-1: image app: 1 → 2',
      // The first half of the scenario's fingerprints, which covers the content, is the same.
      'update /registry/secrets/shop/db: same Secret content, only labels or other metadata changed',
      'update app/flags: a 1 → 2',
      'delete app/name: deleted',
      'create app/x: created, 1 B',
      'create app/y: created, 1 B',
    ])
    expect(items.map((item) => item.significance)[0]).toBe('heartbeat')
    expect(items[4]).toMatchObject({ fromRevision: '1', toRevision: '9' })
    expect(items[5]).toMatchObject({ fromRevision: null, toRevision: '11' })
  })
  it('page by page is the whole, at the moments of the first page', async () => {
    const whole = (await compared({ from: '1', to: '17', limit: '1000' })).items.map(
      (item) => item.key ?? item.keyBase64,
    )
    const seen: unknown[] = []
    for (let cursor: string | null = null; ; ) {
      const page: { items: { [name: string]: unknown }[]; nextCursor: string | null } = await compared({
        from: '1',
        to: '17',
        limit: '170',
        ...(cursor === null ? {} : { cursor }),
      })
      seen.push(...page.items.map((item) => item.key ?? item.keyBase64))
      cursor = page.nextCursor
      if (cursor === null) break
    }
    expect(seen).toHaveLength(many + 13)
    expect(seen.slice(0, whole.length)).toEqual(whole)
    expect(new Set(seen).size).toBe(seen.length)
  })
  it('of a moment that is not recorded names which of the two and the nearest', async () => {
    for (const [query, parameter] of [
      [{ from: '99' }, 'from'],
      [{ from: '3', to: '99' }, 'to'],
    ] as const) {
      const response = await ask('compare', query)
      expect(response.status).toBe(409)
      expect(await response.json()).toMatchObject({ code: 'NOT_COVERED', parameter, nearest: { toRevision: '19' } })
    }
  })
})
