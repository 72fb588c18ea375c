import { openClusterView } from '../alerts'
import { builtInRules } from '../alerts/builtin'
import { runAlertEngine } from '../alerts/engine'
import { isOwnerGone, ownerName } from '../collector'
import { demoClusterName } from '../config/demoCluster'
import { loadSettings } from '../config/loadSettings'
import { systemClock } from '../core/clock'
import { openAlertStore, openReader } from '../store'
import { runChild } from './childEntry'
import { logLine } from './logLine'
import { prepareNotifier } from './prepareNotifier'

/**
 * The process that evaluates the rules and sends what they say. It reads the record as the pages do and shares nothing
 * with the collector, whose silence is one of the things that it tells of.
 */
runChild(async ({ signal, report }) => {
  const settings = loadSettings(process.env, { cwd: process.cwd() })
  const { databaseUrl } = settings
  const log = (message: string) => logLine(`alerts: ${message}`)
  const reader = await openReader({ databaseUrl })
  const store = await openAlertStore({ databaseUrl, clock: systemClock })
  const notifier = await prepareNotifier({ settings, reader, clock: systemClock, log })
  report({ type: 'ready' })
  await runAlertEngine({
    reader,
    store,
    clock: systemClock,
    signal,
    owner: ownerName(),
    isOwnerGone,
    clusters: settings.demo ? [demoClusterName] : settings.clusters.map((cluster) => cluster.name),
    builtins: builtInRules,
    settingsRules: settings.alerts.rules.map(({ rule }) => rule),
    intervalMs: settings.alerts.intervalMs,
    openView: (cluster) => openClusterView(reader, cluster),
    alongside: notifier.run,
    onTransitions: notifier.wake,
    log,
  })
  await notifier.close()
  await store.close()
  await reader.close()
})
