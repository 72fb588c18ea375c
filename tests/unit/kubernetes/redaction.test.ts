import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parseJsonPath } from '../../../lib/core/jsonPath'
import { createDescriber, type Described } from '../../../lib/kubernetes'
import { decodeObject } from '../../../lib/kubernetes/decodeObject'
import { readFingerprint } from '../../../lib/kubernetes/fingerprint'
import { readRecordedHistory } from '../../support/recordedHistory'
import { bytesOf, seededRandom } from '../../support/seededRandom'

const fingerprintKey = Buffer.from('a key of this installation')
const canary = 'hunter2-canary'
const base64 = Buffer.from(canary).toString('base64')

function put(
  key: string,
  value: Buffer | string,
  previous: Described | null = null,
  secretKey = fingerprintKey,
): Described {
  return createDescriber({ prefixes: ['/tenant'], fingerprintKey: secretKey }).describe({
    op: 'put',
    key: Buffer.from(key),
    value: Buffer.from(value),
    created: previous === null,
    leaseId: 0n,
    previous: previous?.value ?? null,
    previousFingerprint: previous?.fingerprint ?? null,
  })
}

function secret(labels: Record<string, string>, data: Record<string, string>): string {
  const lastApplied = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: { p: canary } }),
  }
  return JSON.stringify({
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: { name: 'db', labels, annotations: lastApplied },
    data,
  })
}

/** Everything that could leave: strings at any depth, bytes in every rendering. */
function everything(described: Described): string {
  const bytes = [described.value, described.fingerprint].map((b) =>
    b === null ? '' : ['latin1', 'utf8', 'hex', 'base64'].map((form) => Buffer.from(b).toString(form as 'hex')).join(),
  )
  return inspect(described, { depth: null, maxArrayLength: null }) + bytes.join()
}

describe('values of Secrets never leave the describer', () => {
  it.each([
    ['/registry/secrets/shop/db', secret({}, { password: base64 })],
    ['/tenant/secrets/shop/db', secret({}, { password: base64 })],
    ['/kubernetes.io/secrets/shop/db', secret({}, { password: base64 })],
    ['/registry/secrets/shop/db', canary],
    ['/registry/secrets/shop/db', Buffer.concat([Buffer.from([0, 255]), Buffer.from(canary)])],
    ['/registry/secrets/shop/db\n', canary],
    ['/unknown-prefix/secrets/shop/db', secret({}, { password: base64 })],
  ])('%s', (key, value) => {
    const described = put(key, value)
    expect(described).toMatchObject({ value: null, op: 'create', significance: 'spec' })
    expect(described.fingerprint?.length).toBeGreaterThanOrEqual(16)
    expect(everything(described)).not.toContain(canary)
    expect(everything(described)).not.toContain(base64)
    expect(everything(described)).not.toContain(Buffer.from(canary).toString('hex'))
    expect(described.summary).toMatch(/^value redacted, \d.* B, created$/)
  })

  it('no entry of any recorded Secret shows in its description', () => {
    const describer = createDescriber({ prefixes: [], fingerprintKey })
    let entries = 0
    for (const { op, key, value, version } of readRecordedHistory()) {
      if (op !== 'put' || !key.toString().startsWith('/registry/secrets/')) continue
      const shown = everything(
        describer.describe({
          op,
          key,
          value,
          created: version === 1n,
          leaseId: 0n,
          previous: null,
          previousFingerprint: null,
        }),
      )
      const data = (decodeObject(value).object?.data ?? {}) as Record<string, string>
      // Shorter ones (a user called like the shop) occur in names too.
      for (const text of Object.values(data).filter((t) => t.length >= 16)) {
        entries++
        expect(shown).not.toContain(text)
        expect(shown).not.toContain(Buffer.from(text, 'base64').toString('latin1'))
      }
    }
    expect(entries).toBeGreaterThan(30)
  })

  it('a deleted Secret leaves nothing', () => {
    const described = createDescriber({ prefixes: [], fingerprintKey }).describe({
      op: 'delete',
      key: Buffer.from('/registry/secrets/shop/db'),
      value: Buffer.alloc(0),
      created: false,
      leaseId: 0n,
      previous: Buffer.from(secret({}, { password: base64 })),
      previousFingerprint: null,
    })
    expect(described).toMatchObject({ op: 'delete', value: null, fingerprint: null, significance: 'spec' })
    expect(everything(described)).not.toContain(canary)
  })
})

