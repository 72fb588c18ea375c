import { resolve } from 'node:path'
import { importSnapshot } from '../archive/importSnapshot'
import { clusterDefaults, clusterNamePattern, clusterNameRule } from '../config/clusterDefaults'
import type { Settings } from '../config/settings'
import { systemClock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { openReader, openWriter } from '../store'
import { loadFingerprintKey, prepareDataFolder } from './dataFolder'
import { onStopSignals } from './stopSignals'

/** `etcdscope import-snapshot`: beside a running etcdscope or alone; Ctrl C ends it, and it can simply run again. */
export async function importFile(
  wanted: { readonly file: string; readonly cluster: string },
  settings: Settings,
  env: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): Promise<void> {
  if (!clusterNamePattern.test(wanted.cluster)) {
    throw new ScopeError('BAD_SETTING', `--cluster: a name has ${clusterNameRule}.`, { subject: 'cluster' })
  }
  const abort = new AbortController()
  onStopSignals({ onStop: () => abort.abort(), onForce: () => process.exit(130) })
  prepareDataFolder(settings.dataDir)
  const { databaseUrl } = settings
  const writer = await openWriter({ databaseUrl, clock: systemClock })
  const reader = await openReader({ databaseUrl })
  try {
    const result = await importSnapshot({
      file: resolve(wanted.file),
      settings: archiveSettings(wanted.cluster, settings),
      writer,
      reader,
      fingerprintKey: loadFingerprintKey(settings.dataDir),
      env,
      clock: systemClock,
      signal: abort.signal,
      log,
    })
    const nothing = result.fromRevision > result.throughRevision
    log(
      nothing
        ? `${wanted.cluster} holds everything of ${wanted.file} already, up to revision ${result.throughRevision}.`
        : `${wanted.cluster} is recorded up to revision ${result.throughRevision}.`,
    )
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
