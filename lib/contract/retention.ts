import { z } from 'zod'
import { int64, time } from './common'

/**
 * What of the record may go, and when. Four classes of changes, the least important first: that is also the order in
 * which a limit on the size takes them.
 */
export const retentionClass = z
  .enum(['heartbeats', 'events', 'status', 'configuration'])
  .describe(
    'heartbeats: leases, endpoints and rewrites without any difference; events: Kubernetes Events; status: what controllers observe and derive; configuration: everything else',
  )
export type RetentionClass = z.infer<typeof retentionClass>

const hourMs = 3_600_000
/** Below this a policy would eat what people are looking at. */
export const minKeptMs = hourMs
export const maxKeptMs = 100 * 366 * 24 * hourMs
/** Below this nothing but the newest versions would remain of any real cluster. */
export const minDatabaseBytes = 16 * 1024 * 1024

const kept = z
  .number()
  .int()
  .min(minKeptMs, 'must be at least an hour')
  .max(maxKeptMs, 'must be at most 100 years')
  .nullable()
  .describe('milliseconds; null: for ever')

/** Ages that a policy keeps each class for; the newest version of a live key always stays. */
export const retentionPolicy = z.strictObject({
  heartbeatsMs: kept,
  eventsMs: kept,
  statusMs: kept,
  configurationMs: kept,
  maxDatabaseBytes: z
    .number()
    .int()
    .min(minDatabaseBytes, 'must be at least 16 MiB')
    .max(Number.MAX_SAFE_INTEGER)
    .nullable()
    .describe('bytes in use in the database file; beyond it the oldest of the least important class goes first'),
})
export type RetentionPolicy = z.infer<typeof retentionPolicy>

export const keepAll: RetentionPolicy = {
  heartbeatsMs: null,
  eventsMs: null,
  statusMs: null,
  configurationMs: null,
  maxDatabaseBytes: null,
}

const classFigures = z.object({
  class: retentionClass,
  changes: z.number().int(),
  bytes: z.number().describe('about: from the sizes of a sample of its changes, indexes included'),
})

/** Where a class is thinned: at or below the revision only what was in force there is sure to be kept. */
export const retentionHorizon = z.object({
  epoch: z.number().int(),
  class: retentionClass,
  revision: int64,
  at: time,
})
export type RetentionHorizon = z.infer<typeof retentionHorizon>

/** Beside a state or a list: what of it retention may have removed. Empty where nothing has been. */
export const thinned = z
  .array(retentionHorizon)
  .describe(
    'classes of which not every change is kept at the moment or in the time asked for: something may be missing',
  )

/** Changes of one key that retention removed, between two that are kept. */
export const removedChanges = z.object({
  epoch: z.number().int(),
  fromRevision: int64,
  toRevision: int64,
  beforeRevision: int64.describe('of the kept change behind them: from here on the state of the key is known again'),
  changes: z.number().int(),
})
export type RemovedChanges = z.infer<typeof removedChanges>

export const retentionRun = z.object({
  startedAt: time,
  endedAt: time.nullable().describe('null while it goes on'),
  removedChanges: z.number().int(),
  removedKeys: z.number().int().describe('deleted keys of which nothing remains'),
  freedBytes: z.number().describe('inside the database file: what is recorded next takes this space'),
  problem: z.string().nullable().describe('one sentence: why it stopped early, or what it could not reach'),
})
export type RetentionRun = z.infer<typeof retentionRun>

export const retentionAnswer = z.object({
  policy: retentionPolicy,
  source: z.enum(['file', 'screen', 'default']).describe('file: from the configuration file, and only changed there'),
  setAt: time.nullable().describe('when it was set on the screen'),
  archived: z.boolean().describe('imported from snapshots: only a policy of its own, set on the screen, applies'),
  classes: z.array(classFigures.extend({ oldest: time.nullable() })).describe('the least important first'),
  horizons: z.array(retentionHorizon),
  databaseBytes: z.number().describe('size of the database file, of all clusters'),
  usedBytes: z.number().describe('of them in use; the rest is taken by what is recorded next'),
  lastRun: retentionRun.nullable(),
})
export type RetentionAnswer = z.infer<typeof retentionAnswer>

export const retentionPreview = z.object({
  classes: z.array(
    classFigures.extend({ oldestKept: time.nullable().describe('from here on every change of the class is kept') }),
  ),
  changes: z.number().int(),
  bytes: z.number().describe('about'),
  note: z.string().nullable(),
})
export type RetentionPreview = z.infer<typeof retentionPreview>

/** What runs here, and where it keeps what it records. */
export const aboutAnswer = z.object({
  version: z.string(),
  node: z.string(),
  startedAt: time,
  store: z.object({
    engine: z.enum(['sqlite', 'postgresql']),
    location: z.string().describe('free of credentials'),
    databaseBytes: z.number(),
    usedBytes: z.number(),
  }),
  clusters: z.array(
    z.object({ name: z.string(), endpoints: z.array(z.string()).describe('free of credentials'), tls: z.boolean() }),
  ),
})
export type AboutAnswer = z.infer<typeof aboutAnswer>