describe('fingerprints', () => {
  const key = '/registry/secrets/shop/db'
  const first = put(key, secret({}, { password: base64 }))

  it.each<[string, string, string, string]>([
    ['the same value', secret({}, { password: base64 }), 'none', 'rewritten without a change'],
    ['another label', secret({ tier: 'a' }, { password: base64 }), 'metadata', 'same content, only labels'],
    ['another entry', secret({}, { password: base64, more: 'eA==' }), 'spec', 'Secret entry more added'],
    ['another value', secret({}, { password: 'eA==' }), 'spec', 'Secret entry password replaced'],
  ])('%s', (_name, value, significance, words) => {
    expect(put(key, value, first)).toMatchObject({
      op: 'update',
      significance,
      summary: expect.stringContaining(words),
    })
  })

  it('equal content has an equal first half wherever it is, and another key another fingerprint', () => {
    const half = (d: Described) =>
      Buffer.from(d.fingerprint ?? [])
        .toString('hex')
        .slice(0, 16)
    const elsewhere = put('/registry/secrets/staging/copy', secret({ a: 'b' }, { password: base64 }))
    expect(half(elsewhere)).toBe(half(first))
    expect(half(put(key, secret({}, { password: base64 }), null, Buffer.from('another key')))).not.toBe(half(first))
  })
})

