import { describe, expect, it } from 'vitest'
import { describeNet, type NetSide } from '../../../lib/kubernetes/netSummary'
import { writeEntries } from '../../../lib/kubernetes/secretEntries'

const bytes = (text: string) => new TextEncoder().encode(text)
const absent: NetSide = { value: null, fingerprint: null }
const plain = (text: string): NetSide => ({ value: bytes(text), fingerprint: null })
const redacted = (content: string, whole: string, entry?: string): NetSide => {
  const entries = entry === undefined ? null : [{ name: 'tls.crt', valueBytes: 1, fingerprint: bytes(entry.padEnd(8)) }]
  const behind = entries && writeEntries(entries)
  return { value: null, fingerprint: Buffer.concat([bytes(content.padEnd(8) + whole.padEnd(8)), behind ?? bytes('')]) }
}
const deployment = (replicas: number, metadata: object = {}, status: object = {}) =>
  plain(
    JSON.stringify({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      metadata: { name: 'web', uid: 'u1', ...metadata },
      spec: { replicas },
      status,
    }),
  )
const web = { key: '/registry/deployments/shop/web', resource: 'deployments', name: 'web' }
const secret = { key: '/registry/secrets/shop/db', resource: 'secrets', name: 'db' }
const lease = { key: '/registry/leases/a/b', resource: 'leases', name: 'b' }
const key = { key: 'app/mode', resource: null, name: null }

describe('the net difference between two values in one line', () => {
  it.each([
    ['a field', web, deployment(1), deployment(4), 'replicas 1 → 4', 'spec'],
    ['only status', web, deployment(1), deployment(1, {}, { readyReplicas: 1 }), 'readyReplicas unset → 1', 'status'],
    ['only a label', web, deployment(1), deployment(1, { labels: { tier: 'a' } }), 'label tier added', 'metadata'],
    [
      'only the apiserver’s own fields',
      web,
      deployment(1),
      deployment(1, { generation: 7 }),
      'only what the apiserver keeps for itself',
      'none',
    ],
    [
      'another object of the same name',
      web,
      deployment(1),
      deployment(2, { uid: 'u2' }),
      'deleted and created again, replicas 1 → 2',
      'spec',
    ],
    ['a new object', web, absent, deployment(2), 'created, 2 replicas', 'spec'],
    ['an object that is gone', web, deployment(2), absent, 'deleted', 'spec'],
    ['a Secret with other content', secret, redacted('a', '1'), redacted('b', '2'), 'Secret content changed', 'spec'],
    [
      'a Secret with other labels',
      secret,
      redacted('a', '1'),
      redacted('a', '2'),
      'same Secret content, only labels or other metadata changed',
      'metadata',
    ],
    [
      'an entry of a Secret',
      secret,
      redacted('a', '1', 'x'),
      redacted('b', '2', 'y'),
      'Secret entry tls.crt replaced',
      'spec',
    ],
    ['a new Secret', secret, absent, redacted('a', '1'), 'Secret created', 'spec'],
    ['a Secret that is gone', secret, redacted('a', '1'), absent, 'Secret deleted', 'spec'],
    ['a plain text', key, plain('on'), plain('off'), 'on → off', 'spec'],
    ['noise by nature', lease, plain('1'), plain('2'), '1 → 2', 'heartbeat'],
    ['bytes', key, plain('\u0000\u0001'), plain('\u0000\u0002\u0003'), '2 B → 3 B', 'spec'],
  ] as const)('%s', (_what, place, before, after, summary, significance) => {
    const found = describeNet(place, before, after)
    expect(found.significance).toBe(significance)
    expect(found.summary).toContain(summary)
  })
})
