import { z } from 'zod'
import { clusterName, hexId, int64, time } from './common'

/** Where a cluster's collector is: each word is shown as it is. `archived`: imported from snapshots, never collected. */
export const collectorState = z.enum(['backfilling', 'live', 'reconnecting', 'stopped', 'archived'])
export type CollectorState = z.infer<typeof collectorState>

export const gap = z.object({
  epoch: z.number().int(),
  fromRevision: int64,
  toRevision: int64,
  reason: z.string().describe('one sentence: why these revisions are not in the record'),
  at: time.describe('when the gap was found'),
  from: time.nullable().describe('time of the last recorded revision before the gap'),
  to: time.nullable().describe('time of the first recorded revision after it'),
})

export const coverage = z.object({ epoch: z.number().int(), fromRevision: int64, toRevision: int64 })

export const alarm = z.object({ memberId: hexId, type: z.enum(['NOSPACE', 'CORRUPT', 'UNKNOWN']) })

/** One watched cluster as the lists and the switcher show it. Unknown is null, never a guess. */
export const cluster = z.object({
  name: clusterName,
  clusterId: hexId.nullable(),
  epoch: z.number().int(),
  source: z.enum(['etcd', 'apiserver']),
  demo: z.boolean(),
  version: z.string().nullable().describe("the members' lowest server version"),
  state: collectorState,
  error: z.string().nullable().describe('one sentence while something is wrong'),
  since: time.describe('since when the state holds'),
  leader: z.object({ memberId: hexId, name: z.string(), since: time.nullable() }).nullable(),
  raftTerm: int64.nullable(),
  quorum: z.object({
    voters: z.number().int(),
    healthy: z.number().int(),
    needed: z.number().int(),
    tolerates: z.number().int().describe('further member failures until quorum is lost; 0 when it already is'),
  }),
  revision: int64.nullable().describe('head revision, as the members report it'),
  compactRevision: int64.nullable(),
  storedRevision: int64.nullable(),
  lagMs: z.number().nullable().describe('age of the oldest revision not yet stored; 0 when none'),
  firstTime: time.nullable().describe('time of the first recorded revision of this epoch'),
  coverage: z.array(coverage),
  gaps: z.array(gap),
  dbSizeBytes: z.number().nullable(),
  dbSizeInUseBytes: z.number().nullable(),
  quotaBytes: z.number().nullable(),
  quota: z.object({
    fullAt: time.nullable(),
    growthBytesPerDay: z.number().nullable(),
    mainPrefix: z.string().nullable(),
    reclaimableBytes: z.number().nullable(),
  }),
  alarms: z.array(alarm),
})
export type Cluster = z.infer<typeof cluster>

export const health = z.object({
  status: z.enum(['ok', 'degraded']),
  version: z.string(),
  store: z.object({ engine: z.enum(['sqlite', 'postgresql']), sizeBytes: z.number() }),
  collectors: z.array(
    z.object({
      cluster: clusterName,
      state: collectorState,
      storedRevision: int64.nullable(),
      headRevision: int64.nullable(),
      lagRevisions: int64.nullable(),
      lagMs: z.number().nullable(),
      eventsPerSecond: z.number().nullable().describe('while back-filling: rate of the last seconds'),
      error: z.string().nullable(),
    }),
  ),
})
export type Health = z.infer<typeof health>
