import { type ClusterSettings, sourceOf } from '../config/settings'
import { type RetentionClass, type RetentionPolicy, retentionPolicy } from '../contract'
import type { Clock } from '../core/clock'
import { sentenceOf } from '../core/errors'
import type { ClusterRef, Ownership, RecordWriter } from '../store'
import { classes, cutoffsOf } from '../store/retention'
import { isOwnerGone } from './ownerName'

/**
 * Runs retention beside the recording, in the process that alone writes the record: at the start, each hour, and soon
 * after a policy was set on the screen. Every step is short and followed by a longer pause, so that what comes in goes
 * first. The file's policy of a cluster goes before the screen's; an archived cluster has only the screen's.
 */

const runIntervalMs = 3_600_000
/** How soon a policy set on the screen is seen. */
const lookIntervalMs = 5_000
const pauseMs = 60
const leaseTtlMs = 10_000
const leaseRenewMs = 3_000
/** The newest hour never goes for the size: people are looking at it. */
const keptForSizeMs = 3_600_000
/** Of the time that a class reaches back, this share goes before the size is looked at again. */
const shareForSize = 1 / 8

export interface RetentionOptions {
  readonly clusters: readonly ClusterSettings[]
  readonly writer: RecordWriter
  readonly owner: string
  readonly clock: Clock
  readonly log: (message: string) => void
  readonly signal: AbortSignal
}

interface Due {
  readonly cluster: ClusterRef
  readonly policy: RetentionPolicy
}

/** Resolves after the signal. One cluster that fails does not disturb the others. */
export async function superviseRetention(options: RetentionOptions): Promise<void> {
  const { clock, signal, log } = options
  const ran = new Map<number, { atMs: number; policy: string }>()
  while (!signal.aborted) {
    try {
      for (const due of await policiesOf(options)) {
        const last = ran.get(due.cluster.id)
        const text = JSON.stringify(due.policy)
        if (last !== undefined && last.policy === text && clock.nowMs() - last.atMs < runIntervalMs) continue
        if (signal.aborted || !(await runOnce(due, options))) continue
        ran.set(due.cluster.id, { atMs: clock.nowMs(), policy: text })
      }
    } catch (error) {
      log(`retention: ${sentenceOf(error)}`)
      await clock.sleep(lookIntervalMs, signal)
    }
    await clock.sleep(lookIntervalMs, signal)
  }
}

/** Clusters with a policy that removes something. */
async function policiesOf({ clusters, writer }: RetentionOptions): Promise<Due[]> {
  const onScreen = await writer.screenPolicies()
  const due: Due[] = []
  const fromFile = new Set<string>()
  for (const settings of clusters) {
    const { name, demo, retention } = settings
    if (retention === undefined) continue
    fromFile.add(name)
    due.push({ cluster: await writer.ensureCluster(name, sourceOf(settings), demo), policy: retention })
  }
  for (const { cluster, policy } of onScreen) {
    const checked = retentionPolicy.safeParse(policy)
    if (checked.success && !fromFile.has(cluster.name)) due.push({ cluster, policy: checked.data })
  }
  return due.filter(({ policy }) => Object.values(policy).some((limit) => limit !== null))
}

/** False when another collector has the cluster. */
async function runOnce(due: Due, options: RetentionOptions): Promise<boolean> {
  const { writer, clock, owner, signal, log } = options
  const { cluster, policy } = due
  const acquire = () => writer.acquire(cluster, owner, leaseTtlMs, clock.nowMs(), isOwnerGone)
  let ownership: Ownership | null = await acquire()
  if (ownership === null) return false
  const watched = options.clusters.some(({ name }) => name === cluster.name)
  let renewedMs = clock.nowMs()
  let held: Ownership = ownership
  const pause = async () => {
    await clock.sleep(pauseMs, signal)
    if (clock.nowMs() - renewedMs < leaseRenewMs) return
    ownership = await acquire()
    if (ownership !== null) held = ownership
    renewedMs = clock.nowMs()
  }
  const startedMs = clock.nowMs()
  const before = await writer.usage()
  const total = { changes: 0, keys: 0 }
  const said = async (endedMs: number | null, freedBytes: number, problem: string | null) =>
    writer.writeRetentionState(
      cluster,
      {
        startedAt: new Date(startedMs).toISOString(),
        endedAt: endedMs === null ? null : new Date(endedMs).toISOString(),
        removedChanges: total.changes,
        removedKeys: total.keys,
        freedBytes,
        problem,
      },
      clock.nowMs(),
    )
  const retain = async (cutoffs: Parameters<RecordWriter['retain']>[1]['cutoffs']) => {
    const run = { ownership: () => held, cutoffs, nowMs: clock.nowMs, pause, signal }
    const done = await writer.retain(cluster, run)
    total.changes += done.removedChanges
    total.keys += done.removedKeys
    if (done.removedChanges > 0) await writer.sweepValues({ pause, signal })
    return done
  }
  try {
    const { problem } = await retain(cutoffsOf(policy, clock.nowMs()))
    const sizeProblem = problem ?? (await shrink(due, retain, options))
    const { usedBytes } = await writer.usage()
    await said(clock.nowMs(), Math.max(0, before.usedBytes - usedBytes), sizeProblem)
    if (total.changes > 0) log(`${cluster.name}: retention removed ${total.changes} changes`)
    return true
  } catch (error) {
    await said(clock.nowMs(), 0, sentenceOf(error))
    throw error
  } finally {
    if (!watched) await writer.release(cluster, held)
  }
}

/** The oldest of the least important class goes, a share at a time, until the size fits; a sentence when it cannot. */
async function shrink(
  { cluster, policy }: Due,
  retain: (cutoffs: Parameters<RecordWriter['retain']>[1]['cutoffs']) => Promise<{ problem: string | null }>,
  { writer, clock, signal }: RetentionOptions,
): Promise<string | null> {
  const limit = policy.maxDatabaseBytes
  if (limit === null) return null
  const byAge = cutoffsOf(policy, clock.nowMs())
  const cutoffs: Record<RetentionClass, number | null> = { ...byAge }
  const untilMs = clock.nowMs() - keptForSizeMs
  for (const name of classes) {
    const oldestMs = (await writer.oldestOfClasses(cluster))[name]
    let fromMs = Math.max(oldestMs ?? untilMs, cutoffs[name] ?? 0)
    const stepMs = Math.max(60_000, Math.ceil((untilMs - fromMs) * shareForSize))
    while (fromMs < untilMs) {
      if (signal.aborted) return 'The run was stopped.'
      if ((await writer.usage()).usedBytes <= limit) return null
      fromMs = Math.min(untilMs, fromMs + stepMs)
      cutoffs[name] = fromMs
      const { problem } = await retain(cutoffs)
      if (problem !== null) return problem
    }
  }
  const { usedBytes } = await writer.usage()
  if (usedBytes <= limit) return null
  const mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`
  return `The database uses ${mib(usedBytes)} and may use ${mib(limit)}: what is left is of the newest hour, in force, or of other clusters.`
}
