import { z } from 'zod'
import { atParam, instantParam, int64, keyFields, pageOf, pageParams, time } from './common'
import { removedChanges, thinned } from './retention'

export const changeOp = z.enum(['create', 'update', 'delete'])
export type ChangeOp = z.infer<typeof changeOp>

export const significance = z.enum(['spec', 'status', 'metadata', 'heartbeat', 'none'])
export type Significance = z.infer<typeof significance>

/** One stored change of one key. */
export const change = z.object({
  revision: int64,
  ordinal: z.number().int().describe('place within the revision, from 0'),
  epoch: z.number().int(),
  at: time,
  atSource: z
    .enum(['observed', 'bound'])
    .describe(
      'observed: seen live; bound: a back-filled revision, known to be written at this time or before it was first seen',
    ),
  origin: z.enum(['watch', 'resync']).describe('resync: reconstructed from the keyspace at the edge of a gap'),
  op: changeOp,
  ...keyFields,
  resource: z.string().nullable(),
  kind: z.string().optional().describe('of a custom resource, where discovery told it'),
  namespace: z.string().nullable(),
  name: z.string().nullable(),
  manager: z.string().nullable(),
  significance,
  version: int64.describe('writes since the key was created; 0 of a delete, and where an apiserver did not show them'),
  createRevision: int64.describe('0 of a delete, and where an apiserver did not show the creation'),
  leaseId: int64.nullable(),
  valueBytes: z.number().int(),
  redacted: z.boolean(),
  summary: z.string(),
})
export type Change = z.infer<typeof change>

export const changesAnswer = pageOf(change).extend({ thinned })
export const historyAnswer = pageOf(change).extend({
  removed: z.array(removedChanges).describe('what retention removed of the key, newest first'),
})

const list = <T extends string>(item: z.ZodType<T, string>) =>
  z
    .string()
    .max(2000)
    .transform((s) => s.split(',').filter((p) => p !== ''))
    .pipe(z.array(item))
    .optional()

export const changesQuery = z.object({
  prefix: z.string().max(2000).optional(),
  key: z.string().max(2000).optional(),
  keyBase64: z.string().max(3000).optional(),
  resource: list(z.string()),
  namespace: list(z.string()),
  name: z.string().max(300).optional(),
  manager: list(z.string()),
  op: list(changeOp),
  significance: list(significance),
  q: z.string().max(200).optional(),
  from: instantParam.optional(),
  to: instantParam.optional(),
  fromRevision: int64.optional(),
  toRevision: int64.optional(),
  epoch: z.coerce.number().int().min(1).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
  ...pageParams,
})

/** Which epoch a revision in `at`, `from` or `to` belongs to; default: the newest. Times find theirs alone. */
const epochParam = z.coerce.number().int().min(1).optional()

export const keysQuery = z.object({
  prefix: z.string().max(2000).default(''),
  prefixBase64: z.string().max(3000).optional().describe('instead of prefix, for one that is not UTF-8'),
  at: atParam.default('now'),
  delimiter: z.string().length(1).optional(),
  epoch: epochParam,
  ...pageParams,
})

/** A live key at a moment, or with a delimiter also a branch of the tree. */
export const keyItem = z.union([
  z.object({
    ...keyFields,
    modRevision: int64,
    createRevision: int64,
    version: int64,
    leaseId: int64.nullable(),
    valueBytes: z.number().int(),
    unknown: z
      .boolean()
      .optional()
      .describe('true: retention removed what the key was at this moment; the figures are of a change before that'),
  }),
  z.object({
    prefix: z.string().describe('with replacement characters when the bytes are not UTF-8'),
    prefixBase64: z.string().optional().describe('the bytes of a prefix that is not UTF-8'),
    count: z.number().int(),
    valueBytes: z.number(),
  }),
])
export type KeyItem = z.infer<typeof keyItem>
export const keysAnswer = pageOf(keyItem).extend({ thinned })

/** `key` as text, or `keyBase64` for a key that is not UTF-8. */
const oneKey = { key: z.string().min(1).max(2000).optional(), keyBase64: z.string().min(1).max(3000).optional() }

export const valueQuery = z.object({
  ...oneKey,
  at: atParam.default('now'),
  epoch: epochParam,
  raw: z.enum(['true', 'false']).optional().describe('true: the stored bytes too, as base64, whatever they decode to'),
})

export const valueAnswer = z.object({
  ...keyFields,
  modRevision: int64,
  createRevision: int64,
  version: int64,
  leaseId: int64.nullable(),
  at: time,
  encoding: z.enum(['text', 'json', 'kubernetes', 'encrypted', 'binary']),
  redacted: z
    .object({
      fingerprint: z.string().describe('keyed HMAC: equal values have equal fingerprints'),
      valueBytes: z.number().int(),
      entries: z
        .array(z.object({ name: z.string(), valueBytes: z.number().int(), fingerprint: z.string() }))
        .nullable()
        .describe('the entries of a Secret, their values as fingerprints; null when only the whole is known'),
    })
    .nullable(),
  valueBytes: z.number().int(),
  object: z.unknown().optional(),
  text: z.string().optional(),
  base64: z.string().optional(),
  truncated: z.boolean().describe('text or base64 was cut at 2 MiB'),
  note: z.string().nullable().describe('one sentence: why the value is not shown as more than it is'),
  status: z.object({ status: z.string(), reason: z.string().nullable(), message: z.string().nullable() }).nullable(),
})

export const historyQuery = z.object({ ...oneKey, ...pageParams })

export const diffQuery = z.object({
  ...oneKey,
  from: atParam.describe('a revision, a time, or now'),
  to: atParam.default('now'),
  epoch: epochParam,
})

export const diffAnswer = z.object({
  from: z.object({ revision: int64.nullable(), at: time.nullable(), exists: z.boolean() }),
  to: z.object({ revision: int64.nullable(), at: time.nullable(), exists: z.boolean() }),
  unified: z.string().describe('unified diff of the printed values, three lines of context'),
  before: z.string().describe('the printed value at from, empty when absent'),
  after: z.string(),
  language: z.enum(['yaml', 'json', 'text', 'hex', 'redacted']),
  changes: z.array(
    z.object({
      path: z.string(),
      op: z.enum(['add', 'remove', 'replace']),
      before: z.unknown().optional(),
      after: z.unknown().optional(),
    }),
  ),
})
export type DiffAnswer = z.infer<typeof diffAnswer>

const chainHash = z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits')

export const verifyQuery = z.object({
  head: chainHash.optional().describe('a head that was written down earlier: is it still in the chain?'),
})

export const verifyAnswer = z.object({
  ok: z.boolean(),
  checkedChanges: z.number().int(),
  checkedValues: z.number().int(),
  firstBad: z
    .object({
      epoch: z.number().int(),
      revision: int64,
      toRevision: int64.describe('differs from revision when only the stretch is known'),
      ...keyFields,
      reason: z.string(),
    })
    .nullable(),
  chain: z.object({
    links: z.number().int(),
    head: chainHash.or(z.literal('')).describe('the newest link; written down, it proves the record up to here'),
    holdsHead: z.boolean().nullable().describe('whether the head asked for is in the chain; null when none was'),
  }),
  coverage: z.array(z.object({ epoch: z.number().int(), fromRevision: int64, toRevision: int64 })),
  gaps: z.number().int(),
  tookMs: z.number(),
})
