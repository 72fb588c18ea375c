import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { clusterUid, paths, pod, smallCluster } from '../support/apiCluster'
import { type ApiRecording, createApiRecording } from '../support/apiRecording'
import { type FakeApiserver, startApiserver } from '../support/apiserver'
import { type Certificates, makeCertificates } from '../support/etcdCertificates'
import { until } from '../support/until'

/** The ways into an apiserver, and what is said when there is none. */

let folder = ''
let certificates: Certificates
let tls: { key: Buffer; cert: Buffer; ca: Buffer; rejectUnauthorized: boolean }
const cleanups: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'etcdscope-access-'))
  certificates = await makeCertificates(folder)
  tls = {
    key: readFileSync(certificates.serverKeyFile),
    cert: readFileSync(certificates.serverCertFile),
    ca: certificates.ca,
    rejectUnauthorized: true,
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

type ServerOptions = Parameters<typeof startApiserver>[1]
type RecordingOptions = Parameters<typeof createApiRecording>[1]

async function begin(server: ServerOptions, options: RecordingOptions): Promise<[FakeApiserver, ApiRecording]> {
  const started = await startApiserver(smallCluster(), server)
  cleanups.push(() => started.stop())
  const recording = await createApiRecording(started.url, options)
  cleanups.push(() => recording.dispose())
  recording.start()
  return [started, recording]
}

/** A change made now is in the record. */
async function expectRecorded(server: FakeApiserver, recording: ApiRecording) {
  await until('every watch to be open', () => server.openWatches.length === server.model.kinds.size)
  server.model.write(paths.pods, 'ADDED', pod('new'))
  server.tellThrough(server.model.head)
  await recording.recorded(server.model.head)
  expect(recording.view.view()).toMatchObject({
    clusterId: clusterUid.replaceAll('-', '').slice(0, 16),
    version: '1.36.2',
    members: [],
    leader: null,
    healthy: null,
  })
}

const said = (recording: ApiRecording, words: RegExp) =>
  until(`${words} in ${recording.log.join('; ')}`, () => words.test(recording.status.view(null).error ?? ''))

describe('credentials that are good', () => {
  it('a client certificate', async () => {
    const user = { 'client-certificate': certificates.clientCertFile, 'client-key': certificates.clientKeyFile }
    const cluster = { 'certificate-authority': certificates.caFile }
    await expectRecorded(...(await begin({ tls }, { user, cluster })))
  })

  it('a token, and the next one after it was revoked', async () => {
    const [server, recording] = await begin({ token: 'first' }, { user: { token: 'first' } })
    await expectRecorded(server, recording)
    server.expectToken('second')
    server.cut()
    await said(recording, /refuses the credentials/)
    const file = path.join(recording.folder, 'kubeconfig')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"first"', '"second"'))
    await until('the watches to come back', () => server.openWatches.length === server.model.kinds.size, 30_000)
    await until('live', () => recording.status.view(null).state === 'live')
  })

  it('a token file, under the name that kubectl knows it by', async () => {
    const file = path.join(folder, 'token')
    writeFileSync(file, 'from-a-file')
    await expectRecorded(...(await begin({ token: 'from-a-file' }, { user: { tokenFile: file } })))
  })

  it('an exec plug-in, which is told what is wanted and runs once for all watches', async () => {
    const plugin = path.join(folder, 'plugin.sh')
    const runs = path.join(folder, 'runs')
    writeFileSync(
      plugin,
      `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO $1" >> ${runs}\n` +
        `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-a-plug-in"}}'\n`,
    )
    chmodSync(plugin, 0o755)
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, args: ['login'] }
    await expectRecorded(...(await begin({ token: 'from-a-plug-in' }, { user: { exec } })))
    const lines = readFileSync(runs, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/"apiVersion":"client.authentication.k8s.io\/v1".*"interactive":false.* login$/)
  })

  it('the service account of a pod', async () => {
    const root = path.join(folder, 'pod')
    const account = path.join(root, 'var/run/secrets/kubernetes.io/serviceaccount')
    await mkdir(account, { recursive: true })
    await writeFile(path.join(account, 'ca.crt'), certificates.ca)
    await writeFile(path.join(account, 'token'), 'of-the-pod')
    const server = await startApiserver(smallCluster(), {
      tls: { ...tls, rejectUnauthorized: false },
      token: 'of-the-pod',
    })
    cleanups.push(() => server.stop())
    const before = { host: process.env.KUBERNETES_SERVICE_HOST, port: process.env.KUBERNETES_SERVICE_PORT }
    process.env.KUBERNETES_SERVICE_HOST = '127.0.0.1'
    process.env.KUBERNETES_SERVICE_PORT = new URL(server.url).port
    cleanups.push(async () => {
      for (const [name, value] of [
        ['KUBERNETES_SERVICE_HOST', before.host],
        ['KUBERNETES_SERVICE_PORT', before.port],
      ] as const) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    })
    const kubernetes = { kubeconfig: null, context: null, accountRoot: root }
    const recording = await createApiRecording(server.url, { kubernetes })
    cleanups.push(() => recording.dispose())
    recording.start()
    await expectRecorded(server, recording)
  })
})

describe('what is wrong is said in one sentence, without secrets', () => {
  it.each([
    ['another CA', { tls: true }, { cluster: { 'certificate-authority': 'other' } }, /is not trusted: .*CA/],
    ['no CA', { tls: true }, {}, /is not trusted/],
    [
      'a wrong token',
      { token: 'right' },
      { user: { token: 'wr0ng' } },
      /refuses the credentials of the kubeconfig \(401\)/,
    ],
    [
      'a plug-in that fails',
      { token: 'x' },
      { user: { exec: { apiVersion: 'v1', command: 'false' } } },
      /plug-in false failed/,
    ],
    [
      'a plug-in that is not there',
      {},
      { user: { exec: { apiVersion: 'v1', command: '/no/such' } } },
      /no\/such failed \(ENOENT\)/,
    ],
  ] as const)('%s', async (_name, server, given, words) => {
    const options = structuredClone(given) as NonNullable<RecordingOptions> & { cluster?: Record<string, string> }
    if (options.cluster?.['certificate-authority'] !== undefined) {
      options.cluster = { 'certificate-authority': certificates.otherCaFile }
    }
    const { tls: encrypted = false, ...rest } = server as { tls?: boolean; token?: string }
    const [, recording] = await begin(
      { ...rest, ...(encrypted ? { tls: { ...tls, rejectUnauthorized: false } } : {}) },
      options,
    )
    await said(recording, words)
    expect(recording.log.join()).not.toContain('wr0ng')
    expect(recording.status.view(null).state).toBe('reconnecting')
  })

  it('nobody listens', async () => {
    const [server, recording] = await begin({}, {})
    await expectRecorded(server, recording)
    await server.stop()
    await said(recording, /cannot be reached: ECONNREFUSED/)
    expect(recording.status.view(null).state).toBe('reconnecting')
  })
})
