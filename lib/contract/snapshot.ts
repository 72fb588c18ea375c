import { z } from 'zod'
import { alarm, collectorState } from './cluster'
import { int64, time } from './common'
import { member } from './member'

/** What the collector knows now of a cluster, written each second and read by every web process. */
export const clusterSnapshot = z.object({
  state: collectorState,
  since: time,
  error: z.string().nullable(),
  version: z.string().nullable(),
  clusterId: z.string().nullable(),
  leader: z.object({ memberId: z.string(), name: z.string(), since: time.nullable() }).nullable(),
  raftTerm: int64.nullable(),
  revision: int64.nullable(),
  compactRevision: int64.nullable(),
  storedRevision: int64.nullable(),
  lagMs: z.number().nullable(),
  eventsPerSecond: z.number().nullable(),
  healthy: z.boolean().nullable().describe('a linearizable read was answered; null while unknown'),
  members: z.array(member),
  alarms: z.array(alarm),
  endpoint: z.string().nullable().describe('the endpoint that the watch reads from'),
})
export type ClusterSnapshot = z.infer<typeof clusterSnapshot>
