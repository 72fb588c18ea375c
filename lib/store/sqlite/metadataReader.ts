import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from '../generated/sqlite/client'
import type { ClusterRow, EpochRow, GapRow, LeaderChangeInput, MemberStateInput, RecordReader } from '../store'

/** The small tables, read typed through Prisma: clusters with their epochs and gaps, member lanes, leader changes. */
export interface MetadataReader extends Pick<RecordReader, 'clusters' | 'cluster' | 'memberStates' | 'leaderChanges'> {
  /** Loads Prisma's query compiler, which takes longer than all later queries together. */
  warmUp(): Promise<void>
  close(): Promise<void>
}

/** Times of the changes around a gap, which only the driver finds quickly. */
export type GapNeighbours = (
  epochId: number,
  fromRevision: bigint,
  toRevision: bigint,
) => Pick<GapRow, 'beforeMs' | 'afterMs'>

const busyTimeoutMs = 10_000
const memberStateWords: readonly MemberStateInput['state'][] = ['leader', 'follower', 'learner', 'no-leader', 'down']

export function createMetadataReader(path: string, neighboursOf: GapNeighbours): MetadataReader {
  const adapter = new PrismaBetterSqlite3({ url: path, readonly: true, fileMustExist: true, timeout: busyTimeoutMs })
  const prisma = new PrismaClient({ adapter })
  const include = {
    epochs: { orderBy: { epoch: 'asc' }, include: { gaps: { orderBy: { fromRevision: 'asc' } } } },
    snapshot: true,
  } as const

  type Found = NonNullable<Awaited<ReturnType<typeof findOne>>>
  const findOne = (name: string) => prisma.cluster.findUnique({ where: { name }, include })

  function rowOf(found: Found): ClusterRow {
    return {
      id: found.id,
      name: found.name,
      source: found.source === 'apiserver' ? 'apiserver' : 'etcd',
      demo: found.demo,
      epochs: found.epochs.map(epochOf),
      gaps: found.epochs.flatMap((epoch) =>
        epoch.gaps.map((gap) => ({
          epoch: epoch.epoch,
          fromRevision: gap.fromRevision,
          toRevision: gap.toRevision,
          reason: gap.reason,
          atMs: Number(gap.atMs),
          ...neighboursOf(epoch.id, gap.fromRevision, gap.toRevision),
        })),
      ),
      snapshot:
        found.snapshot === null
          ? null
          : { document: JSON.parse(found.snapshot.document), atMs: Number(found.snapshot.atMs) },
    }
  }

  return {
    clusters: async () => (await prisma.cluster.findMany({ include, orderBy: { name: 'asc' } })).map(rowOf),
    async cluster(name) {
      const found = await findOne(name)
      return found === null ? null : rowOf(found)
    },
    async memberStates(cluster, fromMs, toMs) {
      const rows = await prisma.memberState.findMany({
        where: {
          clusterId: cluster.id,
          toMs: { gte: BigInt(Math.floor(fromMs)) },
          fromMs: { lte: BigInt(Math.ceil(toMs)) },
        },
        orderBy: [{ memberId: 'asc' }, { fromMs: 'asc' }, { id: 'asc' }],
      })
      return rows.map((row) => ({
        memberId: row.memberId,
        name: row.name,
        state: memberStateWords.find((word) => word === row.state) ?? 'down',
        term: row.term,
        fromMs: Number(row.fromMs),
        toMs: Number(row.toMs),
      }))
    },
    async leaderChanges(cluster, fromMs, toMs) {
      const rows = await prisma.leaderChange.findMany({
        where: { clusterId: cluster.id, atMs: { gte: BigInt(Math.floor(fromMs)), lte: BigInt(Math.ceil(toMs)) } },
        orderBy: [{ atMs: 'asc' }, { id: 'asc' }],
      })
      return rows.map(
        (row): LeaderChangeInput => ({
          atMs: Number(row.atMs),
          term: row.term,
          fromMemberId: row.fromMemberId,
          fromName: row.fromName,
          toMemberId: row.toMemberId,
          toName: row.toName,
          leaderlessMs: Number(row.leaderlessMs),
          planned: row.planned,
          elections: row.elections,
          revision: row.revision,
        }),
      )
    },
    warmUp: async () => void (await prisma.cluster.count()),
    close: () => prisma.$disconnect(),
  }
}

function epochOf(row: {
  epoch: number
  etcdClusterId: string | null
  startedMs: bigint
  reason: string | null
  cursorRevision: bigint
  firstRevision: bigint | null
  firstMs: bigint | null
  lastMs: bigint | null
  gaps: { fromRevision: bigint }[]
}): EpochRow {
  const declared = row.gaps[0]?.fromRevision ?? null
  const first = row.firstRevision
  return {
    epoch: row.epoch,
    etcdClusterId: row.etcdClusterId,
    startedMs: Number(row.startedMs),
    reason: row.reason,
    storedRevision: row.cursorRevision,
    firstRevision: first === null || (declared !== null && declared < first) ? declared : first,
    firstMs: row.firstMs === null ? null : Number(row.firstMs),
    lastMs: row.lastMs === null ? null : Number(row.lastMs),
  }
}
