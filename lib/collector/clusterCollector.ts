import { type ClusterSettings, type KubernetesSettings, sourceOf } from '../config/settings'
import type { ClusterSnapshot } from '../contract'
import type { Clock } from '../core/clock'
import { ScopeError, sentenceOf } from '../core/errors'
import type { Describer } from '../kubernetes'
import type { ClusterRef, Ownership, RecordWriter } from '../store'
import { createDeriver } from '../workloads/deriver'
import { superviseApiserver } from './apiserver/apiSupervisor'
import { createApiView } from './apiserver/apiView'
import { watchKinds } from './apiserver/watchKinds'
import { type CollectorStatus, createCollectorStatus } from './collectorStatus'
import { type MembersView, type MemberWatch, startMembers } from './members'
import { isOwnerGone } from './ownerName'
import { recordingSamples } from './recordingSamples'
import { superviseRecording } from './supervisor'

/**
 * One cluster's collection while this process owns it: members, record, and the snapshot that the web reads.
 * Ownership is a lease in the database; whoever holds it writes, everybody else waits in line, so a second start by
 * mistake changes nothing.
 */

/** A dead collector's cluster is taken over after this long. */
const leaseTtlMs = 10_000
const leaseRenewMs = 3_000
const snapshotIntervalMs = 1_000

export interface CollectorContext {
  readonly settings: ClusterSettings
  readonly writer: RecordWriter
  readonly describer: Describer
  readonly owner: string
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly log: (message: string) => void
}

/** Collects until the signal aborts; resolves when everything of it has stopped and the lease is given back. */
export async function collectCluster(context: CollectorContext): Promise<void> {
  const { settings, writer, clock, signal, log } = context
  const cluster = await writer.ensureCluster(settings.name, sourceOf(settings), settings.demo)
  let waiting = false
  while (!signal.aborted) {
    const ownership = await writer.acquire(cluster, context.owner, leaseTtlMs, clock.nowMs(), isOwnerGone)
    if (ownership === null) {
      if (!waiting) log(`${settings.name}: another collector records this cluster, standing by`)
      waiting = true
      await clock.sleep(leaseRenewMs, signal)
      continue
    }
    waiting = false
    await collectOwned(cluster, ownership, context)
  }
}

async function collectOwned(cluster: ClusterRef, first: Ownership, context: CollectorContext): Promise<void> {
  const { settings, writer, clock, log, owner } = context
  const own = new AbortController()
  const signal = AbortSignal.any([context.signal, own.signal])
  let ownership = first

  let writeSoon: () => void = () => undefined
  let sampleSoon: () => void = () => undefined
  const status = createCollectorStatus(
    () => clock.nowMs(),
    () => {
      writeSoon()
      sampleSoon()
    },
  )
  const api = sourceOf(settings) === 'apiserver' ? createApiView() : null
  const members = api ?? startMembers({ settings, cluster, writer, clock, log, onView: () => undefined })

  const write = () => writeSnapshot(cluster, members, status, context)
  const snapshots = repeat(signal, clock, snapshotIntervalMs, write, (wake) => {
    writeSoon = wake
  })
  const sample = async () => {
    try {
      await writer.writeSamples(cluster, clock.nowMs(), recordingSamples(status.view(members.headRevision())))
    } catch (error) {
      log(`${settings.name}: the lag of the record is not stored: ${sentenceOf(error)}`)
    }
  }
  const samples = repeat(signal, clock, settings.metricsIntervalMs, sample, (wake) => {
    sampleSoon = wake
  })
  const lease = repeat(signal, clock, leaseRenewMs, async () => {
    const renewed = await writer.acquire(cluster, owner, leaseTtlMs, clock.nowMs())
    if (renewed === null) own.abort()
    else ownership = renewed
  })

  const deriver = createDeriver({ cluster, writer, clock, signal, log, ownership: () => ownership })
  const deriving = deriver.run()
  const kinds = settings.kubernetes
    ? watchKinds({ kubernetes: settings.kubernetes, cluster, ownership: () => ownership, writer, clock, signal, log })
    : null

  try {
    const seen: CollectorStatus = {
      ...status,
      durable(progress) {
        status.durable(progress)
        deriver.wake()
      },
    }
    const recording = { ...context, cluster, signal, status: seen, ownership: () => ownership }
    if (api === null) await superviseRecording({ ...recording, members })
    else await superviseApiserver({ ...recording, view: api, kubernetes: kubernetesOf(settings) })
  } catch (error) {
    if (!(error instanceof ScopeError && error.code === 'NOT_OWNER')) throw error
    log(`${settings.name}: ${sentenceOf(error)}`)
  } finally {
    own.abort()
    await Promise.all([snapshots, samples, lease, deriving, kinds, members.stop()])
    status.stopped()
    await write()
    await writer.release(cluster, ownership)
  }
}

function kubernetesOf({ name, kubernetes }: ClusterSettings): KubernetesSettings {
  if (kubernetes) return kubernetes
  throw new ScopeError('BAD_SETTING', `${name} has neither etcd endpoints nor an apiserver.`)
}

async function writeSnapshot(
  cluster: ClusterRef,
  members: MemberWatch,
  status: CollectorStatus,
  context: CollectorContext,
): Promise<void> {
  const atMs = context.clock.nowMs()
  const document = snapshotOf(members.view(), status, members.headRevision())
  await context.writer.writeSnapshot(cluster, { state: document.state, document, atMs })
}

const isoOf = (ms: number) => new Date(ms).toISOString()

export function snapshotOf(view: MembersView | null, status: CollectorStatus, head: bigint | null): ClusterSnapshot {
  const collector = status.view(head)
  return {
    state: collector.state,
    since: isoOf(collector.sinceMs),
    error: collector.error ?? view?.error ?? null,
    version: view?.version ?? null,
    clusterId: view?.clusterId ?? null,
    leader:
      view?.leader == null
        ? null
        : {
            memberId: view.leader.memberId,
            name: view.leader.name,
            since: view.leader.sinceMs === null ? null : isoOf(view.leader.sinceMs),
          },
    raftTerm: view?.raftTerm?.toString() ?? null,
    revision: head?.toString() ?? null,
    compactRevision: view?.compactRevision?.toString() ?? null,
    storedRevision: collector.storedRevision?.toString() ?? null,
    lagMs: collector.lagMs,
    eventsPerSecond: collector.eventsPerSecond,
    healthy: view?.healthy ?? null,
    members: [...(view?.members ?? [])],
    alarms: [...(view?.alarms ?? [])],
    endpoint: collector.endpoint,
  }
}

/** Runs `work` now and every `intervalMs`, or sooner when woken; one at a time; resolves after the signal. */
async function repeat(
  signal: AbortSignal,
  clock: Clock,
  intervalMs: number,
  work: () => Promise<void>,
  giveWake: (wake: () => void) => void = () => undefined,
): Promise<void> {
  let nap = new AbortController()
  const wake = () => nap.abort()
  signal.addEventListener('abort', wake)
  giveWake(wake)
  while (!signal.aborted) {
    await work()
    nap = new AbortController()
    if (!signal.aborted) await clock.sleep(intervalMs, nap.signal)
  }
  signal.removeEventListener('abort', wake)
}
