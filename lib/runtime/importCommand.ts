import { resolve } from 'node:path'
import { importMetrics } from '../archive/importMetrics'
import { importSnapshot } from '../archive/importSnapshot'
import { clusterDefaults, clusterNamePattern, clusterNameRule } from '../config/clusterDefaults'
import type { Settings } from '../config/settings'
import { type Clock, systemClock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { openReader, openWriter, type RecordReader, type RecordWriter } from '../store'
import { loadFingerprintKey, prepareDataFolder } from './dataFolder'
import { onStopSignals } from './stopSignals'

interface Wanted {
  readonly file: string
  readonly cluster: string
}
type Environment = Readonly<Record<string, string | undefined>>
type Log = (line: string) => void

/** `etcdscope import-snapshot`: beside a running etcdscope or alone; Ctrl C ends it, and it can simply run again. */
export async function importSnapshotFile(wanted: Wanted, settings: Settings, env: Environment, log: Log) {
  await beside(wanted, settings, log, async (parts) => {
    const result = await importSnapshot({
      ...parts,
      file: resolve(wanted.file),
      settings: archiveSettings(wanted.cluster, settings),
      fingerprintKey: loadFingerprintKey(settings.dataDir),
      env,
      log,
    })
    const nothing = result.fromRevision > result.throughRevision
    log(
      nothing
        ? `${wanted.cluster} holds everything of ${wanted.file} already, up to revision ${result.throughRevision}.`
        : `${wanted.cluster} is recorded up to revision ${result.throughRevision}.`,
    )
  })
}

/** `etcdscope import-metrics`: the same for what a Prometheus measured. */
export async function importMetricsFile(wanted: Wanted, settings: Settings, _env: Environment, log: Log) {
  await beside(wanted, settings, log, async (parts) => {
    const result = await importMetrics({ ...parts, file: resolve(wanted.file), cluster: wanted.cluster, log })
    const range = [result.fromMs, result.toMs].map((ms) => new Date(ms).toISOString())
    log(
      `${wanted.cluster} has the metrics of ${result.members.join(', ')} from ${range[0]} to ${range[1]}: ${result.samples} samples.`,
    )
    if (result.leftOut > 0) log(`${result.leftOut} samples are of metrics that etcdscope does not keep.`)
  })
}

interface Parts {
  readonly writer: RecordWriter
  readonly reader: RecordReader
  readonly clock: Clock
  readonly signal: AbortSignal
}

async function beside({ cluster }: Wanted, settings: Settings, log: Log, work: (parts: Parts) => Promise<void>) {
  if (!clusterNamePattern.test(cluster)) {
    throw new ScopeError('BAD_SETTING', `--cluster: a name has ${clusterNameRule}.`, { subject: 'cluster' })
  }
  const abort = new AbortController()
  onStopSignals({ onStop: () => abort.abort(), onForce: () => process.exit(130) })
  prepareDataFolder(settings.dataDir)
  const { databaseUrl } = settings
  const writer = await openWriter({ databaseUrl, clock: systemClock })
  const reader = await openReader({ databaseUrl })
  try {
    await work({ writer, reader, clock: systemClock, signal: abort.signal })
  } catch (error) {
    if (!abort.signal.aborted) throw error
    log('The import was stopped; what is recorded stays, and the same command goes on from there.')
    process.exitCode = 130
  } finally {
    await reader.close()
    await writer.close()
  }
}

/** The restored etcd is plain http on loopback; its users, if it has any, are those of ETCDCTL_USER. */
function archiveSettings(name: string, settings: Settings) {
  return {
    name,
    endpoints: [],
    tls: null,
    auth: settings.clusters.find((cluster) => cluster.auth !== null)?.auth ?? null,
    metricsUrls: [],
    statusIntervalMs: clusterDefaults.statusIntervalMs,
    metricsIntervalMs: clusterDefaults.metricsIntervalMs,
    hashIntervalMs: clusterDefaults.hashIntervalMs,
    redact: settings.clusters[0]?.redact,
    kubernetesPrefixes: settings.clusters[0]?.kubernetesPrefixes ?? clusterDefaults.kubernetesPrefixes,
    demo: false,
  }
}
