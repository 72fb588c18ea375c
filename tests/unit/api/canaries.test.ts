import { readFileSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { describeEvents } from '../../../lib/collector/describeEvents'
import type { EndpointName } from '../../../lib/contract'
import { systemClock } from '../../../lib/core/clock'
import { parseJsonPath } from '../../../lib/core/jsonPath'
import type { KeyEvent } from '../../../lib/etcd'
import { createDescriber } from '../../../lib/kubernetes'
import { provideServing } from '../../../lib/query/serving'
import { openOperatorWriter } from '../../../lib/store'
import { noChannels } from '../../support/fakeOperator'
import { testRecord } from '../store/recordFixture'
import { ask } from './routes'

/** Strings that stand where secrets stand, each once; none may be found anywhere behind the describer. */
const canaries = ['data', 'stringdata', 'applied', 'helm', 'configmap', 'path', 'prefix', 'rotated'].map(
  (where) => `canary-${where}-7f3a9c`,
)
const canary = (where: string): string => `canary-${where}-7f3a9c`
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const secret = (data: Record<string, string>) => ({
  kind: 'Secret',
  apiVersion: 'v1',
  metadata: {
    name: 'db',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: { p: canary('applied') } }),
    },
  },
  stringData: { p: canary('stringdata') },
  data,
})
const puts: [key: string, value: unknown][] = [
  ['/registry/secrets/shop/db', secret({ password: base64(canary('data')) })],
  ['/registry/secrets/shop/db', secret({ password: base64(canary('rotated')) })],
  ['/registry/secrets/shop/sh.helm.release.v1.web.v1', secret({ release: base64(canary('helm')) })],
  [
    '/registry/configmaps/shop/app',
    { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'app' }, data: { password: canary('configmap') } },
  ],
  ['/registry/databases/shop/orders', { kind: 'Database', spec: { users: [{ password: canary('path') }] } }],
  ['/app/tokens/one', canary('prefix')],
]

/** Text in every form in which it could stand somewhere. */
const formsOf = (text: string): string[] => [text, base64(text), Buffer.from(text).toString('hex')]

function expectNone(where: string, content: string): void {
  for (const one of canaries)
    for (const form of formsOf(one)) expect(content.includes(form), `${one} in ${where}`).toBe(false)
}

it('strings of secrets are found in no stored value, database file, answer or export', async () => {
  const record = await testRecord()
  const path = parseJsonPath('spec.users[*].password')
  if (path === null) throw new Error('the path is not one')
  const describer = createDescriber({
    prefixes: [],
    fingerprintKey: Buffer.alloc(32, 7),
    redact: {
      keyPrefixes: ['/app/tokens/'],
      resources: [],
      credentialConfigMaps: true,
      paths: [{ resource: 'databases', keyPrefix: null, steps: path }],
    },
  })
  const seen = new Map<string, bigint>()
  const events = puts.map(([key, value], at): KeyEvent => {
    const modRevision = BigInt(at) + 2n
    const created = seen.get(key) ?? modRevision
    seen.set(key, created)
    const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
    const version = created === modRevision ? 1n : 2n
    return {
      type: 'put',
      key: Buffer.from(key),
      value: bytes,
      createRevision: created,
      modRevision,
      version,
      leaseId: 0n,
    }
  })
  const { cluster, writer, reader } = record
  for (const event of events) {
    const timing = { receivedAtMs: Date.now(), lastAtMs: null, catchingUp: false }
    await record.append(await describeEvents([event], timing, { describer, writer, cluster, epoch: 1 }))
  }

  for (const event of events) {
    const row = await reader.valueAt(cluster, 1, event.key, event.modRevision)
    expect(row?.revision).toBe(event.modRevision)
    expectNone('a stored value', Buffer.from(row?.value ?? []).toString('latin1'))
    expectNone(
      'a row',
      JSON.stringify(row, (_, cell) => (typeof cell === 'bigint' ? String(cell) : cell)),
    )
  }
  for (const suffix of ['', '-wal']) expectNone(`record.db${suffix}`, readFileSync(`${record.path}${suffix}`, 'latin1'))

  const operator = await openOperatorWriter({ databaseUrl: record.databaseUrl, clock: systemClock })
  const clusters = [{ name: 'prod', endpoints: [] }]
  const settings = { databaseUrl: record.databaseUrl, clusters, insecure: false }
  const withdraw = provideServing({ notify: noChannels, operator, reader, version: '1', startedAtMs: 0, settings })
  onTestFinished(async () => {
    withdraw()
    await operator.close()
  })
  const asked: [EndpointName, Record<string, string>][] = [
    ['changes', {}],
    ['keys', {}],
    ['compare', { from: '2', to: 'now' }],
    ['export', { format: 'yaml' }],
    ['export', { format: 'ndjson' }],
    ...[...seen.keys()].flatMap((key): [EndpointName, Record<string, string>][] => [
      ['value', { key, raw: 'true' }],
      ['history', { key }],
      ['blame', { key }],
      ['diff', { key, from: String(seen.get(key)), to: 'now' }],
      ['export', { key, format: 'ndjson' }],
    ]),
  ]
  for (const [name, query] of asked) {
    const response = await ask(name, query)
    expect(response.status, `${name} ${JSON.stringify(query)}`).toBe(200)
    expectNone(`${name} ${JSON.stringify(query)}`, await response.text())
  }
  for (const one of canaries) {
    const found = await (await ask('changes', { q: one })).json()
    expect(found.items).toEqual([])
  }
})
