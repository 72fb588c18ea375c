import type { ClusterSettings } from '../config/settings'
import type { Clock } from '../core/clock'
import { sentenceOf } from '../core/errors'
import { createDescriber } from '../kubernetes'
import type { RecordWriter } from '../store'
import { collectCluster } from './clusterCollector'
import { deriveOthers } from './deriveOthers'
import { ownerName } from './ownerName'
import { superviseRetention } from './retention'

export { snapshotOf } from './clusterCollector'
export { createCollectorStatus } from './collectorStatus'
export { compareState } from './compareState'
export { isOwnerGone, ownerName } from './ownerName'
export { superviseRecording } from './supervisor'

/** How often raw samples are rolled up and old ones dropped. */
const maintainIntervalMs = 60_000

export interface CollectorOptions {
  readonly clusters: readonly ClusterSettings[]
  readonly writer: RecordWriter
  /** Keys the fingerprints that stand in place of secret values; kept outside the database. */
  readonly fingerprintKey: Buffer
  readonly clock: Clock
  readonly log: (message: string) => void
}

export interface Collector {
  /** Ends every session, writes the last snapshots, gives the leases back. Idempotent. */
  stop(): Promise<void>
}

/** Starts recording every cluster; one that fails does not disturb the others. */
export function startCollector(options: CollectorOptions): Collector {
  const { writer, clock, log } = options
  const abort = new AbortController()
  const owner = ownerName()

  const collections = options.clusters.map(async (settings) => {
    const describer = createDescriber({
      prefixes: settings.kubernetesPrefixes,
      redact: settings.redact,
      fingerprintKey: options.fingerprintKey,
    })
    while (!abort.signal.aborted) {
      try {
        await collectCluster({ settings, writer, describer, owner, clock, log, signal: abort.signal })
      } catch (error) {
        // The store failed (disk full, file gone): nothing can be recorded until it is back.
        log(`${settings.name}: ${sentenceOf(error)}`)
        await clock.sleep(2_000, abort.signal)
      }
    }
  })
  const maintenance = (async () => {
    while (!abort.signal.aborted) {
      await clock.sleep(maintainIntervalMs, abort.signal)
      if (abort.signal.aborted) return
      await writer.maintainSamples(clock.nowMs()).catch((error: unknown) => log(`roll-up: ${sentenceOf(error)}`))
    }
  })()

  const others = deriveOthers({ clusters: options.clusters, writer, owner, clock, log, signal: abort.signal }).catch(
    (error: unknown) => log(`workloads of clusters that are not watched: ${sentenceOf(error)}`),
  )
  const retention = superviseRetention({ clusters: options.clusters, writer, owner, clock, log, signal: abort.signal })

  let stopped: Promise<void> | null = null
  return {
    stop() {
      stopped ??= (async () => {
        abort.abort()
        await Promise.all([...collections, maintenance, others, retention])
      })()
      return stopped
    },
  }
}
