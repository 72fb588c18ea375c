import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { z } from 'zod'
import { type Endpoint, type EndpointName, endpoints, problem } from '../../../lib/contract'
import { provideServing } from '../../../lib/query/serving'
import { fakeOperator, noChannels } from '../../support/fakeOperator'
import { changeRow, clusterRow, emptyRecord, epochRow, type FakeRecord, fakeReader } from '../../support/fakeReader'
import { ask, askUnknown } from './routes'

let record: FakeRecord
let withdraw: () => void

function provide(insecure = false) {
  return provideServing({
    notify: noChannels,
    operator: fakeOperator(),
    reader: fakeReader(record),
    version: '0.0.0',
    startedAtMs: 0,
    settings: { databaseUrl: 'file:x', clusters: [{ name: 'prod', endpoints: ['http://10.0.0.1:2379'] }], insecure },
  })
}

beforeEach(() => {
  record = emptyRecord()
  record.rows = [
    changeRow('a', 5),
    changeRow('gone', 6),
    changeRow('gone', 7, { op: 'delete', value: null, valueBytes: 0 }),
  ]
  record.clusters = [
    clusterRow({ epochs: [epochRow({ storedRevision: 7n, firstRevision: 5n, firstMs: 5_000, lastMs: 7_000 })] }),
  ]
  withdraw = provide()
})
afterEach(() => withdraw())

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body = problem.parse(await response.json())
  expect(body.status).toBe(response.status)
  return body
}

const named = Object.keys(endpoints) as EndpointName[]
const ofCluster = named.filter(
  (name) => endpoints[name].path.startsWith('/api/v1/clusters/{cluster}') && methodOf(name) === 'GET',
)

function methodOf(name: EndpointName): string {
  const endpoint: Endpoint<z.ZodObject, z.ZodObject, unknown> = endpoints[name]
  return endpoint.method ?? 'GET'
}

describe('a wrong request is a 400 that names the parameter', () => {
  it.each<[EndpointName, Record<string, string> | string, string]>([
    ['changes', { from: 'yesterday' }, 'from'],
    ['changes', { from: '2026-02-30T00:00:00Z' }, 'from'],
    ['changes', { limit: '0' }, 'limit'],
    ['changes', { limit: 'ten' }, 'limit'],
    ['changes', { op: 'destroy' }, 'op'],
    ['changes', { order: 'up' }, 'order'],
    ['changes', { fromRevision: '-1' }, 'fromRevision'],
    ['changes', { cursor: 'forged' }, 'cursor'],
    ['changes', { prefix: 'a', key: 'b' }, 'prefix'],
    ['changes', { limt: '5' }, 'limt'],
    ['changes', 'limit=5&limit=6', 'limit'],
    ['keys', { delimiter: '//' }, 'delimiter'],
    ['keys', { delimiter: 'ä' }, 'delimiter'],
    ['keys', { at: 'soon' }, 'at'],
    ['keys', { epoch: '9' }, 'epoch'],
    ['value', {}, 'key'],
    ['value', { key: '' }, 'key'],
    ['value', { keyBase64: '*' }, 'keyBase64'],
    ['value', { key: 'a', keyBase64: 'YQ==' }, 'keyBase64'],
    ['history', { key: 'a', cursor: 'WzFd' }, 'cursor'],
    ['diff', { key: 'a' }, 'from'],
    ['diff', { key: 'a', from: 'x' }, 'from'],
    ['series', {}, 'metric'],
    ['series', { metric: 'nobody_knows' }, 'metric'],
    ['series', { metric: 'up', step: 'fast' }, 'step'],
    ['series', { metric: 'up', step: '0' }, 'step'],
    ['series', { metric: 'up', from: 'now', to: '-1h' }, 'from'],
    ['activity', { top: '26' }, 'top'],
    ['activity', { by: 'colour' }, 'by'],
    ['ledger', { by: 'op' }, 'by'],
    ['leaderChanges', { to: '??' }, 'to'],
    ['memberStates', { x: '1' }, 'x'],
    ['health', { verbose: '1' }, 'verbose'],
    ['stream', { cluster: '../x' }, 'cluster'],
  ])('%s %j', async (name, query, parameter) => {
    const body = await problemOf(await ask(name, query))
    expect(body).toMatchObject({ status: 400, code: 'BAD_REQUEST', parameter })
    expect(body.detail.length).toBeGreaterThan(10)
  })
})

