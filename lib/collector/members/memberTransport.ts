import type { ClusterMember, MetricFamily, MetricSeries } from '../../etcd'

/**
 * What the member watch needs of etcd, and no more: `etcdTransport.ts` makes it of lib/etcd, tests make it of nothing.
 * Ids are lower-case hex.
 */

export interface StatusAnswer {
  readonly clusterId: string
  readonly memberId: string
  readonly version: string
  readonly revision: bigint
  readonly raftTerm: bigint
  readonly raftIndex: bigint
  /** 0 on servers before 3.4, which do not tell. */
  readonly raftAppliedIndex: bigint
  /** Null while the member knows no leader. */
  readonly leader: string | null
  readonly isLearner: boolean
  readonly dbSizeBytes: number
  readonly dbSizeInUseBytes: number | null
  /** Only where the server tells it rightly: 3.6.6 and later. */
  readonly quotaBytes: number | null
  /** etcd's own remarks: `etcdserver: no leader`, and each raised alarm. */
  readonly errors: readonly string[]
}

/** The name is empty until the member has started once. */
export type ListedMember = ClusterMember

export interface HashAnswer {
  readonly hash: number
  readonly compactRevision: bigint
}

/** A connection to one member of its own, so that one that hangs delays no other. */
export interface MemberSource {
  status(deadlineMs: number): Promise<StatusAnswer>
  memberList(): Promise<readonly ListedMember[]>
  hashKv(revision: bigint, signal: AbortSignal): Promise<HashAnswer>
  linearizableRead(deadlineMs: number): Promise<void>
  close(): void
}

/** One family of a scrape's text, as lib/etcd parses it; the type that the text claims is not asked. */
export type ScrapedFamily = Pick<MetricFamily, 'name' | 'series'>
export type ScrapedPoint = MetricSeries

export interface MemberTransport {
  connect(endpoint: string): MemberSource
  scrape(baseUrl: string, signal: AbortSignal): Promise<readonly ScrapedFamily[]>
}
