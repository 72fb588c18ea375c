import { z } from 'zod'
import { atParam, int64, keyFields, time } from './common'

export const blameQuery = z.object({
  key: z.string().min(1).max(2000).optional(),
  keyBase64: z.string().min(1).max(3000).optional(),
  at: atParam.default('now').describe('a revision, a time, or now'),
  epoch: z.coerce.number().int().min(1).optional(),
})

/** The version that a part of a value is ascribed to; all null when it is older than what was looked at. */
const origin = {
  revision: int64.nullable(),
  at: time.nullable(),
  manager: z.string().nullable(),
  afterGap: z
    .boolean()
    .describe('the version before this one is not recorded: the change was made in this version or in a lost one'),
}

export const blameAnswer = z.object({
  ...keyFields,
  revision: int64,
  at: time,
  epoch: z.number().int(),
  language: z.enum(['yaml', 'json', 'text', 'hex', 'redacted']),
  truncated: z.boolean().describe('not every line could be ascribed or shown; note says why'),
  note: z.string().nullable(),
  versions: z.number().int().describe('how many versions were looked at'),
  lines: z
    .array(z.object({ text: z.string(), path: z.string().nullable(), ...origin }))
    .describe('the printed value; a line is ascribed to the version that last changed what it shows'),
  items: z
    .array(z.object({ path: z.string(), value: z.unknown(), ...origin }))
    .describe('each leaf of the object, at most 5,000'),
})
export type BlameAnswer = z.infer<typeof blameAnswer>
