import { z } from 'zod'

/**
 * The conventions of the HTTP interface: int64 are decimal strings, ids lower-case hex, times RFC 3339 UTC with
 * milliseconds, `t` in series epoch milliseconds, sizes end in Bytes, durations in Ms.
 */

/** A non-negative int64 as a decimal string: revisions, raft numbers, lease ids. */
export const int64 = z
  .string()
  .regex(/^\d{1,19}$/, 'a decimal number')
  .describe('int64 as a decimal string')
/** A member or cluster id: lower-case hex. */
export const hexId = z
  .string()
  .regex(/^[0-9a-f]{1,16}$/)
  .describe('64-bit id in lower-case hex')
/** RFC 3339, milliseconds, UTC. */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  .describe('RFC 3339, UTC, milliseconds')

/** A key: `key` when it is valid UTF-8, otherwise `keyBase64`; exactly one of the two is present. */
export const keyFields = { key: z.string().optional(), keyBase64: z.string().optional() }

export const clusterName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'letters, digits, ".", "_" and "-", at most 63')

/** An instant given by a person or a script: RFC 3339, epoch milliseconds, or relative: `now`, `-1h`, `-90s`. */
export const instantParam = z
  .string()
  .regex(
    /^(now|-\d{1,9}(ms|s|m|h|d|w)|\d{10,15}|\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))$/,
    'RFC 3339, epoch milliseconds, "now", or relative such as "-1h"',
  )

/** A moment of the record: digits are a revision (`12345`), otherwise an instant: RFC 3339, relative, or `now`. */
export const atParam = z.string().min(1).max(40)

export const pageParams = {
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  cursor: z.string().max(512).optional(),
}

/** Wraps an item schema as a page; `nextCursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** RFC 9457 problem details; `parameter` names the request parameter at fault. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  parameter: z.string().optional(),
  nearest: z
    .object({
      epoch: z.number().int(),
      fromRevision: int64,
      toRevision: int64,
      from: time.nullable(),
      to: time.nullable(),
    })
    .nullable()
    .optional()
    .describe('with NOT_COVERED: the nearest range that the record holds'),
})
export type Problem = z.infer<typeof problem>
