import { join } from 'node:path'
import { demoCluster, demoClusterName } from '../config/demoCluster'
import type { ClusterSettings, Settings } from '../config/settings'
import type { Clock } from '../core/clock'
import { ScopeError } from '../core/errors'
import { provideServing } from '../query/serving'
import { openOperatorWriter, openReader, openWriter } from '../store'
import { addressLine, clusterLine, dataLine } from './announce'
import { checkSettingsRules } from './checkSettingsRules'
import { loadChannelKey, loadFingerprintKey, prepareDataFolder } from './dataFolder'
import { type SupervisedChild, superviseChild } from './supervisedChild'
import { startWebServer } from './webServer'

export interface ServeOptions {
  readonly settings: Settings
  readonly env: NodeJS.ProcessEnv
  /** Where `.next` and `dist` lie. */
  readonly projectDir: string
  readonly version: string
  readonly dev: boolean
  readonly clock: Clock
  readonly log: (line: string) => void
  /** Called once when a part failed in a way that only a person can mend. */
  readonly onFatal: (error: Error) => void
}

export interface Service {
  /** The pages, then the collector, the demo and the alert engine. Idempotent, about five seconds at most. */
  stop(): Promise<void>
}

/** Starts what the role asks for, in an order in which each part finds what it needs. */
export async function serve(options: ServeOptions): Promise<Service> {
  const { settings, clock, log } = options
  const closers: (() => Promise<void>)[] = []
  let stopped: Promise<void> | null = null
  const stop = () => {
    stopped ??= (async () => {
      for (const close of closers.toReversed()) await close()
    })()
    return stopped
  }
  try {
    checkSettingsRules(settings)
    prepareDataFolder(settings.dataDir)
    loadFingerprintKey(settings.dataDir)
    loadChannelKey(settings.dataDir)
    // Migrations run here, before anybody reads; a database of a newer version ends the start with its sentence.
    await (await openWriter({ databaseUrl: settings.databaseUrl, clock })).close()
    if (settings.role !== 'web') closers.push(startAlerts(options), ...startCollection(options))
    if (settings.role !== 'collector') closers.push(...(await startWeb(options)))
    else log(dataLine(settings))
    return { stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** The engine of the alert rules. It outlives the collector, whose silence it tells of. */
function startAlerts(options: ServeOptions): () => Promise<void> {
  const alerts = superviseChild({
    name: 'alert engine',
    script: join(options.projectDir, 'dist/alerts.js'),
    // Names are resolved in threads that wait for dead name servers: enough of them, so that no channel waits for another.
    env: { ...options.env, UV_THREADPOOL_SIZE: '16' },
    greeting: () => null,
    onReport: (report) => {
      if (report.type !== 'failed') return
      if (report.permanent) options.onFatal(new ScopeError('INTERNAL', report.message))
      else options.log(`alerts: ${report.message}`)
    },
    clock: options.clock,
    log: options.log,
    stopWithinMs: 2500,
  })
  return alerts.stop
}

/** The demo, where asked for, and the collector, which waits for the demo's endpoints. */
function startCollection(options: ServeOptions): (() => Promise<void>)[] {
  const { settings, clock, log } = options
  let collector: SupervisedChild | null = null
  let demoEndpoints: string[] | null = null

  const startCollector = (clusters: readonly ClusterSettings[]) => {
    for (const cluster of clusters) log(clusterLine(cluster))
    collector = superviseChild({
      name: 'collector',
      script: join(options.projectDir, 'dist/collector.js'),
      env: options.env,
      greeting: () => ({ type: 'start', demoEndpoints }),
      onReport: (report) => {
        if (report.type !== 'failed') return
        if (report.permanent) options.onFatal(new ScopeError('INTERNAL', report.message))
        else log(`collector: ${report.message}`)
      },
      clock,
      log,
      stopWithinMs: 2500,
    })
  }
  const stopCollector = async () => collector?.stop()
  if (!settings.demo) {
    startCollector(settings.clusters)
    return [stopCollector]
  }
  const demo = superviseChild({
    name: 'demo',
    script: join(options.projectDir, 'dist/demo.js'),
    env: { ...options.env, ETCDSCOPE_DEMO_DIR: join(settings.dataDir, 'demo') },
    greeting: () => null,
    onReport: (report) => {
      if (report.type === 'failed') {
        if (report.permanent) options.onFatal(new ScopeError('UNSUPPORTED', report.message))
        else log(`demo: ${report.message}`)
      } else if (report.endpoints !== undefined) {
        // A demo that was started again may have other ports; the collector learns them at its own next start.
        const moved = demoEndpoints !== null && demoEndpoints.join() !== report.endpoints.join()
        demoEndpoints = report.endpoints
        if (moved) void collector?.stop().then(() => startCollector([demoCluster(report.endpoints ?? [])]))
        else if (collector === null) startCollector([demoCluster(report.endpoints)])
      }
    },
    clock,
    log,
    stopWithinMs: 2500,
  })
  return [demo.stop, stopCollector]
}

async function startWeb(options: ServeOptions): Promise<(() => Promise<void>)[]> {
  const { settings, clock, log } = options
  const reader = await openReader({ databaseUrl: settings.databaseUrl })
  const operator = await openOperatorWriter({ databaseUrl: settings.databaseUrl, clock })
  const withdraw = provideServing({
    reader,
    operator,
    notify: { key: loadChannelKey(settings.dataDir), settings: settings.alerts.notify },
    version: options.version,
    startedAtMs: clock.nowMs(),
    settings: {
      databaseUrl: settings.databaseUrl,
      clusters: settings.demo ? [{ name: demoClusterName, endpoints: [] }] : settings.clusters,
      insecure: settings.insecure,
    },
  })
  const closeDatabase = async () => {
    withdraw()
    await operator.close()
    await reader.close()
  }
  try {
    const web = await startWebServer({ ...settings, projectDir: options.projectDir, dev: options.dev })
    if (web.port !== settings.port && settings.port !== 0) {
      log(`  note      port ${settings.port} is taken by another program, so ${web.port} is used`)
    }
    log(addressLine(settings.host, web.port))
    log(dataLine(settings))
    return [closeDatabase, web.stop]
  } catch (error) {
    await closeDatabase()
    throw error
  }
}
