import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ApiLimits, apiLimits } from '../../lib/apiserver'
import { superviseApiserver } from '../../lib/collector/apiserver/apiSupervisor'
import { type ApiView, createApiView } from '../../lib/collector/apiserver/apiView'
import { type CollectorStatus, createCollectorStatus } from '../../lib/collector/collectorStatus'
import type { KubernetesSettings } from '../../lib/config/settings'
import { systemClock } from '../../lib/core/clock'
import { createDescriber } from '../../lib/kubernetes'
import { type ClusterRef, openReader, openWriter, type RecordReader, type RecordWriter } from '../../lib/store'
import { clusterSettings, testClusterName } from './collectorHarness'
import { until } from './until'

/** The recording of one apiserver into a store of its own, as the collector composes it. */
export interface ApiRecording {
  readonly folder: string
  readonly databaseUrl: string
  readonly reader: RecordReader
  readonly writer: RecordWriter
  readonly cluster: ClusterRef
  readonly log: readonly string[]
  readonly view: ApiView
  readonly status: CollectorStatus
  start(): void
  stop(): Promise<void>
  recorded(revision: bigint): Promise<void>
  dispose(): Promise<void>
}

/** Short, so that tests need not wait; the order of things is the same. */
export const quickLimits: ApiLimits = {
  ...apiLimits,
  pageObjects: 40,
  holdMs: 60,
  holdUnopenedMs: 400,
  settleMs: 20,
  discoverSoonMs: 10,
  frontiersEveryMs: 50,
  troubleMs: 50,
  credentialMs: 5_000,
}

export async function kubeconfigFor(
  folder: string,
  url: string,
  parts: { readonly cluster?: object; readonly user?: object } = {},
): Promise<KubernetesSettings> {
  const file = path.join(folder, 'kubeconfig')
  const cluster = {
    server: url,
    ...(url.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {}),
    ...parts.cluster,
  }
  // JSON is YAML.
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester' } }],
    users: [{ name: 'tester', user: parts.user ?? {} }],
  }
  await writeFile(file, JSON.stringify(content))
  return { kubeconfig: file, context: null }
}

export async function createApiRecording(
  url: string,
  options: {
    readonly limits?: Partial<ApiLimits>
    readonly user?: object
    readonly cluster?: object
    readonly kubernetes?: KubernetesSettings
  } = {},
): Promise<ApiRecording> {
  const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-api-'))
  const databaseUrl = `file:${path.join(folder, 'etcdscope.db')}`
  const kubernetes = options.kubernetes ?? (await kubeconfigFor(folder, url, options))
  const writer = await openWriter({ databaseUrl, clock: systemClock })
  const reader = await openReader({ databaseUrl })
  const settings = clusterSettings([], { kubernetes })
  const cluster = await writer.ensureCluster(testClusterName, 'apiserver', false)
  const ownership = await writer.acquire(cluster, 'test', 3_600_000, systemClock.nowMs())
  if (ownership === null) throw new Error('the fresh lease was refused')
  const log: string[] = []
  const view = createApiView()
  const status = createCollectorStatus(
    () => systemClock.nowMs(),
    () => undefined,
  )
  let running: { abort: AbortController; ended: Promise<void> } | null = null

  const recording: ApiRecording = {
    folder,
    databaseUrl,
    reader,
    writer,
    cluster,
    log,
    view,
    status,
    start() {
      const abort = new AbortController()
      const ended = superviseApiserver({
        settings,
        kubernetes,
        cluster,
        ownership: () => ownership,
        writer,
        describer: createDescriber({ prefixes: settings.kubernetesPrefixes, fingerprintKey: Buffer.alloc(32, 7) }),
        status,
        clock: systemClock,
        signal: abort.signal,
        log: (message) => log.push(message),
        view,
        limits: { ...quickLimits, ...options.limits },
      })
      running = { abort, ended }
    },
    async stop() {
      running?.abort.abort()
      await running?.ended
      running = null
    },
    async recorded(revision) {
      await until(
        `revision ${revision} in the record (${log.slice(-3).join('; ')})`,
        async () => ((await reader.cluster(testClusterName))?.epochs.at(-1)?.storedRevision ?? -1n) >= revision,
        20_000,
      )
    },
    async dispose() {
      await recording.stop()
      await reader.close()
      await writer.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return recording
}
