import { z } from 'zod'
import { hexId, int64, time } from './common'

export const member = z.object({
  id: hexId,
  name: z.string(),
  clientUrls: z.array(z.string()),
  peerUrls: z.array(z.string()),
  isLeader: z.boolean(),
  isLearner: z.boolean(),
  version: z.string().nullable(),
  healthy: z.boolean(),
  latencyMs: z.number().nullable().describe('Status round trip of the last poll'),
  error: z.string().nullable(),
  raftTerm: int64.nullable(),
  raftIndex: int64.nullable(),
  raftAppliedIndex: int64.nullable(),
  revision: int64.nullable(),
  dbSizeBytes: z.number().nullable(),
  dbSizeInUseBytes: z.number().nullable(),
  quotaBytes: z.number().nullable(),
  hash: z
    .object({ revision: int64, compactRevision: int64, value: z.string(), agrees: z.boolean().nullable() })
    .nullable()
    .describe('HashKV at a pinned revision; agrees is null while there is nothing to compare with'),
  seenAt: time.nullable().describe('last time this member answered'),
  knownBugs: z.array(z.object({ fixedIn: z.string(), title: z.string() })),
})
export type Member = z.infer<typeof member>

/** One stretch of one member's life as its lane shows it. Between stretches nothing was observed. */
export const memberState = z.object({
  memberId: hexId,
  name: z.string(),
  state: z.enum(['leader', 'follower', 'learner', 'no-leader', 'down']),
  term: int64.nullable(),
  from: time,
  to: time,
})
export type MemberState = z.infer<typeof memberState>

export const leaderChange = z.object({
  at: time.describe('when the new leader was first seen'),
  term: int64,
  fromMemberId: hexId.nullable(),
  fromName: z.string().nullable(),
  toMemberId: hexId,
  toName: z.string(),
  leaderlessMs: z.number().describe('upper bound between the last look with the old leader and the first with the new'),
  planned: z.boolean().describe('a leader move asked for: the old leader stayed up and no election time-out passed'),
  elections: z
    .number()
    .int()
    .describe('terms passed: 1 for a plain change, more when elections between two polls were missed'),
  revision: int64.nullable(),
  causes: z
    .array(z.object({ kind: z.string(), score: z.number().min(0).max(1), evidence: z.string() }))
    .describe('likely causes, most likely first; kind unknown with score 0 when nothing speaks for any'),
})
export type LeaderChange = z.infer<typeof leaderChange>
