import { z } from 'zod'
import { changeOp, significance } from './change'
import { atParam, int64, keyFields, pageParams, time } from './common'
import { thinned } from './retention'

/** Two moments of the keyspace compared, and one moment of it as a file. */

const epochParam = z.coerce
  .number()
  .int()
  .min(1)
  .optional()
  .describe('whose revisions are meant, the newest unless given; times find theirs alone')

export const compareQuery = z.object({
  prefix: z.string().max(2000).default(''),
  prefixBase64: z.string().max(3000).optional().describe('instead of prefix, for one that is not UTF-8'),
  from: atParam.describe('a revision, a time, or now'),
  to: atParam.default('now').describe('may lie before from: the answer is what leads from the one to the other'),
  epoch: epochParam,
  ...pageParams,
  cursor: z.string().max(4096).optional(),
})

/** A key whose content differs between the two moments. */
export const compareItem = z.object({
  ...keyFields,
  op: z
    .enum([...changeOp.options, 'unknown'])
    .describe(
      'what leads from the first moment to the second; unknown: retention removed what the key was at one of them',
    ),
  fromRevision: int64.nullable().describe('of the version at the first moment; null when the key did not exist'),
  toRevision: int64
    .nullable()
    .describe('of the version at the second moment; of its deletion when the key was deleted in between'),
  resource: z.string().nullable(),
  namespace: z.string().nullable(),
  name: z.string().nullable(),
  significance,
  redacted: z.boolean(),
  summary: z.string(),
})
export type CompareItem = z.infer<typeof compareItem>

const comparedMoment = z.object({ epoch: z.number().int(), revision: int64, at: time.nullable() })

export const compareAnswer = z.object({
  from: comparedMoment,
  to: comparedMoment,
  items: z.array(compareItem).describe('in key order; a page may hold fewer than asked for and still not be the last'),
  thinned,
  nextCursor: z.string().nullable(),
})
export type CompareAnswer = z.infer<typeof compareAnswer>

export const exportQuery = z.object({
  prefix: z.string().max(2000).optional(),
  prefixBase64: z.string().max(3000).optional().describe('instead of prefix, for one that is not UTF-8'),
  key: z.string().min(1).max(2000).optional().describe('one key instead of all under a prefix'),
  keyBase64: z.string().min(1).max(3000).optional(),
  at: atParam.default('now'),
  epoch: epochParam,
  format: z
    .enum(['yaml', 'ndjson'])
    .default('yaml')
    .describe('yaml: documents for kubectl apply; ndjson: every key as recorded, one a line (application/x-ndjson)'),
})
