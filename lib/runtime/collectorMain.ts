import { setPriority } from 'node:os'
import { startCollector } from '../collector'
import { demoCluster } from '../config/demoCluster'
import { loadSettings } from '../config/loadSettings'
import { systemClock } from '../core/clock'
import { openWriter } from '../store'
import { runChild } from './childEntry'
import { loadFingerprintKey } from './dataFolder'
import { logLine } from './logLine'
import { collectorStart } from './messages'

/** On a machine shared with etcd the watched goes before the watcher; on any other it changes nothing. */
const niceness = 10

/**
 * The collector's process: decoding, compressing and writing stay off the web server's event loop. It reads the same
 * environment as its parent; what only the parent knows, the demo's endpoints, comes with the first message.
 */
runChild(async ({ signal, report, greeting }) => {
  setPriority(niceness)
  const settings = loadSettings(process.env, { cwd: process.cwd() })
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
  const first = await Promise.race([greeting, aborted])
  if (first === null) return
  const { demoEndpoints } = collectorStart.parse(first)
  const clusters = demoEndpoints === null ? settings.clusters : [demoCluster(demoEndpoints)]

  const writer = await openWriter({ databaseUrl: settings.databaseUrl, clock: systemClock })
  const collector = startCollector({
    clusters,
    writer,
    fingerprintKey: loadFingerprintKey(settings.dataDir),
    clock: systemClock,
    log: (message: string) => logLine(`collector: ${message}`),
  })
  report({ type: 'ready' })
  await aborted
  await collector.stop()
  await writer.close()
})
