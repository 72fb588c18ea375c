import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Collector, startCollector } from '../../lib/collector'
import type { ClusterSettings } from '../../lib/config/settings'
import { systemClock } from '../../lib/core/clock'
import { openReader, openWriter, type RecordReader } from '../../lib/store'
import type { EtcdCluster } from './etcdServer'
import { until } from './until'

/** A collector over a store in a temporary folder, as the product composes it, in this process. */

export const testClusterName = 'under-test'

export function clusterSettings(
  endpoints: readonly string[],
  overrides: Partial<ClusterSettings> = {},
): ClusterSettings {
  return {
    name: testClusterName,
    endpoints,
    tls: null,
    auth: null,
    metricsUrls: [],
    statusIntervalMs: 250,
    metricsIntervalMs: 1_000,
    hashIntervalMs: 60_000,
    kubernetesPrefixes: ['/registry'],
    demo: false,
    ...overrides,
  }
}

export interface CollectorHarness {
  readonly databaseUrl: string
  readonly log: readonly string[]
  /** Starts a collector on the same store; only one at a time. */
  start(overrides?: Partial<ClusterSettings>): Promise<void>
  stop(): Promise<void>
  reader(): Promise<RecordReader>
  /** Waits until the record reaches the revision. */
  recorded(revision: bigint, deadlineMs?: number): Promise<void>
  dispose(): Promise<void>
}

export async function createCollectorHarness(cluster: Pick<EtcdCluster, 'endpoints'>): Promise<CollectorHarness> {
  const folder = await mkdtemp(path.join(tmpdir(), 'etcdscope-record-'))
  const databaseUrl = `file:${path.join(folder, 'etcdscope.db')}`
  const log: string[] = []
  let running: { collector: Collector; close: () => Promise<void> } | null = null
  let reader: RecordReader | null = null

  const stop = async () => {
    const was = running
    running = null
    await was?.collector.stop()
    await was?.close()
  }
  const openedReader = async (): Promise<RecordReader> => {
    const opened = reader ?? (await openReader({ databaseUrl }))
    reader = opened
    return opened
  }
  return {
    databaseUrl,
    log,
    stop,
    reader: openedReader,
    async start(overrides = {}) {
      if (running !== null) throw new Error('the collector runs already')
      const writer = await openWriter({ databaseUrl, clock: systemClock })
      const collector = startCollector({
        clusters: [clusterSettings(cluster.endpoints, overrides)],
        writer,
        fingerprintKey: Buffer.alloc(32, 7),
        clock: systemClock,
        log: (message) => log.push(message),
      })
      running = { collector, close: () => writer.close() }
    },
    async recorded(revision, deadlineMs = 30_000) {
      const from = await openedReader()
      await until(
        `revision ${revision} in the record (${log.slice(-3).join('; ')})`,
        async () => {
          const row = await from.cluster(testClusterName)
          return (row?.epochs.at(-1)?.storedRevision ?? -1n) >= revision
        },
        deadlineMs,
      )
    },
    async dispose() {
      await stop()
      await reader?.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
