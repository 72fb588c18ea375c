import { z } from 'zod'
import { labelMatcher } from './alertExpression'
import { instantParam, time } from './common'

/** Silences hold notifications back while alerts go on. Matched by lib/alerts/notify. */

const reason = z.string().trim().min(1, 'give a reason').max(2_000)
const author = z.string().trim().min(1, 'give a name').max(120)

/** Labels are those of the alert, and `alertname`, `severity` and `cluster`. All matchers must match. */
export const silenceInput = z.strictObject({
  matchers: z.array(labelMatcher).min(1).max(20),
  author,
  reason,
  startsAt: instantParam.default('now'),
  endsAt: instantParam.or(z.string().regex(/^\+\d{1,9}(s|m|h|d|w)$/, 'a duration such as "+2h"')),
})
export type SilenceInput = z.infer<typeof silenceInput>

export const silence = z.object({
  id: z.string(),
  matchers: z.array(labelMatcher),
  author: z.string(),
  reason: z.string(),
  startsAt: time,
  endsAt: time,
  createdAt: time,
  updatedAt: time,
  state: z.enum(['pending', 'active', 'expired']),
  matched: z.number().int().describe('alerts that it holds back now'),
})
export type Silence = z.infer<typeof silence>

export const silencesQuery = z.object({ state: z.enum(['pending', 'active', 'expired']).optional() })