describe('entries of a Secret', () => {
  const key = '/registry/secrets/shop/db'
  const entriesOf = (d: Described) => readFingerprint(d.fingerprint ?? new Uint8Array()).entries
  const hex = (d: Described, name: string) =>
    Buffer.from(entriesOf(d)?.find((entry) => entry.name === name)?.fingerprint ?? []).toString('hex')
  const encoded = (text: string) => Buffer.from(text).toString('base64')
  const first = put(key, secret({}, { user: encoded('shop'), password: base64, empty: '' }))

  it('are kept by name with their length', () => {
    expect(entriesOf(first)).toMatchObject([
      { name: 'empty', valueBytes: 0 },
      { name: 'password', valueBytes: canary.length },
      { name: 'user', valueBytes: 4 },
    ])
  })
  it('with equal values have equal fingerprints, in whichever Secret and form they stand', () => {
    const other = put('/registry/secrets/shop/copy', secret({}, { pass: base64, user: encoded('shop2') }))
    expect(hex(other, 'pass')).toBe(hex(first, 'password'))
    expect(hex(other, 'user')).not.toBe(hex(first, 'user'))
    const text = put(key, JSON.stringify({ kind: 'Secret', apiVersion: 'v1', metadata: {}, stringData: { p: canary } }))
    expect(hex(text, 'p')).toBe(hex(first, 'password'))
    expect(everything(text)).not.toContain(canary)
    const elsewhere = put(key, secret({}, { pass: base64 }), null, Buffer.from('another key'))
    expect(hex(elsewhere, 'pass')).not.toBe(hex(first, 'password'))
  })
  it.each<[Record<string, string>, string]>([
    [{ user: encoded('other'), password: base64, empty: '' }, 'Secret entry user replaced'],
    [{ user: encoded('shop'), password: base64 }, 'Secret entry empty removed'],
    [
      { 'tls.crt': 'eA==', user: encoded('x'), empty: '' },
      'Secret entry tls.crt added, entry user replaced, entry password removed',
    ],
  ])('that differ are named: %j', (data, summary) => {
    const described = put(key, secret({}, data), first)
    expect(described).toMatchObject({ summary, significance: 'spec' })
    expect(everything(described)).not.toContain(base64)
  })
  it('are compared with none when the record before holds the fingerprint of the whole only', () => {
    const old = { ...first, fingerprint: first.fingerprint?.subarray(0, 16) ?? null }
    const same = secret({}, { user: encoded('shop'), password: base64, empty: '' })
    expect(put(key, same, old)).toMatchObject({ significance: 'none' })
    expect(put(key, secret({}, {}), old).summary).toMatch(/^value redacted, .*, changed$/)
    expect(readFingerprint(old.fingerprint ?? new Uint8Array())).toMatchObject({ entries: null })
  })
  it.each<[string, Record<string, string | number>]>([
    ['too many', Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, 'eA==']))],
    ['too long in all', Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}`.padEnd(200, 'k'), 'eA==']))],
    ['not named as entries are', { [`${canary} x`]: 'eA==' }],
    ['no texts', { a: 1 }],
  ])('that are %s are left out', (_why, data) => {
    const described = put(key, JSON.stringify({ kind: 'Secret', apiVersion: 'v1', metadata: {}, data }))
    expect(described.fingerprint).toHaveLength(16)
    expect(everything(described)).not.toContain(canary)
  })
  it('read back whole or not at all, whatever the bytes', () => {
    const stored = first.fingerprint ?? new Uint8Array()
    const written = entriesOf(first)
    for (let length = 0; length <= stored.length; length++) {
      const entries = readFingerprint(stored.subarray(0, length)).entries
      if (entries !== null) expect(entries).toEqual(written?.slice(0, entries.length))
    }
    const random = seededRandom(11)
    for (let round = 0; round < 500; round++) {
      readFingerprint(Buffer.concat([stored.subarray(0, 17), bytesOf(random, Math.floor(random() * 60))]))
    }
  })
})

describe('what the settings redact', () => {
  const redact = {
    keyPrefixes: ['/app/tokens/'],
    resources: ['tokens.example.io'],
    credentialConfigMaps: true,
    paths: [],
  }
  const describer = createDescriber({ prefixes: [], fingerprintKey, redact })
  const write = (key: string, value: string | Buffer, previous: Described | null = null) =>
    describer.describe({
      op: 'put',
      key: Buffer.from(key),
      value: Buffer.from(value),
      created: previous === null,
      leaseId: 0n,
      previous: previous?.value ?? null,
      previousFingerprint: previous?.fingerprint ?? null,
    })
  const object = (kind: string, part: object, labels = {}) =>
    JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'x', labels }, ...part })
  const configMap = '/registry/configmaps/shop/x'

  it.each([
    ['a key under a prefix', '/app/tokens/a', canary],
    ['a resource', '/registry/example.io/tokens/shop/x', object('Token', { spec: { value: canary } })],
    ['a ConfigMap entry named like a credential', configMap, object('ConfigMap', { data: { password: canary } })],
    [
      'a ConfigMap entry that looks like one',
      configMap,
      object('ConfigMap', { data: { url: `postgres://u:${canary}@db/x` } }),
    ],
    ['a Helm release in a ConfigMap', '/registry/configmaps/shop/sh.helm.release.v1.web.v3', canary],
  ])('%s leaves nothing of its value', (_, key, value) => {
    const first = write(key, value)
    expect(first.value).toBeNull()
    expect(first.fingerprint?.length).toBeGreaterThanOrEqual(16)
    expect(everything(first)).not.toContain(canary)
    const same = write(key, value, first)
    expect([same.significance, same.fingerprint]).toEqual(['none', first.fingerprint])
    const changed = write(key, value.replace(canary, `${canary}2`), first)
    expect(changed.significance).toBe('spec')
    expect(everything(changed)).not.toContain(canary)
  })

  it('the name of the resource and the key stay, so that the change is still found', () => {
    expect(write('/app/tokens/a', canary)).toMatchObject({ resource: '/app', name: null })
    expect(write('/registry/example.io/tokens/shop/x', '{}')).toMatchObject({
      resource: 'tokens.example.io',
      namespace: 'shop',
      name: 'x',
    })
  })

  it('new labels alone are not new content', () => {
    const first = write(configMap, object('ConfigMap', { data: { password: canary } }))
    const relabelled = write(configMap, object('ConfigMap', { data: { password: canary } }, { a: 'b' }), first)
    expect(relabelled.significance).toBe('metadata')
  })

  it('anything else is stored as it is', () => {
    expect(write('/app/token', canary).value?.toString()).toBe(canary)
    expect(write(configMap, object('ConfigMap', { data: { mode: 'fast' } })).value).not.toBeNull()
    expect(put(configMap, object('ConfigMap', { data: { password: canary } })).value).not.toBeNull()
  })
})