describe('what there is not is a 404', () => {
  const needed: Partial<Record<EndpointName, Record<string, string>>> = {
    series: { metric: 'up' },
    value: { key: 'a' },
    history: { key: 'a' },
    diff: { key: 'a', from: '5' },
    compare: { from: '5' },
  }
  it.each(ofCluster)('%s of an unknown cluster', async (name) => {
    for (const cluster of ['other', '..%2f', 'a b']) {
      const body = await problemOf(await ask(name, needed[name] ?? {}, { cluster }))
      expect(body).toMatchObject({ status: 404, code: 'NOT_FOUND', parameter: 'cluster' })
    }
  })
  it('the stream of an unknown cluster, before it opens', async () => {
    expect(await problemOf(await ask('stream', { cluster: 'other' }))).toMatchObject({ status: 404 })
  })
  it.each<[EndpointName, Record<string, string>]>([
    ['value', { key: 'never' }],
    ['value', { key: 'gone' }],
    ['history', { key: 'never' }],
    ['diff', { key: 'never', from: '5' }],
  ])('%s %j', async (name, query) => {
    expect(await problemOf(await ask(name, query))).toMatchObject({ status: 404, code: 'NOT_FOUND', parameter: 'key' })
  })
  it('a key that was deleted says when', async () => {
    expect((await problemOf(await ask('value', { key: 'gone' }))).detail).toContain('deleted at revision 7')
  })
  it.each(['/api', '/api/v2/x', '/api/v1/clusters/prod/nothing'])('%s', async (path) => {
    expect(await problemOf(await askUnknown(path))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })
})

describe('a moment outside the record is a 409 with the nearest range', () => {
  it.each<[EndpointName, Record<string, string>]>([
    ['keys', { at: '4' }],
    ['keys', { at: '8' }],
    ['value', { key: 'a', at: '8' }],
    ['diff', { key: 'a', from: '1' }],
  ])('%s %j', async (name, query) => {
    expect(await problemOf(await ask(name, query))).toMatchObject({
      status: 409,
      code: 'NOT_COVERED',
      nearest: { epoch: 1, fromRevision: '5', toRevision: '7' },
    })
  })
})

describe('every route', () => {
  it.each(named)('%s refuses other methods', async (name) => {
    const response = await ask(name, {}, { method: 'PATCH' })
    expect(response.headers.get('allow')).toContain(methodOf(name))
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' })
  })

  it.each(named)('%s refuses a foreign Host', async (name) => {
    for (const host of ['evil.example', 'localhost.evil.example:3000', '127.0.0.1.nip.io', '10.0.0.1:3000']) {
      expect(await problemOf(await ask(name, {}, { headers: { host } }))).toMatchObject({
        status: 403,
        code: 'PERMISSION_DENIED',
      })
    }
  })

  it('answers to each loopback name, and to any once that is asked for', async () => {
    for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:65535', '[::1]:3000']) {
      expect((await ask('health', {}, { headers: { host } })).status).toBe(200)
    }
    withdraw()
    withdraw = provide(true)
    expect((await ask('health', {}, { headers: { host: 'etcd.example' } })).status).toBe(200)
  })

  it.each(named)('%s without a database says so', async (name) => {
    withdraw()
    const response = await ask(name)
    if (name === 'livez') expect(response.status).toBe(200)
    else if (name === 'readyz') expect(await response.text()).toContain('database is not open')
    else expect(await problemOf(response)).toMatchObject({ status: 503, code: 'UNREACHABLE' })
  })
})

describe('an unexpected error', () => {
  it('is a 500 that tells nothing, and a log line without what the client sent', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    record.broken = new SyntaxError('Unexpected token in {"password":"hunter2"}')
    const response = await ask('value', { key: 'top-secret-key' })
    const body = await problemOf(response)
    expect(body).toMatchObject({ status: 500, code: 'INTERNAL' })
    const told = JSON.stringify(body) + log.mock.calls.flat().join('\n')
    expect(told).not.toMatch(/hunter2|top-secret-key/)
    expect(JSON.stringify(body)).not.toMatch(/ at |\.ts/)
    expect(log).toHaveBeenCalledOnce()
    expect(String(log.mock.calls[0]?.[0])).toContain('value failed with SyntaxError')
    log.mockRestore()
  })
  it('makes readyz fail and leaves livez alone', async () => {
    record.broken = new Error('disk I/O error')
    expect((await ask('readyz')).status).toBe(503)
    expect((await ask('livez')).status).toBe(200)
    record.broken = null
    expect(await (await ask('readyz')).text()).toBe('ready\n')
  })
})
