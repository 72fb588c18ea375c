import type { AnswerOf, Cluster, InputOf, Member } from '../contract'
import type { ClusterRow, EpochRow } from '../store/store'
import { changeCoverage } from './coverage'
import { timeOf, timeOrNull } from './instant'
import { membersOf } from './members'
import { quotaForecast } from './quota'
import { type RecordedSnapshot, silenceOf, snapshotOf } from './recordedSnapshot'
import { clusterOf, type Scope } from './scope'

/** Every watched cluster, by name. */
export async function listClusters(scope: Scope): Promise<AnswerOf<'clusters'>> {
  const rows = await scope.reader.clusters()
  const items = await Promise.all(rows.map((row) => clusterItem(scope, row)))
  return { items: items.sort((a, b) => (a.name < b.name ? -1 : 1)), nextCursor: null }
}

export async function cluster(scope: Scope, input: InputOf<'cluster'>): Promise<AnswerOf<'cluster'>> {
  return clusterItem(scope, await clusterOf(scope, input.cluster))
}

async function clusterItem(scope: Scope, row: ClusterRow): Promise<Cluster> {
  const snapshot = snapshotOf(row, scope.nowMs)
  const silence = silenceOf(row, snapshot, scope.nowMs)
  const known = snapshot?.document ?? null
  const members = membersOf(snapshot, silence)
  const epoch = row.epochs.at(-1)
  const sizes = sizesOf(members)
  const forecast = await quotaForecast(scope.reader, row, sizes.quotaBytes, scope.nowMs)
  return {
    name: row.name,
    clusterId: known?.clusterId ?? epoch?.etcdClusterId ?? null,
    epoch: epoch?.epoch ?? 1,
    source: row.source,
    demo: row.demo,
    version: known?.version ?? null,
    ...collectorState(snapshot, silence, epoch),
    leader: silence === null ? (known?.leader ?? null) : null,
    raftTerm: known?.raftTerm ?? null,
    quorum: quorumOf(members),
    revision: known?.revision ?? null,
    compactRevision: known?.compactRevision ?? null,
    storedRevision: epoch && epoch.storedRevision > 0n ? String(epoch.storedRevision) : null,
    lagMs: silence === null ? (known?.lagMs ?? null) : null,
    firstTime: timeOrNull(epoch?.firstMs ?? null),
    coverage: changeCoverage(row).map((s) => ({
      epoch: s.epoch,
      fromRevision: String(s.fromRevision),
      toRevision: String(s.toRevision),
    })),
    gaps: row.gaps.map((gap) => ({
      epoch: gap.epoch,
      fromRevision: String(gap.fromRevision),
      toRevision: String(gap.toRevision),
      reason: gap.reason,
      at: timeOf(gap.atMs),
      from: timeOrNull(gap.beforeMs),
      to: timeOrNull(gap.afterMs),
    })),
    ...sizes,
    quota: { ...forecast, reclaimableBytes: reclaimable(members) },
    alarms: known?.alarms ?? [],
  }
}

function collectorState(snapshot: RecordedSnapshot | null, silence: string | null, epoch: EpochRow | undefined) {
  if (snapshot && silence === null) {
    const { state, error, since } = snapshot.document
    return { state, error, since }
  }
  return { state: 'stopped' as const, error: silence, since: timeOf(snapshot?.atMs ?? epoch?.startedMs ?? 0) }
}

/** Learners do not vote. */
export function quorumOf(members: readonly Member[]): Cluster['quorum'] {
  const voters = members.filter((member) => !member.isLearner)
  const healthy = voters.filter((member) => member.healthy).length
  const needed = voters.length === 0 ? 0 : Math.floor(voters.length / 2) + 1
  return { voters: voters.length, healthy, needed, tolerates: Math.max(0, healthy - needed) }
}

/** The cluster is as full as its fullest member, and its quota is the smallest one set. */
function sizesOf(members: readonly Member[]): Pick<Cluster, 'dbSizeBytes' | 'dbSizeInUseBytes' | 'quotaBytes'> {
  const fullest = fullestOf(members)
  const quotas = members.flatMap((member) => (member.quotaBytes === null ? [] : [member.quotaBytes]))
  return {
    dbSizeBytes: fullest?.dbSizeBytes ?? null,
    dbSizeInUseBytes: fullest?.dbSizeInUseBytes ?? null,
    quotaBytes: quotas.length === 0 ? null : Math.min(...quotas),
  }
}

function fullestOf(members: readonly Member[]): Member | undefined {
  return [...members].sort((a, b) => (b.dbSizeBytes ?? -1) - (a.dbSizeBytes ?? -1))[0]
}

/** What defragmentation would give back on the fullest member. */
function reclaimable(members: readonly Member[]): number | null {
  const { dbSizeBytes = null, dbSizeInUseBytes = null } = fullestOf(members) ?? {}
  return dbSizeBytes === null || dbSizeInUseBytes === null ? null : Math.max(0, dbSizeBytes - dbSizeInUseBytes)
}