describe('parts of values that the settings redact by path', () => {
  const steps = (path: string) => parseJsonPath(path) ?? []
  const paths = [
    { resource: 'databases.db.acme.example', keyPrefix: null, steps: steps('spec.users[*].password') },
    { resource: 'configmaps', keyPrefix: null, steps: steps("$.data['db.url']") },
    { resource: null, keyPrefix: '/app/', steps: steps('login') },
  ]
  const redact = { keyPrefixes: [], resources: [], credentialConfigMaps: false, paths }
  const describer = createDescriber({ prefixes: [], fingerprintKey, redact })
  const database = '/registry/db.acme.example/databases/shop/orders'
  const write = (key: string, value: unknown, previous: Described | null = null) =>
    describer.describe({
      op: 'put',
      key: Buffer.from(key),
      value: Buffer.isBuffer(value) ? value : Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      created: previous === null,
      leaseId: 0n,
      previous: previous?.value ?? null,
      previousFingerprint: previous?.fingerprint ?? null,
    })
  const object = (password: unknown, size = 1) => ({
    apiVersion: 'db.acme.example/v1',
    kind: 'Database',
    metadata: {
      name: 'orders',
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ spec: { users: [{ password }] } }),
      },
    },
    spec: { size, users: [{ name: 'app', password }, { name: 'none' }] },
  })
  const stored = (described: Described) => JSON.parse(Buffer.from(described.value ?? []).toString())

  it('are lengths and fingerprints in what is stored, in the applied copy too, and the rest stays', () => {
    const described = write(database, object(canary))
    expect(everything(described)).not.toContain(canary)
    const { spec } = stored(described)
    expect(spec.size).toBe(1)
    expect(spec.users[0].name).toBe('app')
    expect(spec.users[0].password).toMatch(/^redacted, 14 B, fingerprint [0-9a-f]{16}$/)
    expect(spec.users[1]).toEqual({ name: 'none' })
    expect(described.fingerprint).not.toBeNull()
  })

  it('show as equal when they are, and as changed when they are', () => {
    const first = write(database, object(canary))
    const resized = write(database, object(canary, 2), first)
    expect(resized.summary).toContain('size')
    expect(stored(resized).spec.users).toEqual(stored(first).spec.users)
    const rotated = write(database, object(`${canary}2`, 2), resized)
    expect(rotated.significance).toBe('spec')
    expect(everything(rotated)).not.toContain(canary)
    expect(stored(rotated).spec.users).not.toEqual(stored(first).spec.users)
    expect(write(database, object(canary), first).significance).toBe('none')
  })

  it('may be objects, numbers or lists', () => {
    for (const part of [{ deep: canary }, [canary], 4711_0815]) {
      const described = write(database, object(part))
      expect(everything(described)).not.toContain(canary)
      expect(everything(described)).not.toContain('47110815')
    }
  })

  it('are found in protobuf as well', () => {
    const history = readRecordedHistory()
    const key = '/registry/configmaps/'
    const event = history.find((e) => Buffer.from(e.key).toString().startsWith(key) && e.value.length > 0)
    if (event === undefined) throw new Error('no ConfigMap in the recorded history')
    const data = decodeObject(event.value).object?.data as Record<string, string>
    const [name = ''] = Object.keys(data)
    const named = { ...redact, paths: [{ resource: 'configmaps', keyPrefix: null, steps: ['data', name] }] }
    const described = createDescriber({ prefixes: [], fingerprintKey, redact: named }).describe({
      op: 'put',
      key: event.key,
      value: event.value,
      created: true,
      leaseId: 0n,
      previous: null,
      previousFingerprint: null,
    })
    expect(stored(described).data[name]).toMatch(/^redacted, /)
    expect(stored(described)).toMatchObject({ metadata: { name: described.name } })
  })

  it('are found in plain JSON under a prefix', () => {
    const described = write('/app/one', { login: canary, mode: 'fast' })
    expect(everything(described)).not.toContain(canary)
    expect(stored(described).mode).toBe('fast')
  })

  it.each([
    ['text', '/app/one', `login: ${canary}`],
    ['broken JSON', '/app/one', `{"login": "${canary}"`],
    ['CBOR', database, Buffer.concat([Buffer.from([0xd9, 0xd9, 0xf7, 0x61]), Buffer.from(canary)])],
  ])('take the whole value where it cannot be read: %s', (_, key, value) => {
    const described = write(key, value)
    expect(described.value).toBeNull()
    expect(everything(described)).not.toContain(canary)
  })

  it('leave a value without them exactly as it is', () => {
    const value = JSON.stringify({ ...object(null), spec: { size: 3 }, metadata: { name: 'x' } })
    const described = write(database, value)
    expect(described.value).toEqual(Buffer.from(value))
    expect(described.fingerprint).toBeNull()
  })

  it('a deleted key is still told as its kind', () => {
    const first = write(database, object(canary))
    const deleted = describer.describe({
      op: 'delete',
      key: Buffer.from(database),
      value: Buffer.alloc(0),
      created: false,
      leaseId: 0n,
      previous: first.value,
      previousFingerprint: first.fingerprint,
    })
    expect(deleted).toMatchObject({ op: 'delete', resource: 'databases.db.acme.example', value: null })
    expect(deleted.summary).not.toBe('deleted, value was redacted')
  })
})
