import { startCollector } from '../../lib/collector'
import { systemClock } from '../../lib/core/clock'
import { openWriter } from '../../lib/store'
import { clusterSettings } from './collectorHarness'

/** A collector as a process of its own, for tests that kill it: `node <bundle> <databaseUrl> <endpoint,…>`. */
const [databaseUrl, endpoints] = process.argv.slice(2)
if (databaseUrl === undefined || endpoints === undefined) throw new Error('usage: databaseUrl endpoints')
const writer = await openWriter({ databaseUrl, clock: systemClock })
startCollector({
  clusters: [clusterSettings(endpoints.split(','))],
  writer,
  fingerprintKey: Buffer.alloc(32, 7),
  clock: systemClock,
  log: (message) => process.stderr.write(`${message}\n`),
})
