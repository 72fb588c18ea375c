import type { ClusterSettings } from '../config/settings'
import type { Clock } from '../core/clock'
import { sentenceOf } from '../core/errors'
import type { ClusterRef, Ownership, RecordWriter } from '../store'
import { createDeriver } from '../workloads/deriver'
import { isOwnerGone } from './ownerName'

/**
 * Derives the workloads of clusters that nobody records any more and that an older version recorded or imported without
 * deriving them. Once, at the start; one after the other, under each cluster's lease, so that nobody else does it too.
 */

const leaseTtlMs = 10_000
const leaseRenewMs = 3_000

export interface DeriveOthersOptions {
  /** Those that are recorded here: their own collection derives them. */
  readonly clusters: readonly Pick<ClusterSettings, 'name'>[]
  readonly writer: RecordWriter
  readonly owner: string
  readonly clock: Clock
  readonly log: (message: string) => void
  readonly signal: AbortSignal
}

/** Resolves when all are derived, or after the signal. One cluster that fails does not disturb the others. */
export async function deriveOthers(options: DeriveOthersOptions): Promise<void> {
  const own = new Set(options.clusters.map(({ name }) => name))
  const underived = await options.writer.underived()
  for (const cluster of underived.filter(({ name }) => !own.has(name))) {
    if (options.signal.aborted) return
    try {
      await deriveOne(cluster, options)
    } catch (error) {
      options.log(`workloads of ${cluster.name}: ${sentenceOf(error)}`)
    }
  }
}

async function deriveOne(cluster: ClusterRef, { writer, owner, clock, log, signal }: DeriveOthersOptions) {
  const acquire = () => writer.acquire(cluster, owner, leaseTtlMs, clock.nowMs(), isOwnerGone)
  const first = await acquire()
  // Somebody else's: they derive it.
  if (first === null) return
  let ownership: Ownership = first
  const done = new AbortController()
  const renewal = (async () => {
    const until = AbortSignal.any([signal, done.signal])
    while (!until.aborted) {
      await clock.sleep(leaseRenewMs, until)
      if (!until.aborted) ownership = (await acquire()) ?? ownership
    }
  })()
  try {
    await createDeriver({ cluster, writer, clock, signal, log, ownership: () => ownership }).catchUp()
  } finally {
    done.abort()
    await renewal
    await writer.release(cluster, ownership)
  }
}
