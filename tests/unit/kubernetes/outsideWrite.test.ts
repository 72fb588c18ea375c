import { describe, expect, it } from 'vitest'
import { createDescriber } from '../../../lib/kubernetes'
import { readRecordedHistory } from '../../support/recordedHistory'

/** Who writes to etcd past the apiserver is told from who writes through it, and nobody else is accused. */

type Json = Record<string, unknown>
const written = '2026-11-22T10:00:00Z'
const writtenMs = Date.parse(written)
const fields = [{ manager: 'kubectl', operation: 'Update', time: written, fieldsV1: { 'f:spec': {}, 'f:data': {} } }]

function summaryOf(kind: string, before: Json, after: Json, observedMs: number | null = null, metadata: Json = {}) {
  const object = (part: Json) => {
    const { metadata: own, ...rest } = part as { metadata?: Json }
    return Buffer.from(
      JSON.stringify({
        apiVersion: 'v1',
        kind,
        metadata: { name: 'x', uid: 'u1', managedFields: fields, ...metadata, ...own },
        ...rest,
      }),
    )
  }
  const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32) })
  return describer.describe({
    op: 'put',
    key: Buffer.from(`/registry/${kind.toLowerCase()}s/shop/x`),
    value: object(after),
    created: false,
    leaseId: 0n,
    previous: object(before),
    previousFingerprint: null,
    observedMs,
  }).summary
}

const outside = /^written outside the apiserver: /
const [one, two] = [{ spec: { replicas: 1 } }, { spec: { replicas: 2 } }]
const [old, now] = [{ data: { a: '1' } }, { data: { a: '2' } }]
const later = writtenMs + 3_600_000

describe('a write outside the apiserver', () => {
  it.each<[string, string, Json, Json, number | null, Json]>([
    ['a spec without a new generation', 'Deployment', one, two, null, { generation: 4 }],
    ['data, long after the newest manager', 'ConfigMap', old, now, later, {}],
    [
      'a label, long after the newest manager',
      'ConfigMap',
      old,
      { ...old, metadata: { labels: { x: 'y' } } },
      later,
      {},
    ],
  ])('is told by %s', (_, kind, before, after, observedMs, metadata) => {
    expect(summaryOf(kind, before, after, observedMs, metadata)).toMatch(outside)
  })

  it.each<[string, string, Json, Json, number | null, Json]>([
    [
      'a generation that moved',
      'Deployment',
      { ...one, metadata: { generation: 4 } },
      { ...two, metadata: { generation: 5 } },
      null,
      {},
    ],
    ['a default that was filled in', 'Deployment', { spec: {} }, one, null, { generation: 4 }],
    ['a second write within the second', 'ConfigMap', old, now, writtenMs + 900, {}],
    ['a back-filled write, whose time is not known', 'ConfigMap', old, now, null, {}],
    ['an object that nobody manages', 'ConfigMap', old, now, later, { managedFields: [] }],
    [
      'another object of the same name',
      'Deployment',
      one,
      { ...two, metadata: { uid: 'u2' } },
      null,
      { generation: 4 },
    ],
    ['the binding of a Pod', 'Pod', { spec: {} }, { spec: { nodeName: 'n1' } }, later, { generation: 1 }],
    [
      'a deletion that was asked for',
      'ConfigMap',
      old,
      { ...old, metadata: { deletionTimestamp: '2026-11-22T11:00:00Z' } },
      later,
      {},
    ],
  ])('is not %s', (_, kind, before, after, observedMs, metadata) => {
    expect(summaryOf(kind, before, after, observedMs, metadata)).not.toMatch(outside)
  })

  it('is none of the 12,000 of a real apiserver', () => {
    const describer = createDescriber({ prefixes: ['/registry'], fingerprintKey: Buffer.alloc(32) })
    const previous = new Map<string, { value: Uint8Array | null; fingerprint: Uint8Array | null }>()
    const accused: string[] = []
    let updates = 0
    for (const { op, key, value, version, leaseId, modRevision } of readRecordedHistory()) {
      const before = previous.get(key.toString())
      const result = describer.describe({
        op,
        key,
        value,
        created: version === 1n,
        leaseId,
        previous: before?.value ?? null,
        previousFingerprint: before?.fingerprint ?? null,
      })
      if (result.op === 'update') updates++
      if (outside.test(result.summary ?? '')) accused.push(`${modRevision} ${result.summary}`)
      if (op === 'put') previous.set(key.toString(), result)
      else previous.delete(key.toString())
    }
    expect(updates).toBeGreaterThan(8_000)
    expect(accused).toEqual([])
  })
})
