import { z } from 'zod'
import { instantParam } from './common'

export const metricKind = z.enum(['gauge', 'counter', 'histogram'])

export const metric = z.object({
  name: z.string(),
  unit: z.enum(['bytes', 'bytes/s', 'seconds', '1/s', 'count', 'ratio']),
  kind: metricKind,
  help: z.string(),
})
export type Metric = z.infer<typeof metric>

/** `[epoch ms, value]`; null where nothing was measured. */
export const point = z.tuple([z.number(), z.number().nullable()])

export const seriesAnswer = z.object({
  metric: z.string(),
  unit: z.string(),
  stepMs: z.number().int(),
  series: z.array(z.object({ labels: z.record(z.string(), z.string()), points: z.array(point) })),
  total: z.number().int().optional().describe('how many labels there are when only the top ones are listed'),
})
export type SeriesAnswer = z.infer<typeof seriesAnswer>

const rangeParams = { from: instantParam.default('-1h'), to: instantParam.default('now') }
/** Milliseconds, or a duration such as `30s`. The server widens it so that no more than 2,000 points are sent. */
const stepParam = z
  .string()
  .regex(/^\d{1,12}(ms|s|m|h|d)?$/, 'milliseconds, or a duration such as "30s"')
  .optional()

export const seriesQuery = z.object({
  metric: z.string().min(1).max(200),
  ...rangeParams,
  step: stepParam,
  agg: z
    .enum(['avg', 'min', 'max', 'last', 'sum', 'rate', 'p50', 'p90', 'p99'])
    .optional()
    .describe('default: rate for counters, p99 for histograms, max for gauges'),
})

export const activityBy = z.enum(['resource', 'namespace', 'manager', 'op', 'key', 'significance'])
export const activityQuery = z.object({
  metric: z.enum(['changes', 'bytes']).default('changes'),
  by: activityBy.default('resource'),
  ...rangeParams,
  step: stepParam,
  top: z.coerce.number().int().min(1).max(25).default(8),
})

export const ledgerQuery = z.object({
  by: z.enum(['resource', 'namespace', 'manager', 'key']).default('resource'),
  ...rangeParams,
  limit: z.coerce.number().int().min(1).max(1000).default(100),
})

export const ledgerRow = z.object({
  label: z.string(),
  changes: z.number().int(),
  bytes: z.number(),
  bytesPerDay: z.number(),
  share: z.number().describe('of all bytes written in the range, 0 to 1'),
  meaningless: z.number().int().describe('changes of significance heartbeat or none'),
})
export type LedgerRow = z.infer<typeof ledgerRow>
