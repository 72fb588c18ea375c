import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createDescriber, type Described } from '../../../lib/kubernetes'
import { decodeObject } from '../../../lib/kubernetes/decodeObject'
import { readRecordedHistory } from '../../support/recordedHistory'

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
    b === null ? '' : Buffer.from(b).toString('latin1'),
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
    expect(described.fingerprint).toHaveLength(16)
    expect(everything(described)).not.toContain(canary)
    expect(everything(described)).not.toContain(base64)
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
    ['another entry', secret({}, { password: base64, more: 'eA==' }), 'spec', 'changed'],
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
